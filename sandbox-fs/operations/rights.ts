// The checks that the operations share: what may be written, and where a new entry may be made.
// They must not change anything but whom a change is shared with.

import type { Cursor } from "../access.ts";
import { pathOf } from "../ancestry.ts";
import type { Context } from "../context.ts";
import { FsError } from "../errors.ts";
import { isReserved } from "../names.ts";
import { placesOf } from "../node-record.ts";
import type { Spot } from "../resolve.ts";
import { BaseNode, type Inode } from "../snapshot.ts";

/** EPERM unless this place is granted for writing. */
export function requireWrite(cursor: Cursor, syscall: string, path?: string): void {
  if (cursor.access !== "write") throw new FsError("EPERM", syscall, { path, detail: "not granted for writing" });
}

/** EPERM unless an entry may be made or removed here; ENOENT in a directory that is gone. */
export function requireEntryChange(context: Context, spot: Spot, syscall: string, path: string): void {
  requireWrite(spot.cursor, syscall, path);
  if (isReserved(spot.name)) throw new FsError("EPERM", syscall, { path, detail: "the name is reserved" });
  if (context.tree.isGone(spot.parent)) throw new FsError("ENOENT", syscall, { path });
}

/**
 * Comes before every change of content or metadata. A file with several names in the base is changed by all of them that were
 * met and are granted for writing; the others keep what they have.
 */
export function claim(context: Context, node: Inode, syscall: string): void {
  if (!(node instanceof BaseNode) || node.names === null) return;
  const { tree } = context;
  const taken = tree.recordOf(node)?.taken ?? [];
  tree.setApart(
    node,
    node.names.filter((name) => taken.includes(name) || mayWrite(context, name)),
    syscall,
  );
}

function mayWrite({ tree, root }: Context, name: BaseNode): boolean {
  const [place] = placesOf([name]);
  let cursor: Cursor | null = root.cursor;
  for (const each of place === undefined ? [] : pathOf(tree, place).split("/")) cursor = cursor?.descend(each) ?? null;
  return cursor?.access === "write";
}

/** EBUSY where other rules apply further down: such a directory keeps its place. */
export function requireMovable(cursor: Cursor, syscall: string, path: string): void {
  if (cursor.hasRulesBelow) throw new FsError("EBUSY", syscall, { path, detail: "another grant lies below" });
}

/** The node at a spot. ENOENT when there is none. */
export function existing(spot: Spot, syscall: string, path: string): Inode {
  if (spot.node === null) throw new FsError("ENOENT", syscall, { path });
  return spot.node;
}

/** A bigint from a caller as a size or position within the limit. EINVAL below 0, EFBIG above. */
export function toSize(context: Context, value: bigint, syscall: string): number {
  if (value < 0n) throw new FsError("EINVAL", syscall);
  if (value > BigInt(context.tree.quota.fileBytes)) throw new FsError("EFBIG", syscall, { limit: "fileBytes" });
  return Number(value);
}
