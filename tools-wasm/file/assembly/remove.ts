// file.remove: a file, a link, an empty directory, or a whole tree.
// Knows nothing of how a result is laid out.

import { locate, Location } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { DescriptorFlags, DescriptorType, ErrorCode, OpenFlags } from "../../sdk/assembly/wasi/filesystem";
import { EntryKind } from "./entry";
import { FileError } from "./file-error";
import { walk } from "./walk";

/** Removes what is at `path`; null when it is done. */
export function removePath(path: string, recursive: bool): FileError | null {
  const located = locate(path);
  if (!located.isOk) return FileError.ofHost(located.error, path);
  const location = located.value;
  const problem = removeLocated(location, path, recursive);
  location.directory.drop();
  return problem;
}

function removeLocated(location: Location, path: string, recursive: bool): FileError | null {
  // The grant itself cannot be removed from inside it.
  if (location.path == ".") return FileError.ofHost(ErrorCode.NotPermitted, path);
  const stat = location.directory.statAt(0, location.path);
  if (!stat.isOk) return FileError.ofHost(stat.error, path);
  const isDirectory = stat.value.type == DescriptorType.Directory;
  if (isDirectory && recursive) {
    const problem = removeBelow(location, path);
    if (problem !== null) return problem;
  }
  return failureOf(removeEntry(location, location.path, isDirectory), path);
}

/** Removes all that is in a directory, the leaves first. */
function removeBelow(location: Location, path: string): FileError | null {
  const opened = location.directory.openAt(0, location.path, OpenFlags.directory, DescriptorFlags.read);
  if (!opened.isOk) return FileError.ofHost(opened.error, path);
  const walked = walk(opened.value, path, true);
  opened.value.drop();
  if (!walked.isOk) return walked.error;
  const entries = walked.value;
  for (let i = entries.length - 1; i >= 0; i--) {
    const name = entries[i].name;
    const removed = removeEntry(location, location.path + "/" + name, entries[i].kind == EntryKind.Directory);
    if (!removed.isOk) return FileError.ofHost(removed.error, path + "/" + name);
  }
  return null;
}

function removeEntry(location: Location, path: string, isDirectory: bool): Result<bool, ErrorCode> {
  return isDirectory ? location.directory.removeDirectoryAt(path) : location.directory.unlinkFileAt(path);
}

function failureOf(removed: Result<bool, ErrorCode>, path: string): FileError | null {
  return removed.isOk ? null : FileError.ofHost(removed.error, path);
}
