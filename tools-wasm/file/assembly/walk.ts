// What a directory holds, down to the leaves, as far as the limits allow.
// Knows nothing of what is done with it.

import { Result } from "../../sdk/assembly/result";
import { Descriptor, DescriptorFlags, OpenFlags } from "../../sdk/assembly/wasi/filesystem";
import { Entry, EntryKind, kindOf, sortEntries } from "./entry";
import { FileError } from "./file-error";

const MAX_ENTRIES: i32 = 100_000;
const MAX_DEPTH: i32 = 100;

/** A directory that is still to be read. */
class Pending {
  constructor(
    public path: string,
    public depth: i32,
  ) {}
}

/** The entries of `root`, or of all directories below it, sorted by their paths in it. Sizes are 0. `path` is for errors. */
export function walk(root: Descriptor, path: string, recursive: bool): Result<Entry[], FileError> {
  const entries: Entry[] = [];
  const pending = [new Pending("", 1)];
  while (pending.length > 0) {
    const next = pending.pop();
    const start = entries.length;
    const problem = readInto(entries, root, next.path, path);
    if (problem !== null) return Result.err<Entry[], FileError>(problem);
    if (!recursive) break;
    for (let i = start; i < entries.length; i++) {
      if (entries[i].kind != EntryKind.Directory) continue;
      if (next.depth == MAX_DEPTH) return Result.err<Entry[], FileError>(FileError.tooDeep(MAX_DEPTH));
      pending.push(new Pending(entries[i].name, next.depth + 1));
    }
  }
  sortEntries(entries);
  return Result.ok<Entry[], FileError>(entries);
}

/** Adds the entries of the directory `inner` of `root`; null when it is done. */
function readInto(entries: Entry[], root: Descriptor, inner: string, path: string): FileError | null {
  // No link is followed: it would lead out of the tree, or round in it.
  const opened = root.openAt(0, inner == "" ? "." : inner, OpenFlags.directory, DescriptorFlags.read);
  if (!opened.isOk) return FileError.ofHost(opened.error, path);
  const directory = opened.value;
  const stream = directory.readDirectory();
  directory.drop();
  if (!stream.isOk) return FileError.ofHost(stream.error, path);
  const prefix = inner == "" ? "" : inner + "/";
  let problem: FileError | null = null;
  while (problem === null) {
    const read = stream.value.readDirectoryEntry();
    if (!read.isOk) problem = FileError.ofHost(read.error, path);
    else if (read.value === null) break;
    else if (entries.length == MAX_ENTRIES) problem = FileError.tooMany(MAX_ENTRIES);
    else entries.push(new Entry(prefix + read.value!.name, kindOf(read.value!.type), 0));
  }
  stream.value.drop();
  return problem;
}
