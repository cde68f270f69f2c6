// file.read: the first lines of a text file, or all of them, and no more of the file than that takes.
// Knows nothing of how a result is laid out.

import { Growing } from "../../sdk/assembly/growing";
import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { Decoded, decodedSize, decodeUtf8 } from "../../sdk/assembly/utf8-decode";
import { Descriptor, DescriptorFlags, DescriptorType, PathFlags, Stat } from "../../sdk/assembly/wasi/filesystem";
import { FileError } from "./file-error";
import { afterLineEnd, countLineEnds, Lines, splitLines } from "./lines";

const MAX_BYTES: u64 = 16 * 1024 * 1024;
const MAX_LINES: i32 = 500_000;
const FIRST_READ: usize = 16 * 1024;
const LARGEST_READ: usize = 1024 * 1024;

/** The bytes that were needed, and the LF in them. */
class Content {
  constructor(
    public address: usize,
    public length: i32,
    public lineEnds: i32,
  ) {}
}

/** The lines of the file at `path` after the first `skipped`; with `limited`, the first `limit` of those. */
export function readLines(path: string, limited: bool, limit: u32, skipped: u32): Result<Lines, FileError> {
  const wanted = limited ? <u32>min<u64>(<u64>skipped + limit, u32.MAX_VALUE) : u32.MAX_VALUE;
  const content = contentAt(path, wanted, MAX_LINES);
  if (!content.isOk) return Result.err<Lines, FileError>(content.error);
  const needed = content.value;
  const mark = markLength(needed);
  const lines = splitLines(needed.address + mark, needed.length - mark, needed.lineEnds);
  if (lines.problem >= 0) {
    return Result.err<Lines, FileError>(FileError.notUtf8(lines.count + 1, mark + lines.problem));
  }
  if (lines.count > MAX_LINES) return Result.err<Lines, FileError>(FileError.tooMany(MAX_LINES));
  lines.skip(skipped);
  return Result.ok<Lines, FileError>(lines);
}

/** The whole text of the file at `path`. */
export function readText(path: string): Result<Decoded, FileError> {
  const content = contentAt(path, u32.MAX_VALUE, i32.MAX_VALUE);
  if (!content.isOk) return Result.err<Decoded, FileError>(content.error);
  const mark = markLength(content.value);
  const bytes = content.value.address + mark;
  const length = content.value.length - mark;
  const decoded = decodeUtf8(bytes, length, heap.alloc(decodedSize(length)));
  if (decoded.problem < 0) return Result.ok<Decoded, FileError>(decoded);
  const line = countLineEnds(bytes, decoded.problem) + 1;
  return Result.err<Decoded, FileError>(FileError.notUtf8(line, mark + decoded.problem));
}

/** Opens the file at `path` and reads `wanted` lines of it, or all, which may be `most`. */
function contentAt(path: string, wanted: u32, most: i32): Result<Content, FileError> {
  const located = locate(path);
  if (!located.isOk) return Result.err<Content, FileError>(FileError.ofHost(located.error, path));
  const location = located.value;
  const opened = location.directory.openAt(PathFlags.symlinkFollow, location.path, 0, DescriptorFlags.read);
  location.directory.drop();
  if (!opened.isOk) return Result.err<Content, FileError>(FileError.ofHost(opened.error, path));
  const content = readContent(opened.value, path, wanted, most);
  opened.value.drop();
  return content;
}

/** The length of the byte order mark that the content starts with: some hosts would take it out of the text, some not. */
function markLength(content: Content): i32 {
  const marked = content.length >= 3 && (load<u32>(content.address) & 0xffffff) == 0xbfbbef;
  return marked ? 3 : 0;
}

/** Reads until `wanted` lines are there or the file ends: what is there at once, or in steps that double. */
function readContent(file: Descriptor, path: string, wanted: u32, most: i32): Result<Content, FileError> {
  const stat = file.stat();
  if (!stat.isOk) return Result.err<Content, FileError>(FileError.ofHost(stat.error, path));
  const problem = refuse(stat.value, path, wanted);
  if (problem !== null) return Result.err<Content, FileError>(problem);
  // One byte more than there should be shows the end.
  let step = wanted == u32.MAX_VALUE ? max(<usize>stat.value.size + 1, FIRST_READ) : FIRST_READ;
  const bytes = new Growing(step);
  let lineEnds = 0;
  while (<u32>lineEnds < wanted) {
    bytes.reserve(step);
    const chunk = file.readTo(bytes.address + bytes.length, <i32>step, bytes.length);
    if (!chunk.isOk) return Result.err<Content, FileError>(FileError.ofHost(chunk.error, path));
    const start = bytes.address + bytes.length;
    const length = chunk.value.length;
    const found = countLineEnds(start, length);
    if (<u32>(lineEnds + found) >= wanted) {
      bytes.length += afterLineEnd(start, length, <i32>wanted - lineEnds);
      lineEnds = <i32>wanted;
    } else {
      bytes.length += length;
      lineEnds += found;
    }
    if (bytes.length > MAX_BYTES) return Result.err<Content, FileError>(FileError.tooLarge(MAX_BYTES));
    if (lineEnds > most) return Result.err<Content, FileError>(FileError.tooMany(most));
    if (chunk.value.end || length == 0) break;
    step = nextStep(bytes, step);
  }
  return Result.ok<Content, FileError>(new Content(bytes.address, <i32>bytes.length, lineEnds));
}

/** What there is room for, or twice as much as before. */
function nextStep(bytes: Growing, step: usize): usize {
  return bytes.room >= FIRST_READ ? bytes.room : min(step << 1, LARGEST_READ);
}

/** Why the file is not read at all: it is no file, or it is known to be too large. */
function refuse(stat: Stat, path: string, wanted: u32): FileError | null {
  if (stat.type == DescriptorType.Directory) return FileError.isDirectory(path);
  if (stat.type != DescriptorType.RegularFile) return FileError.notRegular(path);
  if (wanted == u32.MAX_VALUE && stat.size > MAX_BYTES) return FileError.tooLarge(MAX_BYTES);
  return null;
}
