// setTimes and setMode.
// It must not touch content or names.

import type { Context } from "../context.ts";
import { FsError } from "../errors.ts";
import type { Inode } from "../snapshot.ts";
import { LIMIT_NS } from "../times.ts";
import type { Times } from "../types.ts";
import { claim } from "./rights.ts";

/** EINVAL when a time is thousands of years off. */
export function setTimes(context: Context, node: Inode, times: Times, syscall: string): void {
  const { atimeNs, mtimeNs } = times;
  for (const time of [atimeNs, mtimeNs]) {
    if (time !== undefined && (time <= -LIMIT_NS || time >= LIMIT_NS)) throw new FsError("EINVAL", syscall);
  }
  claim(context, node, syscall);
  const record = context.tree.edit(node, syscall);
  if (atimeNs !== undefined) record.atimeNs = atimeNs;
  if (mtimeNs !== undefined) record.mtimeNs = mtimeNs;
  record.ctimeNs = context.tree.clock();
}

export function setMode(context: Context, node: Inode, mode: number): void {
  claim(context, node, "chmod");
  const record = context.tree.edit(node, "chmod");
  record.mode = mode & 0o7777;
  record.ctimeNs = context.tree.clock();
}
