// Files that are made together with the directories that they need.
// Knows nothing of what is written to them.

import { Location } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { Descriptor, DescriptorFlags, ErrorCode, PathFlags } from "../../sdk/assembly/wasi/filesystem";

/** Opens the file at `location` for writing; a parent that is missing is made once the host has said so. */
export function openForWriting(location: Location, openFlags: i32): Result<Descriptor, ErrorCode> {
  const first = open(location, openFlags);
  if (first.isOk || first.error != ErrorCode.NoEntry) return first;
  const made = makeParents(location);
  if (!made.isOk) return Result.err<Descriptor, ErrorCode>(made.error);
  return open(location, openFlags);
}

/** Makes every directory above `location` that is missing. */
export function makeParents(location: Location): Result<bool, ErrorCode> {
  const path = location.path;
  for (let i = 1; i < path.length; i++) {
    if (path.charCodeAt(i) != "/".charCodeAt(0) || path.charCodeAt(i - 1) == "/".charCodeAt(0)) continue;
    const made = location.directory.createDirectoryAt(path.substring(0, i));
    if (!made.isOk && made.error != ErrorCode.Exist) return made;
  }
  return Result.ok<bool, ErrorCode>(true);
}

function open(location: Location, openFlags: i32): Result<Descriptor, ErrorCode> {
  return location.directory.openAt(PathFlags.symlinkFollow, location.path, openFlags, DescriptorFlags.write);
}
