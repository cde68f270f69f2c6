// Reading and writing the content of an open file, at an offset or as a stream.
// It must not know descriptors.

import type { Sink, Source } from "../io/streams.ts";
import type { OpenNode } from "./open-node.ts";

/** The last offset that a file can have: off_t is signed. */
const MAX_OFFSET = 2n ** 63n - 1n;

/** At most `max` bytes from `offset`, none at the end; good until the next read of the call. Throws an error code. Errors: IO_LIMIT. */
export function readAt(node: OpenNode, offset: bigint, max: number): Uint8Array {
  const { readable, context } = node.setup;
  if (!readable) throw "bad-descriptor";
  if (offset > MAX_OFFSET) throw "invalid";
  const buffer = context.scratch(max);
  const count = node.operate("read", "", (fs, handle) => fs.read(handle, buffer, offset));
  context.ledger.countBytes(count);
  return buffer.subarray(0, count);
}

/** Writes all of `bytes` at `offset`. Throws an error code. Errors: IO_LIMIT, before anything is written; FS_QUOTA. */
export function writeAt(node: OpenNode, offset: bigint, bytes: Uint8Array): void {
  const { writable, context } = node.setup;
  if (!writable) throw "bad-descriptor";
  if (offset > MAX_OFFSET) throw "invalid";
  if (offset + BigInt(bytes.length) > MAX_OFFSET) throw "file-too-large";
  context.ledger.countBytes(bytes.length);
  node.operate("write", "", (fs, handle) => {
    if (bytes.length > 0) fs.write(handle, bytes, offset);
  });
}

/** A source that starts at `offset` and has the file to itself in nothing but its position. */
export function fileSource(node: OpenNode, offset: bigint): Source {
  let position = offset;
  return {
    read(max) {
      const bytes = readAt(node, position, max);
      position += BigInt(bytes.length);
      return bytes;
    },
    close: () => node.release(),
  };
}

/** A sink that starts at `offset`. */
export function fileSink(node: OpenNode, offset: bigint): Sink {
  let position = offset;
  return {
    write(bytes) {
      writeAt(node, position, bytes);
      position += BigInt(bytes.length);
    },
    close: () => node.release(),
  };
}

/** A sink whose every write lands at the end that the file has then. */
export function appendSink(node: OpenNode): Sink {
  return {
    write(bytes) {
      const { size } = node.operate("append", "", (fs, handle) => fs.stat(handle));
      writeAt(node, size, bytes);
    },
    close: () => node.release(),
  };
}
