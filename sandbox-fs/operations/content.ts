// read and write: the bytes of an open file.
// It must not know paths.

import type { Context, OpenNode } from "../context.ts";
import { FsError } from "../errors.ts";
import { BaseNode } from "../snapshot.ts";
import { claim, toSize } from "./rights.ts";

/** Fills `buffer` from `position`; returns the bytes read. EISDIR, EBADF (not open for reading), EINVAL, ESTALE, EIO. */
export function read(context: Context, handle: OpenNode, buffer: Uint8Array, position: bigint): number {
  if (handle.type !== "file") throw new FsError("EISDIR", "read");
  if (!handle.canRead) throw new FsError("EBADF", "read", { detail: "not open for reading" });
  const at = Math.min(Number(position), Number.MAX_SAFE_INTEGER);
  if (at < 0) throw new FsError("EINVAL", "read");
  const { tree } = context;
  const { node } = handle;
  const content = tree.recordOf(node)?.content ?? null;
  if (content !== null) return content.read(buffer, at, tree.snapshot.read);
  if (!(node instanceof BaseNode)) return 0;
  const length = Math.min(buffer.length, node.facts.size - at);
  if (length <= 0) return 0;
  tree.snapshot.read(node, buffer, 0, length, at);
  return length;
}

/** Writes all of `bytes` or nothing. EBADF (not open for writing), EINVAL, EFBIG, ENOSPC with limit "bytes". */
export function write(context: Context, handle: OpenNode, bytes: Uint8Array, position: bigint): number {
  if (handle.type !== "file" || !handle.canWrite)
    throw new FsError("EBADF", "write", { detail: "not open for writing" });
  const { length } = bytes;
  const at = toSize(context, position, "write");
  toSize(context, position + BigInt(length), "write");
  if (length === 0) return 0;
  const { tree } = context;
  claim(context, handle.node, "write");
  tree.changeContent(
    handle.node,
    "write",
    (content) => content.growth(at, length),
    (content) => content.write(bytes, at, tree.snapshot.read),
  );
  return length;
}
