// unlink: takes a name from a file. Handles that are open keep it.
// It must not remove directories.

import type { Context, OpenNode } from "../context.ts";
import { FsError } from "../errors.ts";
import { resolve } from "../resolve.ts";
import { existing, requireEntryChange } from "./rights.ts";

/** ENOENT, EISDIR, ENOTDIR (a slash after a file), EPERM. */
export function unlink(context: Context, start: OpenNode, path: string): void {
  const spot = resolve(context, start, path, "entry", "unlink");
  const node = existing(spot, "unlink", path);
  if (node.type === "directory") throw new FsError("EISDIR", "unlink", { path });
  if (spot.slash) throw new FsError("ENOTDIR", "unlink", { path });
  requireEntryChange(context, spot, "unlink", path);
  const { tree } = context;
  tree.detach(spot.parent, spot.name, node, "unlink");
  tree.collect(node);
}
