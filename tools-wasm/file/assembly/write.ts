// file.write and file.append: text into a file, and the directories that it needs.
// Knows nothing of how a result is laid out.

import { locate } from "../../sdk/assembly/locate";
import { Utf8Encoder } from "../../sdk/assembly/utf8";
import { Descriptor, ErrorCode, OpenFlags } from "../../sdk/assembly/wasi/filesystem";
import { FileError } from "./file-error";
import { openForWriting } from "./parents";

const PIECE: usize = 64 * 1024;

/** Makes `text` the whole content of the file at `path`; null when it is done. */
export function writeText(path: string, text: string): FileError | null {
  return put(path, text, OpenFlags.create | OpenFlags.truncate);
}

/** Adds `text` to the end of the file at `path`; null when it is done. */
export function appendText(path: string, text: string): FileError | null {
  return put(path, text, OpenFlags.create);
}

function put(path: string, text: string, openFlags: i32): FileError | null {
  const located = locate(path);
  if (!located.isOk) return FileError.ofHost(located.error, path);
  const location = located.value;
  const opened = openForWriting(location, openFlags);
  location.directory.drop();
  if (!opened.isOk) return FileError.ofHost(opened.error, path);
  const file = opened.value;
  const end = file.stat();
  const problem = end.isOk ? encodeTo(file, path, text, end.value.size) : FileError.ofHost(end.error, path);
  file.drop();
  return problem;
}

function encodeTo(file: Descriptor, path: string, text: string, offset: u64): FileError | null {
  const encoder = new Utf8Encoder(text);
  const piece = heap.alloc(PIECE);
  while (!encoder.done) {
    const length = encoder.fill(piece, PIECE);
    const problem = writeAll(file, path, piece, length, offset);
    if (problem !== null) return problem;
    offset += length;
  }
  return null;
}

/** Writes `length` bytes from `at` on to `offset`, in as many steps as the host takes; null when it is done. */
export function writeAll(file: Descriptor, path: string, at: usize, length: i32, offset: u64): FileError | null {
  while (length > 0) {
    const written = file.write(at, length, offset);
    if (!written.isOk) return FileError.ofHost(written.error, path);
    if (written.value == 0) return FileError.ofHost(ErrorCode.Io, path);
    offset += written.value;
    at += <usize>written.value;
    length -= <i32>written.value;
  }
  return null;
}
