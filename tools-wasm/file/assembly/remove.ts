// file.remove: a file, a link, or an empty directory.
// Knows nothing of how a result is laid out.

import { locate, Location } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { DescriptorType, ErrorCode } from "../../sdk/assembly/wasi/filesystem";
import { FileError } from "./file-error";

/** Removes what is at `path`; null when it is done. */
export function removePath(path: string): FileError | null {
  const located = locate(path);
  if (!located.isOk) return FileError.ofHost(located.error, path);
  const location = located.value;
  const removed = removeAt(location);
  location.directory.drop();
  return removed.isOk ? null : FileError.ofHost(removed.error, path);
}

function removeAt(location: Location): Result<bool, ErrorCode> {
  // The grant itself cannot be removed from inside it.
  if (location.path == ".") return Result.err<bool, ErrorCode>(ErrorCode.NotPermitted);
  const stat = location.directory.statAt(0, location.path);
  if (!stat.isOk) return Result.err<bool, ErrorCode>(stat.error);
  if (stat.value.type == DescriptorType.Directory) return location.directory.removeDirectoryAt(location.path);
  return location.directory.unlinkFileAt(location.path);
}
