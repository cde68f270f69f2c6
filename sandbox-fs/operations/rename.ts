// rename: moves a name, replacing what is there. Nothing is copied, whatever lies below.
// It must not follow a symlink in a last component.

import { depthOf, heightOf, isWithin } from "../ancestry.ts";
import type { Context, OpenNode } from "../context.ts";
import { FsError } from "../errors.ts";
import { resolve, type Spot } from "../resolve.ts";
import type { Inode } from "../snapshot.ts";
import type { Tree } from "../tree.ts";
import { existing, requireEntryChange, requireMovable } from "./rights.ts";

/**
 * ENOENT, EBUSY (a dot component, or a grant lies below), EINVAL (into itself), EISDIR, ENOTDIR, ENOTEMPTY, EPERM (either
 * side is not granted for writing), EDQUOT with limit "depth".
 */
export function rename(context: Context, fromStart: OpenNode, from: string, toStart: OpenNode, to: string): void {
  const source = resolve(context, fromStart, from, "entry", "rename");
  const target = resolve(context, toStart, to, "entry", "rename");
  if (source.name === "." || target.name === ".") throw new FsError("EBUSY", "rename", { path: from });
  const node = existing(source, "rename", from);
  requireEntryChange(context, source, "rename", from);
  requireEntryChange(context, target, "rename", to);
  requireMovable(source.cursor, "rename", from);
  requireMovable(target.cursor, "rename", to);
  checkKinds(context.tree, node, source, target, from, to);
  if (target.node === node) return;
  const { tree } = context;
  if (node.type === "directory") checkDepth(tree, node, target, to);
  // a limit is met before anything moves
  for (const each of [source.parent, target.parent, node, target.node]) if (each !== null) tree.edit(each, "rename");
  if (target.node !== null) {
    tree.detach(target.parent, target.name, target.node, "rename");
    tree.collect(target.node);
  }
  tree.detach(source.parent, source.name, node, "rename");
  tree.attach(target.parent, target.name, node, "rename");
}

function checkKinds(tree: Tree, node: Inode, source: Spot, target: Spot, from: string, to: string): void {
  const isDirectory = node.type === "directory";
  if (!isDirectory && (source.slash || target.slash)) {
    throw new FsError("ENOTDIR", "rename", { path: source.slash ? from : to });
  }
  if (isDirectory && isWithin(tree, target.parent, node)) throw new FsError("EINVAL", "rename", { path: to });
  if (target.node === null || target.node === node) return;
  if (isWithin(tree, source.parent, target.node)) throw new FsError("ENOTEMPTY", "rename", { path: to });
  if (isDirectory && target.node.type !== "directory") throw new FsError("ENOTDIR", "rename", { path: to });
  if (!isDirectory && target.node.type === "directory") throw new FsError("EISDIR", "rename", { path: to });
  if (isDirectory && !tree.isEmpty(target.node)) throw new FsError("ENOTEMPTY", "rename", { path: to });
}

/** Directories of the base below `node` are not counted: there are no more of them than the base has. */
function checkDepth(tree: Tree, node: Inode, target: Spot, to: string): void {
  const above = (depthOf(tree, target.parent) ?? 0) + 1;
  if (above + heightOf(tree, node) > tree.quota.depth)
    throw new FsError("EDQUOT", "rename", { path: to, limit: "depth" });
}
