// mkdir and rmdir.
// It must not touch files.

import { depthOf } from "../ancestry.ts";
import type { Context, OpenNode } from "../context.ts";
import { FsError } from "../errors.ts";
import { resolve } from "../resolve.ts";
import { existing, requireEntryChange, requireMovable } from "./rights.ts";

/** EEXIST, ENOENT (no parent), EPERM, EDQUOT with limit "depth" or "files". */
export function makeDirectory(context: Context, start: OpenNode, path: string, mode: number): void {
  const spot = resolve(context, start, path, "entry", "mkdir");
  if (spot.node !== null) throw new FsError("EEXIST", "mkdir", { path });
  requireEntryChange(context, spot, "mkdir", path);
  const { tree } = context;
  if ((depthOf(tree, spot.parent) ?? 0) >= tree.quota.depth)
    throw new FsError("EDQUOT", "mkdir", { path, limit: "depth" });
  const record = tree.create("directory", mode & 0o7777, "mkdir");
  tree.attach(spot.parent, spot.name, record.node, "mkdir");
}

/** ENOENT, ENOTDIR, ENOTEMPTY, EINVAL (the path ends in a dot), EBUSY (the root, or a grant lies below), EPERM. */
export function removeDirectory(context: Context, start: OpenNode, path: string): void {
  const spot = resolve(context, start, path, "entry", "rmdir");
  const node = existing(spot, "rmdir", path);
  if (spot.name === ".") throw new FsError(endsInDots(path) ? "ENOTEMPTY" : "EINVAL", "rmdir", { path });
  if (node.type !== "directory") throw new FsError("ENOTDIR", "rmdir", { path });
  requireEntryChange(context, spot, "rmdir", path);
  requireMovable(spot.cursor, "rmdir", path);
  const { tree } = context;
  if (!tree.isEmpty(node)) throw new FsError("ENOTEMPTY", "rmdir", { path });
  tree.detach(spot.parent, spot.name, node, "rmdir");
  tree.collect(node);
}

function endsInDots(path: string): boolean {
  return /(^|\/)\.\.\/*$/.test(path);
}
