// list: the entries of a directory that this view has.
// It must not look at the entries themselves.

import type { Context, OpenNode } from "../context.ts";
import type { DirectoryEntry } from "../types.ts";

/** Sorted by the UTF-8 bytes of the names. ENOTDIR, EDQUOT with limit "entries". */
export function list(context: Context, directory: OpenNode): readonly DirectoryEntry[] {
  const entries = context.tree.list(directory.node);
  const { cursor } = directory;
  if (cursor.access !== null) return entries;
  return entries.filter(({ name, type }) => {
    const inside = cursor.descend(name);
    return inside !== null && (inside.access !== null || type === "directory");
  });
}
