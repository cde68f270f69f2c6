// Where a node is in a tree: how deep, how high, below what, and by which path.
// It must not change anything.

import { joinPath } from "./names.ts";
import type { Place } from "./node-record.ts";
import type { Inode } from "./snapshot.ts";
import type { Tree } from "./tree.ts";

/** How many directories are above a directory; null when it does not hang on the root, or there are more than `limit`. */
export function depthOf(tree: Tree, directory: Inode, limit: number = Number.MAX_SAFE_INTEGER): number | null {
  let node = directory;
  for (let depth = 0; depth <= limit; depth += 1) {
    if (node === tree.root) return depth;
    const place = tree.places(node)[0];
    if (place === undefined) return null;
    node = place.parent;
  }
  return null;
}

/** How many levels of changed directories are below a directory, itself included. */
export function heightOf(tree: Tree, directory: Inode): number {
  let height = 0;
  for (let level = [directory]; level.length > 0; height += 1) {
    level = level.flatMap((node) => tree.knownDirectories(node));
  }
  return height;
}

/** True when `node` is `directory` or lies below it. */
export function isWithin(tree: Tree, node: Inode, directory: Inode): boolean {
  for (let at: Inode | undefined = node; at !== undefined; at = tree.places(at)[0]?.parent) {
    if (at === directory) return true;
  }
  return false;
}

/** Where a place is, relative to the root. */
export function pathOf(tree: Tree, { parent, name }: Place): string {
  const names = [name];
  for (let node = parent; node !== tree.root; ) {
    const place = tree.places(node)[0];
    if (place === undefined) break;
    names.push(place.name);
    node = place.parent;
  }
  return names.reverse().reduce(joinPath, "");
}
