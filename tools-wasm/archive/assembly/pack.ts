// archive.pack: reads a directory, or one file, into an archive in memory, and only then writes it.
// Knows nothing of how a result is laid out.

import { Entry as Found, EntryKind } from "../../file/assembly/entry";
import { walk } from "../../file/assembly/walk";
import { writeAll } from "../../file/assembly/write";
import { ArchiveWriter } from "../../formats/assembly/archive-writer";
import { Entries, Entry } from "../../formats/assembly/entries";
import { GzipSink } from "../../formats/assembly/gzip";
import { PlainSink } from "../../formats/assembly/sink";
import { TarWriter } from "../../formats/assembly/tar-writer";
import { ZipWriter } from "../../formats/assembly/zip-writer";
import { Growing } from "../../sdk/assembly/growing";
import { locate, Location } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { Descriptor, DescriptorFlags, DescriptorType, PathFlags } from "../../sdk/assembly/wasi/filesystem";
import { ArchiveError, Format, Packed } from "./bindings/archive";
import { fileFailed, formatFailure, hostFailure } from "./failures";
import { MAX_ARCHIVE, MAX_BYTES, MAX_ENTRIES } from "./format";
import { openNew } from "./new-file";

const PIECE: i32 = 64 * 1024;

/** Packs what is at `path` into an archive at `to`. */
export function packInto(path: string, to: string, format: Format, overwrite: bool): Result<Packed, ArchiveError> {
  const out = new Growing(PIECE);
  const packing = new Packing(path, writerOf(format, out), out);
  packing.start(to);
  if (packing.problem === null) packing.writeTo(to, overwrite);
  if (packing.problem !== null) return refuse(packing.problem!);
  return Result.ok<Packed, ArchiveError>(new Packed(packing.files, packing.bytes, out.length));
}

function refuse(error: ArchiveError): Result<Packed, ArchiveError> {
  return Result.err<Packed, ArchiveError>(error);
}

function writerOf(format: Format, out: Growing): ArchiveWriter {
  if (format == Format.Zip) return new ZipWriter(out);
  return new TarWriter(format == Format.Tar ? new PlainSink(out) : new GzipSink(out));
}

/** One tree on its way into an archive. */
class Packing {
  problem: ArchiveError | null = null;
  files: u32 = 0;
  bytes: u64 = 0;
  private entries: Entries = new Entries(MAX_BYTES, MAX_ENTRIES);
  private piece: usize = heap.alloc(PIECE);
  /** The archive itself, where there was one: it is no part of what is packed. */
  private old: Descriptor | null = null;

  constructor(
    private path: string,
    private writer: ArchiveWriter,
    private out: Growing,
  ) {}

  /** Reads what is at the path into the archive, which will lie at `to`. */
  start(to: string): void {
    const located = locate(this.path);
    if (!located.isOk) {
      this.problem = hostFailure(located.error, this.path);
      return;
    }
    const location = located.value;
    this.old = openOld(to);
    const opened = location.directory.openAt(PathFlags.symlinkFollow, location.path, 0, DescriptorFlags.read);
    location.directory.drop();
    if (opened.isOk) {
      this.readFrom(opened.value);
      opened.value.drop();
    } else this.problem = hostFailure(opened.error, this.path);
    if (this.old !== null) this.old!.drop();
    if (this.problem !== null) return;
    this.writer.finish();
    this.checkSize();
  }

  writeTo(to: string, overwrite: bool): void {
    const opened = openNew(to, overwrite);
    if (!opened.isOk) {
      this.problem = opened.error;
      return;
    }
    const problem = writeAll(opened.value, to, this.out.address, <i32>this.out.length, 0);
    if (problem !== null) this.problem = fileFailed(to, problem.name);
    opened.value.drop();
  }

  private readFrom(root: Descriptor): void {
    const stat = root.stat();
    if (!stat.isOk) this.problem = hostFailure(stat.error, this.path);
    else if (stat.value.type == DescriptorType.Directory) this.tree(root);
    else if (stat.value.type == DescriptorType.RegularFile) this.file(root, lastPart(this.path));
    else this.special(this.path);
  }

  private tree(root: Descriptor): void {
    const walked = walk(root, this.path, true);
    if (!walked.isOk) {
      this.problem = fileFailed(this.path, walked.error.name);
      return;
    }
    const all = walked.value;
    for (let i = 0; i < all.length && this.problem === null; i++) this.entry(root, all[i]);
  }

  private entry(root: Descriptor, found: Found): void {
    if (found.kind == EntryKind.Directory) {
      if (this.admit(new Entry(found.name, true, 0, 0))) this.writer.directory(found.name);
      return;
    }
    if (found.kind != EntryKind.File) return this.special(found.name);
    const opened = root.openAt(0, found.name, 0, DescriptorFlags.read);
    if (!opened.isOk) {
      this.problem = hostFailure(opened.error, this.path + "/" + found.name);
      return;
    }
    this.file(opened.value, found.name);
    opened.value.drop();
  }

  private file(file: Descriptor, name: string): void {
    if (this.old !== null && file.isSameObject(this.old!)) return;
    const stat = file.stat();
    if (!stat.isOk) {
      this.problem = hostFailure(stat.error, name);
      return;
    }
    const size = <i32>min<u64>(stat.value.size, i32.MAX_VALUE);
    if (!this.admit(new Entry(name, false, 0, size))) return;
    this.writer.file(name, size);
    this.copy(file, name, size);
    this.writer.end();
    this.files++;
    this.bytes += <u64>size;
    this.checkSize();
  }

  private copy(file: Descriptor, name: string, size: i32): void {
    let offset = 0;
    while (offset < size && this.problem === null) {
      const chunk = file.readTo(this.piece, min(PIECE, size - offset), offset);
      if (!chunk.isOk) this.problem = hostFailure(chunk.error, name);
      else if (chunk.value.length == 0) this.problem = fileFailed(name, "io");
      else {
        this.writer.content(this.piece, chunk.value.length);
        offset += chunk.value.length;
        this.checkSize();
      }
    }
  }

  /** Whether an entry may be in an archive: what is packed can be unpacked. */
  private admit(entry: Entry): bool {
    this.entries.add(entry);
    const problem = this.entries.problem;
    if (problem === null) return true;
    this.problem = formatFailure(problem);
    return false;
  }

  private special(name: string): void {
    this.entries.unsupported(name, "it is a link, a device or another special file");
    this.problem = formatFailure(this.entries.problem!);
  }

  private checkSize(): void {
    if (this.problem === null && this.out.length > MAX_ARCHIVE) this.problem = ArchiveError.tooLarge(MAX_ARCHIVE);
  }
}

/** What is at the place of the archive before it is written; null for nothing. */
function openOld(to: string): Descriptor | null {
  const located = locate(to);
  if (!located.isOk) return null;
  const location: Location = located.value;
  const opened = location.directory.openAt(PathFlags.symlinkFollow, location.path, 0, DescriptorFlags.read);
  location.directory.drop();
  return opened.isOk ? opened.value : null;
}

function lastPart(path: string): string {
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) == "/") end--;
  return path.substring(path.lastIndexOf("/", end - 1) + 1, end);
}
