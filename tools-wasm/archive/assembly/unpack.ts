// archive.unpack: reads an archive whole, checks all that is in it, and only then writes.
// Knows nothing of how a result is laid out.

import { makeDirectory } from "../../file/assembly/status";
import { writeAll } from "../../file/assembly/write";
import { Contents } from "../../formats/assembly/contents";
import { Entries } from "../../formats/assembly/entries";
import { gunzip } from "../../formats/assembly/gzip";
import { readTar } from "../../formats/assembly/tar-reader";
import { readZip } from "../../formats/assembly/zip-reader";
import { Growing } from "../../sdk/assembly/growing";
import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { DescriptorFlags, PathFlags } from "../../sdk/assembly/wasi/filesystem";
import { ArchiveError, Format, Unpacked } from "./bindings/archive";
import { fileFailed, formatFailure, hostFailure } from "./failures";
import { MAX_ARCHIVE, MAX_BYTES, MAX_ENTRIES } from "./format";
import { openNew } from "./new-file";

/** For the headers of a tar archive. */
const OVERHEAD: u64 = 8 * 1024 * 1024;
const STEP: usize = 256 * 1024;

/** Unpacks the archive at `path` into the directory `to`; the files that it wrote. */
export function unpackInto(path: string, to: string, format: Format, overwrite: bool): Result<Unpacked[], ArchiveError> {
  const bytes = new Growing(STEP);
  const problem = readBytes(path, bytes);
  if (problem !== null) return refuse(problem);
  const entries = new Entries(MAX_BYTES, MAX_ENTRIES);
  readEntries(bytes.address, bytes.address + bytes.length, format, entries);
  const contents = new Contents(entries);
  contents.check();
  if (entries.problem !== null) return refuse(formatFailure(entries.problem!));
  return new Unpacking(to, overwrite).write(entries, contents);
}

function refuse(error: ArchiveError): Result<Unpacked[], ArchiveError> {
  return Result.err<Unpacked[], ArchiveError>(error);
}

function readEntries(from: usize, end: usize, format: Format, entries: Entries): void {
  if (format == Format.Zip) return readZip(from, end, entries);
  if (format == Format.Tar) return readTar(from, end, entries);
  const tar = gunzip(from, end, MAX_BYTES + OVERHEAD);
  if (tar.isOk) readTar(tar.value.from, tar.value.end, entries);
  else entries.problem = tar.error;
}

/** Reads the file at `path`; null when it is done. */
function readBytes(path: string, bytes: Growing): ArchiveError | null {
  const located = locate(path);
  if (!located.isOk) return hostFailure(located.error, path);
  const location = located.value;
  const opened = location.directory.openAt(PathFlags.symlinkFollow, location.path, 0, DescriptorFlags.read);
  location.directory.drop();
  if (!opened.isOk) return hostFailure(opened.error, path);
  let problem: ArchiveError | null = null;
  while (problem === null) {
    bytes.reserve(STEP);
    const chunk = opened.value.readTo(bytes.address + bytes.length, <i32>STEP, bytes.length);
    if (!chunk.isOk) problem = hostFailure(chunk.error, path);
    else {
      bytes.length += chunk.value.length;
      if (bytes.length > MAX_ARCHIVE) problem = ArchiveError.tooLarge(MAX_ARCHIVE);
      else if (chunk.value.end || chunk.value.length == 0) break;
    }
  }
  opened.value.drop();
  return problem;
}

/** One archive on its way to a directory. */
class Unpacking {
  private problem: ArchiveError | null = null;

  constructor(
    private to: string,
    private overwrite: bool,
  ) {}

  /** Writes all entries, up to the first that cannot be written; the files. */
  write(entries: Entries, contents: Contents): Result<Unpacked[], ArchiveError> {
    const files: Unpacked[] = [];
    const all = entries.all;
    this.makeDirectory(this.to);
    for (let i = 0; i < all.length && this.problem === null; i++) {
      const entry = all[i];
      if (entry.isDirectory) this.makeDirectory(this.to + "/" + entry.name);
      else {
        this.writeFile(this.to + "/" + entry.name, contents.of(entry), entry.size);
        files.push(new Unpacked(entry.name, entry.size));
      }
    }
    return this.problem === null ? Result.ok<Unpacked[], ArchiveError>(files) : refuse(this.problem!);
  }

  private makeDirectory(path: string): void {
    const problem = makeDirectory(path);
    if (problem !== null) this.problem = fileFailed(path, problem.name);
  }

  private writeFile(path: string, bytes: usize, size: i32): void {
    const opened = openNew(path, this.overwrite);
    if (!opened.isOk) {
      this.problem = opened.error;
      return;
    }
    const problem = writeAll(opened.value, path, bytes, size, 0);
    opened.value.drop();
    if (problem !== null) this.problem = fileFailed(path, problem.name);
  }
}
