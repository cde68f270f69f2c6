// link, symlink and readlink.
// It must not copy content: a link is one more name.

import type { Context, OpenNode } from "../context.ts";
import { FsError } from "../errors.ts";
import { byteLength } from "../names.ts";
import { readTarget, resolve } from "../resolve.ts";
import { existing, requireEntryChange, requireWrite } from "./rights.ts";

const TARGET_BYTES = 4095;

/** ENOENT, EEXIST, EPERM (a directory, or a side is not granted for writing), EMLINK with limit "links". */
export function link(
  context: Context,
  fromStart: OpenNode,
  from: string,
  toStart: OpenNode,
  to: string,
  follow: boolean,
): void {
  const source = resolve(context, fromStart, from, follow ? "follow" : "stay", "link");
  const node = existing(source, "link", from);
  const target = resolve(context, toStart, to, "entry", "link");
  if (target.node !== null) throw new FsError("EEXIST", "link", { path: to });
  if (target.slash) throw new FsError("ENOENT", "link", { path: to });
  if (node.type === "directory") throw new FsError("EPERM", "link", { path: from });
  requireWrite(source.cursor, "link", from);
  requireEntryChange(context, target, "link", to);
  const { tree } = context;
  if (tree.places(node).length >= tree.quota.links) throw new FsError("EMLINK", "link", { path: from, limit: "links" });
  tree.attach(target.parent, target.name, node, "link");
}

/** The target is kept as it is, wherever it points. EEXIST, ENOENT, EINVAL, ENAMETOOLONG, EPERM. */
export function symlink(context: Context, target: string, start: OpenNode, path: string): void {
  if (target === "") throw new FsError("ENOENT", "symlink", { path });
  if (target.includes("\0") || !target.isWellFormed()) throw new FsError("EINVAL", "symlink", { path });
  if (byteLength(target) > TARGET_BYTES) throw new FsError("ENAMETOOLONG", "symlink", { path });
  const spot = resolve(context, start, path, "entry", "symlink");
  if (spot.node !== null) throw new FsError("EEXIST", "symlink", { path });
  if (spot.slash) throw new FsError("ENOENT", "symlink", { path });
  requireEntryChange(context, spot, "symlink", path);
  const { tree } = context;
  tree.reserve(byteLength(target), "symlink");
  const record = tree.create("symlink", 0o777, "symlink");
  tree.setTarget(record, target, "symlink");
  tree.attach(spot.parent, spot.name, record.node, "symlink");
}

/** ENOENT, EINVAL (not a symlink). */
export function readlink(context: Context, start: OpenNode, path: string): string {
  const node = existing(resolve(context, start, path, "stay", "readlink"), "readlink", path);
  if (node.type !== "symlink") throw new FsError("EINVAL", "readlink", { path });
  return readTarget(context, node);
}
