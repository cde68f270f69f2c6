// file.search: the lines of a file, or of a tree of files, that a pattern matches.
// Knows nothing of how a result is wrapped.

import { Growing } from "../../sdk/assembly/growing";
import { locate } from "../../sdk/assembly/locate";
import { findUnit } from "../../sdk/assembly/regex/find-unit";
import { Machine } from "../../sdk/assembly/regex/machine";
import { compile } from "../../sdk/assembly/regex/regex";
import { Result } from "../../sdk/assembly/result";
import { Decoded, decodedSize, decodeUtf8 } from "../../sdk/assembly/utf8-decode";
import { Descriptor, DescriptorFlags, DescriptorType, ErrorCode, PathFlags } from "../../sdk/assembly/wasi/filesystem";
import { EntryKind } from "./entry";
import { FileError } from "./file-error";
import { FoundLines } from "./found-lines";
import { Glob } from "./glob";
import { matching } from "./list";
import { walk } from "./walk";

const MAX_FILE: u64 = 8 * 1024 * 1024;
const FIRST_BUFFER: usize = 64 * 1024;

/** The lines of the file at `path`, or of the files below it, that `pattern` matches. */
export function search(
  path: string,
  pattern: string,
  glob: string | null,
  context: u32,
): Result<FoundLines, FileError> {
  const compiled = compile(pattern);
  if (compiled.machine === null) return refuse(FileError.ofPattern(compiled.problem!));
  const compiledGlob = Glob.of(glob);
  if (!compiledGlob.isOk) return refuse(compiledGlob.error);
  const located = locate(path);
  if (!located.isOk) return refuse(FileError.ofHost(located.error, path));
  const location = located.value;
  const opened = location.directory.openAt(PathFlags.symlinkFollow, location.path, 0, DescriptorFlags.read);
  location.directory.drop();
  if (!opened.isOk) return refuse(FileError.ofHost(opened.error, path));
  const search = new Search(compiled.machine!, new FoundLines(context), path);
  const problem = search.start(opened.value, compiledGlob.value);
  opened.value.drop();
  return problem === null ? Result.ok<FoundLines, FileError>(search.found) : refuse(problem);
}

function refuse(error: FileError): Result<FoundLines, FileError> {
  return Result.err<FoundLines, FileError>(error);
}

/** One search. Its buffers are used for every file. */
class Search {
  private bytes: Growing = new Growing(FIRST_BUFFER);
  private text: Growing = new Growing(decodedSize(<i32>FIRST_BUFFER));

  constructor(
    private machine: Machine,
    public found: FoundLines,
    private path: string,
  ) {}

  /** Searches what was opened; null when it is done. */
  start(opened: Descriptor, glob: Glob): FileError | null {
    const stat = opened.stat();
    if (!stat.isOk) return FileError.ofHost(stat.error, this.path);
    if (stat.value.type == DescriptorType.RegularFile) return this.searchFile(opened, ".");
    if (stat.value.type != DescriptorType.Directory) return FileError.notRegular(this.path);
    const walked = walk(opened, this.path, true);
    if (!walked.isOk) return walked.error;
    const entries = matching(walked.value, glob);
    for (let i = 0; i < entries.length; i++) {
      if (entries[i].kind != EntryKind.File) continue;
      const problem = this.searchBelow(opened, entries[i].name);
      if (problem !== null) return problem;
    }
    return null;
  }

  private searchBelow(root: Descriptor, name: string): FileError | null {
    const opened = root.openAt(0, name, 0, DescriptorFlags.read);
    // Gone meanwhile, or not for us to read: as grep does it, the search goes on.
    if (!opened.isOk) {
      const passed = opened.error == ErrorCode.NoEntry || opened.error == ErrorCode.Access;
      return passed ? null : FileError.ofHost(opened.error, this.path + "/" + name);
    }
    const problem = this.searchFile(opened.value, name);
    opened.value.drop();
    return problem;
  }

  private searchFile(file: Descriptor, name: string): FileError | null {
    this.bytes.length = 0;
    const bytes = this.bytes;
    while (true) {
      bytes.reserve(FIRST_BUFFER);
      const chunk = file.readTo(bytes.address + bytes.length, <i32>bytes.room, bytes.length);
      if (!chunk.isOk) return FileError.ofHost(chunk.error, this.path + "/" + name);
      bytes.length += chunk.value.length;
      if (bytes.length > MAX_FILE) return null;
      if (chunk.value.end || chunk.value.length == 0) break;
    }
    const length = <i32>bytes.length;
    this.text.length = 0;
    const decoded = decodeUtf8(bytes.address, length, this.text.add(decodedSize(length)));
    const end = decoded.address + (<usize>decoded.length << 1);
    if (decoded.problem >= 0 || findUnit(decoded.address, end, 0, 0, 0) != end) return null;
    return this.searchText(decoded, end, name);
  }

  private searchText(decoded: Decoded, end: usize, name: string): FileError | null {
    const found = this.found;
    found.startFile(name);
    let at = decoded.address;
    if (at < end && load<u16>(at) == 0xfeff) at += 2;
    while (at < end) {
      const next = findUnit(at, end, 0x0a, 0x0a, 0x0a);
      const last = next < end && next > at && load<u16>(next - 2) == 0x0d ? next - 2 : next;
      if (!found.take(at, last, this.machine.test(at, last))) return FileError.tooMany(FoundLines.most);
      at = next + 2;
    }
    return null;
  }
}
