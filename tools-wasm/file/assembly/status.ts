// file.stat and file.make_directory.
// Knows nothing of how a result is laid out.

import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { DescriptorType, ErrorCode, PathFlags } from "../../sdk/assembly/wasi/filesystem";
import { Entry, kindOf } from "./entry";
import { FileError } from "./file-error";
import { makeParents } from "./parents";

/** What is at `path`, or what the link there points to. */
export function statusOf(path: string, follow: bool): Result<Entry, FileError> {
  const located = locate(path);
  if (!located.isOk) return Result.err<Entry, FileError>(FileError.ofHost(located.error, path));
  const location = located.value;
  const stat = location.directory.statAt(follow ? PathFlags.symlinkFollow : 0, location.path);
  location.directory.drop();
  if (!stat.isOk) return Result.err<Entry, FileError>(FileError.ofHost(stat.error, path));
  const isFile = stat.value.type == DescriptorType.RegularFile;
  return Result.ok<Entry, FileError>(new Entry(path, kindOf(stat.value.type), isFile ? stat.value.size : 0));
}

/** Makes the directory at `path`, and those above it; null when it is there. */
export function makeDirectory(path: string): FileError | null {
  const located = locate(path);
  if (!located.isOk) return FileError.ofHost(located.error, path);
  const location = located.value;
  if (location.path == ".") return null;
  let made = makeParents(location);
  if (made.isOk) made = location.directory.createDirectoryAt(location.path);
  if (made.isOk) return null;
  if (made.error != ErrorCode.Exist) return FileError.ofHost(made.error, path);
  const stat = location.directory.statAt(PathFlags.symlinkFollow, location.path);
  if (!stat.isOk) return FileError.ofHost(stat.error, path);
  return stat.value.type == DescriptorType.Directory ? null : FileError.alreadyExists(path);
}
