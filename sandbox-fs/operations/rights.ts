// The checks that the operations share: what may be written, and where a new entry may be made.
// It must not change anything.

import type { Cursor } from "../access.ts";
import type { Context } from "../context.ts";
import { FsError } from "../errors.ts";
import { isReserved } from "../names.ts";
import type { Spot } from "../resolve.ts";
import type { Inode } from "../snapshot.ts";

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
