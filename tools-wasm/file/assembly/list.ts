// file.list: what is directly in a directory, in an order that does not depend on the host.
// Knows nothing of how a result is laid out.

import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import {
  Descriptor,
  DescriptorFlags,
  DescriptorType,
  ErrorCode,
  OpenFlags,
  PathFlags,
} from "../../sdk/assembly/wasi/filesystem";
import { FileError } from "./file-error";

const MAX_ENTRIES: i32 = 100_000;

/** The cases of WIT's `entry-kind`, in its order. */
export const enum EntryKind {
  File,
  Directory,
  SymbolicLink,
  Other,
}

/** WIT's record `entry`. */
export class Entry {
  constructor(
    public name: string,
    public kind: EntryKind,
    public size: u64,
  ) {}
}

/** The entries of the directory at `path`, sorted by name. */
export function listDirectory(path: string): Result<Entry[], FileError> {
  const located = locate(path);
  if (!located.isOk) return Result.err<Entry[], FileError>(FileError.ofHost(located.error, path));
  const location = located.value;
  const opened = location.directory.openAt(
    PathFlags.symlinkFollow,
    location.path,
    OpenFlags.directory,
    DescriptorFlags.read,
  );
  location.directory.drop();
  if (!opened.isOk) return Result.err<Entry[], FileError>(FileError.ofHost(opened.error, path));
  const entries = entriesOf(opened.value, path);
  opened.value.drop();
  return entries;
}

function entriesOf(directory: Descriptor, path: string): Result<Entry[], FileError> {
  const opened = directory.readDirectory();
  if (!opened.isOk) return Result.err<Entry[], FileError>(FileError.ofHost(opened.error, path));
  const stream = opened.value;
  const entries = new Array<Entry>();
  while (true) {
    const read = stream.readDirectoryEntry();
    if (!read.isOk) return Result.err<Entry[], FileError>(FileError.ofHost(read.error, path));
    const found = read.value;
    if (found === null) break;
    if (entries.length == MAX_ENTRIES) return Result.err<Entry[], FileError>(FileError.tooMany(MAX_ENTRIES));
    entries.push(new Entry(found.name, kindOf(found.type), 0));
  }
  stream.drop();
  const problem = measure(directory, entries, path);
  if (problem !== null) return Result.err<Entry[], FileError>(problem);
  entries.sort((a, b) => compare(a.name, b.name));
  return Result.ok<Entry[], FileError>(entries);
}

/** Fills in the sizes of the files. An entry that has gone meanwhile keeps 0. */
function measure(directory: Descriptor, entries: Entry[], path: string): FileError | null {
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (entry.kind != EntryKind.File) continue;
    const stat = directory.statAt(0, entry.name);
    if (stat.isOk) entry.size = stat.value.size;
    else if (stat.error != ErrorCode.NoEntry) return FileError.ofHost(stat.error, path);
  }
  return null;
}

function kindOf(type: DescriptorType): EntryKind {
  switch (type) {
    case DescriptorType.RegularFile:
      return EntryKind.File;
    case DescriptorType.Directory:
      return EntryKind.Directory;
    case DescriptorType.SymbolicLink:
      return EntryKind.SymbolicLink;
    default:
      return EntryKind.Other;
  }
}

/** By code point, which is the order of the UTF-8 bytes, and not that of UTF-16 units. */
function compare(a: string, b: string): i32 {
  const length = min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = rank(a.charCodeAt(i));
    const y = rank(b.charCodeAt(i));
    if (x != y) return x - y;
  }
  return a.length - b.length;
}

/** Moves surrogates behind the rest of the plane, where the code points that they make belong. */
function rank(unit: i32): i32 {
  return (unit & 0xf800) == 0xd800 ? unit + 0x10000 : unit;
}
