// file.write: the whole content of a file, and the directories that it needs.
// Knows nothing of how a result is laid out.

import { locate, Location } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { Utf8Encoder } from "../../sdk/assembly/utf8";
import { Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags } from "../../sdk/assembly/wasi/filesystem";
import { FileError } from "./file-error";

const PIECE: usize = 64 * 1024;

/** Makes `text` the whole content of the file at `path`; null when it is done. */
export function writeText(path: string, text: string): FileError | null {
  const located = locate(path);
  if (!located.isOk) return FileError.ofHost(located.error, path);
  const location = located.value;
  const opened = create(location);
  location.directory.drop();
  if (!opened.isOk) return FileError.ofHost(opened.error, path);
  const problem = writeAll(opened.value, path, text);
  opened.value.drop();
  return problem;
}

/** Opens the file empty; a parent that is missing is made once the host has said so. */
function create(location: Location): Result<Descriptor, ErrorCode> {
  const first = open(location);
  if (first.isOk || first.error != ErrorCode.NoEntry) return first;
  const path = location.path;
  for (let i = 1; i < path.length; i++) {
    if (path.charCodeAt(i) != "/".charCodeAt(0) || path.charCodeAt(i - 1) == "/".charCodeAt(0)) continue;
    const made = location.directory.createDirectoryAt(path.substring(0, i));
    if (!made.isOk && made.error != ErrorCode.Exist) return Result.err<Descriptor, ErrorCode>(made.error);
  }
  return open(location);
}

function open(location: Location): Result<Descriptor, ErrorCode> {
  return location.directory.openAt(
    PathFlags.symlinkFollow,
    location.path,
    OpenFlags.create | OpenFlags.truncate,
    DescriptorFlags.write,
  );
}

function writeAll(file: Descriptor, path: string, text: string): FileError | null {
  const encoder = new Utf8Encoder(text);
  const piece = heap.alloc(PIECE);
  let offset: u64 = 0;
  while (!encoder.done) {
    let length = encoder.fill(piece, PIECE);
    let at = piece;
    while (length > 0) {
      const written = file.write(at, length, offset);
      if (!written.isOk) return FileError.ofHost(written.error, path);
      if (written.value == 0) return FileError.ofHost(ErrorCode.Io, path);
      offset += written.value;
      at += <usize>written.value;
      length -= <i32>written.value;
    }
  }
  return null;
}
