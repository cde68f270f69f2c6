// truncate: sets the size of a file.
// It must not know paths.

import type { Context, OpenNode } from "../context.ts";
import { FsError } from "../errors.ts";
import type { Inode } from "../snapshot.ts";
import { claim, toSize } from "./rights.ts";

/** EISDIR, EBADF (not open for writing), EINVAL (below 0), EFBIG. */
export function truncate(context: Context, handle: OpenNode, size: bigint): void {
  if (handle.type !== "file") throw new FsError("EISDIR", "truncate");
  if (!handle.canWrite) throw new FsError("EBADF", "truncate", { detail: "not open for writing" });
  setSize(context, handle.node, toSize(context, size, "truncate"), "truncate");
}

export function setSize(context: Context, node: Inode, size: number, syscall: string): void {
  const { tree } = context;
  claim(context, node, syscall);
  tree.changeContent(
    node,
    syscall,
    () => 0,
    (content) => content.truncate(size, tree.snapshot.read),
  );
}
