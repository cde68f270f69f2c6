// From a path to the grant that covers it, as wasi-libc does it: the longest matching preopen wins.
// Knows nothing of what is done with the file; `..` and links are the host's to resolve.

import { Result } from "./result";
import { Descriptor, ErrorCode, getDirectories } from "./wasi/filesystem";

/** A directory that was granted, and a path relative to it (`.` for the directory itself). */
export class Location {
  constructor(
    public directory: Descriptor,
    public path: string,
  ) {}
}

/**
 * The grant that covers `path` and what is left of the path inside it; the caller drops the directory.
 * `not-permitted` when no grant does, `invalid` for a NUL, which hosts take badly.
 */
export function locate(path: string): Result<Location, ErrorCode> {
  if (path.includes("\0")) return Result.err<Location, ErrorCode>(ErrorCode.Invalid);
  const preopens = getDirectories();
  const from = skipRoot(path, 0);
  let best: Descriptor | null = null;
  let bestLength = -1;
  let rest = 0;
  for (let i = 0; i < preopens.length; i++) {
    const preopen = preopens[i];
    const start = skipRoot(preopen.path, 0);
    let end = preopen.path.length;
    while (end > start && preopen.path.charCodeAt(end - 1) == "/".charCodeAt(0)) end--;
    const length = end - start;
    if (length <= bestLength || !startsWithDirectory(path, from, preopen.path, start, length)) {
      preopen.directory.drop();
      continue;
    }
    if (best !== null) best.drop();
    best = preopen.directory;
    bestLength = length;
    rest = skipRoot(path, from + length);
  }
  if (best === null) return Result.err<Location, ErrorCode>(ErrorCode.NotPermitted);
  return Result.ok<Location, ErrorCode>(new Location(best, rest >= path.length ? "." : path.substring(rest)));
}

/** The index after every leading `/` and `./` (and after a lone `.`) from `index` on. */
function skipRoot(path: string, index: i32): i32 {
  const slash = "/".charCodeAt(0);
  const dot = ".".charCodeAt(0);
  while (index < path.length) {
    const unit = path.charCodeAt(index);
    if (unit == slash) index++;
    else if (unit == dot && (index + 1 == path.length || path.charCodeAt(index + 1) == slash)) index++;
    else break;
  }
  return index;
}

function startsWithDirectory(path: string, from: i32, prefix: string, start: i32, length: i32): bool {
  if (length == 0) return true;
  const end = from + length;
  if (end > path.length) return false;
  if (end < path.length && path.charCodeAt(end) != "/".charCodeAt(0)) return false;
  return memory.compare(changetype<usize>(path) + (from << 1), changetype<usize>(prefix) + (start << 1), length << 1) == 0;
}
