// Copies the start of a file into another one; what is a hole stays a hole.
// It must not know names. Node only.

import { readSync, writeSync } from "node:fs";

const CHUNK_BYTES = 1024 * 1024;
const PAGE_BYTES = 64 * 1024;

/** Copies `length` bytes, or as many as there are. Pages of zeros are left out: the target must be empty. */
export function copyContent(source: number, target: number, length: number): void {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, length));
  for (let at = 0; at < length; ) {
    const count = readSync(source, buffer, 0, Math.min(buffer.length, length - at), at);
    if (count === 0) return;
    for (let page = 0; page < count; page += PAGE_BYTES) {
      const bytes = buffer.subarray(page, Math.min(count, page + PAGE_BYTES));
      if (!bytes.equals(ZEROS.subarray(0, bytes.length))) writeAll(target, bytes, at + page);
    }
    at += count;
  }
}

const ZEROS = Buffer.alloc(PAGE_BYTES);

function writeAll(target: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(target, bytes, done, bytes.length - done, position + done);
  }
}
