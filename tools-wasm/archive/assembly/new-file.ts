// Files that are made, or replaced where that was asked for.
// Knows nothing of what is written to them.

import { openForWriting } from "../../file/assembly/parents";
import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { Descriptor, OpenFlags } from "../../sdk/assembly/wasi/filesystem";
import { ArchiveError } from "./bindings/archive";
import { hostFailure } from "./failures";

/** Opens an empty file at `path`, with the directories above it; what is there already is kept unless `overwrite`. */
export function openNew(path: string, overwrite: bool): Result<Descriptor, ArchiveError> {
  const located = locate(path);
  if (!located.isOk) return Result.err<Descriptor, ArchiveError>(hostFailure(located.error, path));
  const flags = OpenFlags.create | (overwrite ? OpenFlags.truncate : OpenFlags.exclusive);
  const opened = openForWriting(located.value, flags);
  located.value.directory.drop();
  if (!opened.isOk) return Result.err<Descriptor, ArchiveError>(hostFailure(opened.error, path));
  return Result.ok<Descriptor, ArchiveError>(opened.value);
}
