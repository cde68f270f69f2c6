// file.list: what is in a directory, in an order that does not depend on the host.
// Knows nothing of how a result is laid out.

import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import {
  Descriptor,
  DescriptorFlags,
  ErrorCode,
  OpenFlags,
  PathFlags,
} from "../../sdk/assembly/wasi/filesystem";
import { Entry, EntryKind } from "./entry";
import { FileError } from "./file-error";
import { Glob } from "./glob";
import { walk } from "./walk";

/** The entries of the directory at `path` that `glob` matches (all of them when it is null), sorted by name. */
export function listDirectory(path: string, recursive: bool, glob: string | null): Result<Entry[], FileError> {
  const compiled = Glob.of(glob);
  if (!compiled.isOk) return Result.err<Entry[], FileError>(compiled.error);
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
  const walked = walk(opened.value, path, recursive);
  if (!walked.isOk) return walked;
  const entries = matching(walked.value, compiled.value);
  const problem = measure(opened.value, entries, path);
  opened.value.drop();
  return problem === null ? Result.ok<Entry[], FileError>(entries) : Result.err<Entry[], FileError>(problem);
}

/** The entries that a glob matches, in their order. */
export function matching(entries: Entry[], glob: Glob): Entry[] {
  const kept: Entry[] = [];
  for (let i = 0; i < entries.length; i++) {
    if (glob.matches(entries[i].name)) kept.push(entries[i]);
  }
  return kept;
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
