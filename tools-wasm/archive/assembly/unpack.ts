// archive.unpack: reads an archive whole, checks all that is in it, and only then writes.
// Knows nothing of how a result is laid out.

import { makeDirectory } from "../../file/assembly/status";
import { FileError } from "../../file/assembly/file-error";
import { openForWriting } from "../../file/assembly/parents";
import { writeAll } from "../../file/assembly/write";
import { Growing } from "../../sdk/assembly/growing";
import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { DescriptorFlags, ErrorCode, OpenFlags, PathFlags } from "../../sdk/assembly/wasi/filesystem";
import { ArchiveError } from "./archive-error";
import { Crc32 } from "./crc32";
import { Entries, Entry, MAX_BYTES } from "./entries";
import { Inflater } from "./inflate";
import { readTar } from "./tar";
import { readZip } from "./zip";

const MAX_ARCHIVE: u64 = 8 * 1024 * 1024;
/** For the headers of a tar archive. */
const OVERHEAD: u64 = 8 * 1024 * 1024;
const STEP: usize = 256 * 1024;

/** The cases of WIT's `format`, in its order, and that none was given. */
export const enum Format {
  TarGz,
  Tar,
  Zip,
  Unknown,
}

/** Unpacks the archive at `path` into the directory `to`; the files that it wrote. */
export function unpack(path: string, to: string, given: Format, overwrite: bool): Result<Entry[], ArchiveError> {
  const format = given == Format.Unknown ? formatOf(path) : given;
  if (format == Format.Unknown) return refuse(ArchiveError.unknownFormat(path));
  const bytes = new Growing(STEP);
  const problem = readBytes(path, bytes);
  if (problem !== null) return refuse(problem);
  const unpacking = new Unpacking(to, overwrite);
  if (format == Format.TarGz) unpacking.gunzip(bytes.address, bytes.address + bytes.length);
  else if (format == Format.Tar) readTar(bytes.address, bytes.address + bytes.length, unpacking.entries);
  else readZip(bytes.address, bytes.address + bytes.length, unpacking.entries);
  const files = unpacking.write();
  return unpacking.entries.problem === null ? Result.ok<Entry[], ArchiveError>(files) : refuse(unpacking.entries.problem!);
}

function refuse(error: ArchiveError): Result<Entry[], ArchiveError> {
  return Result.err<Entry[], ArchiveError>(error);
}

function formatOf(path: string): Format {
  if (path.endsWith(".tar.gz") || path.endsWith(".tgz")) return Format.TarGz;
  if (path.endsWith(".tar")) return Format.Tar;
  return path.endsWith(".zip") ? Format.Zip : Format.Unknown;
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

function hostFailure(code: ErrorCode, path: string): ArchiveError {
  const name = code == ErrorCode.Exist ? "already-exists" : FileError.ofHost(code, path).name;
  return ArchiveError.fileFailed(path, name);
}

/** One archive on its way to a directory. */
class Unpacking {
  entries: Entries = new Entries();
  private crc: Crc32 = new Crc32();
  /** Where the entries of a zip archive are decompressed, one after the other. */
  private room: usize = 0;
  private roomSize: i32 = 0;

  constructor(
    private to: string,
    private overwrite: bool,
  ) {}

  /** Decompresses gzip (RFC 1952) and reads the tar archive in it. */
  gunzip(from: usize, end: usize): void {
    const data = headerEnd(from, end);
    if (data == 0 || data + 8 > end) return this.corrupt("this is not gzip");
    const size = load<u32>(end - 4);
    if (<u64>size > MAX_BYTES + OVERHEAD) {
      this.entries.problem = ArchiveError.tooLarge(MAX_BYTES);
      return;
    }
    const target = heap.alloc(<usize>size + 8);
    const inflater = new Inflater(data, end - 8, target, target + size);
    const isWhole = inflater.run() && inflater.out == target + size && inflater.at == end - 8;
    if (!isWhole || this.crc.of(target, size) != load<u32>(end - 8)) return this.corrupt("the compressed bytes are damaged");
    readTar(target, target + size, this.entries);
  }

  /** Writes all entries, if nothing was wrong with any of them; the files. */
  write(): Entry[] {
    const files: Entry[] = [];
    const all = this.entries.all;
    for (let i = 0; i < all.length && this.entries.problem === null; i++) {
      if (all[i].compressed != -1 && !all[i].isDirectory) this.bytesOf(all[i]);
    }
    if (this.entries.problem === null) this.makeDirectory(this.to);
    for (let i = 0; i < all.length && this.entries.problem === null; i++) {
      const entry = all[i];
      if (entry.isDirectory) this.makeDirectory(this.to + "/" + entry.name);
      else {
        this.writeFile(this.to + "/" + entry.name, this.bytesOf(entry), entry.size);
        files.push(entry);
      }
    }
    return files;
  }

  /** Where the bytes of a file are, until the next call. */
  private bytesOf(entry: Entry): usize {
    let bytes = entry.address;
    if (entry.compressed >= 0) {
      if (entry.size > this.roomSize) {
        this.roomSize = max(entry.size, this.roomSize << 1);
        this.room = heap.alloc(this.roomSize);
      }
      const inflater = new Inflater(bytes, bytes + entry.compressed, this.room, this.room + entry.size);
      if (!inflater.run() || inflater.out != this.room + entry.size) this.corrupt("the compressed bytes of an entry are damaged");
      bytes = this.room;
    }
    if (entry.compressed != -1 && this.entries.problem === null && this.crc.of(bytes, entry.size) != entry.crc) {
      this.corrupt("the checksum of an entry is wrong");
    }
    return bytes;
  }

  private makeDirectory(path: string): void {
    const problem = makeDirectory(path);
    if (problem !== null) this.entries.problem = ArchiveError.fileFailed(path, problem.name);
  }

  private writeFile(path: string, bytes: usize, size: i32): void {
    const located = locate(path);
    if (!located.isOk) {
      this.entries.problem = hostFailure(located.error, path);
      return;
    }
    const location = located.value;
    const opened = openForWriting(location, OpenFlags.create | (this.overwrite ? OpenFlags.truncate : OpenFlags.exclusive));
    location.directory.drop();
    if (!opened.isOk) {
      this.entries.problem = hostFailure(opened.error, path);
      return;
    }
    const problem = writeAll(opened.value, path, bytes, size, 0);
    opened.value.drop();
    if (problem !== null) this.entries.problem = ArchiveError.fileFailed(path, problem.name);
  }

  private corrupt(reason: string): void {
    if (this.entries.problem === null) this.entries.problem = ArchiveError.corrupt(reason);
  }
}

/** Where the compressed bytes start, behind the header of gzip; 0 when it is none. */
function headerEnd(from: usize, end: usize): usize {
  if (end - from < 18 || load<u16>(from) != 0x8b1f || load<u8>(from, 2) != 8) return 0;
  const flags = load<u8>(from, 3);
  let at = from + 10;
  if ((flags & 4) != 0) at += 2 + <usize>load<u16>(at);
  for (let texts = popcnt<u32>(flags & 0x18); texts > 0; texts--) {
    while (at < end && load<u8>(at) != 0) at++;
    at++;
  }
  if ((flags & 2) != 0) at += 2;
  return (flags & 0xe0) == 0 && at < end ? at : 0;
}
