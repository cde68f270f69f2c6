// file.copy and file.move: from one place to another, over nothing that was not meant to be lost.
// Knows nothing of how a result is laid out.

import { locate, Location } from "../../sdk/assembly/locate";
import {
  Descriptor,
  DescriptorFlags,
  DescriptorType,
  ErrorCode,
  OpenFlags,
  PathFlags,
} from "../../sdk/assembly/wasi/filesystem";
import { FileError } from "./file-error";
import { makeParents, openForWriting } from "./parents";
import { writeAll } from "./write";

const PIECE: i32 = 64 * 1024;

/** Copies the file at `from` to `to`; null when it is done. */
export function copyFile(from: string, to: string, overwrite: bool): FileError | null {
  return between(from, to, overwrite, false);
}

/** Moves what is at `from` to `to`; null when it is done. */
export function movePath(from: string, to: string, overwrite: bool): FileError | null {
  return between(from, to, overwrite, true);
}

function between(from: string, to: string, overwrite: bool, moves: bool): FileError | null {
  const located = locate(from);
  if (!located.isOk) return FileError.ofHost(located.error, from);
  const source = located.value;
  const targeted = locate(to);
  let problem: FileError | null = null;
  if (!targeted.isOk) problem = FileError.ofHost(targeted.error, to);
  else {
    const target = targeted.value;
    if (moves) problem = move(source, from, target, to, overwrite);
    else problem = copyBetween(source, from, target, to, overwrite);
    target.directory.drop();
  }
  source.directory.drop();
  return problem;
}

function move(source: Location, from: string, target: Location, to: string, overwrite: bool): FileError | null {
  if (source.path == ".") return FileError.ofHost(ErrorCode.NotPermitted, from);
  if (target.path == ".") return FileError.alreadyExists(to);
  const stat = source.directory.statAt(0, source.path);
  if (!stat.isOk) return FileError.ofHost(stat.error, from);
  if (!overwrite && target.directory.statAt(0, target.path).isOk) return FileError.alreadyExists(to);
  const made = makeParents(target);
  if (!made.isOk) return FileError.ofHost(made.error, to);
  const renamed = source.directory.renameAt(source.path, target.directory, target.path);
  if (renamed.isOk) return null;
  if (renamed.error != ErrorCode.CrossDevice || stat.value.type != DescriptorType.RegularFile) {
    return FileError.ofHost(renamed.error, isAboutTarget(renamed.error) ? to : from);
  }
  const problem = copyBetween(source, from, target, to, overwrite);
  if (problem !== null) return problem;
  const removed = source.directory.unlinkFileAt(source.path);
  return removed.isOk ? null : FileError.ofHost(removed.error, from);
}

/** What the host says of what is in the way. */
function isAboutTarget(error: ErrorCode): bool {
  return error == ErrorCode.NotEmpty || error == ErrorCode.IsDirectory || error == ErrorCode.NotDirectory;
}

function copyBetween(source: Location, from: string, target: Location, to: string, overwrite: bool): FileError | null {
  const input = source.directory.openAt(PathFlags.symlinkFollow, source.path, 0, DescriptorFlags.read);
  if (!input.isOk) return FileError.ofHost(input.error, from);
  const stat = input.value.stat();
  let problem: FileError | null = null;
  if (!stat.isOk) problem = FileError.ofHost(stat.error, from);
  else if (stat.value.type == DescriptorType.Directory) problem = FileError.isDirectory(from);
  else if (stat.value.type != DescriptorType.RegularFile) problem = FileError.notRegular(from);
  else problem = copyTo(target, input.value, from, to, overwrite);
  input.value.drop();
  return problem;
}

function copyTo(target: Location, input: Descriptor, from: string, to: string, overwrite: bool): FileError | null {
  const exclusive = overwrite ? 0 : OpenFlags.exclusive;
  const opened = openForWriting(target, OpenFlags.create | exclusive);
  if (!opened.isOk) {
    return opened.error == ErrorCode.Exist ? FileError.alreadyExists(to) : FileError.ofHost(opened.error, to);
  }
  const output = opened.value;
  let problem: FileError | null = null;
  // To empty what is being read would lose it.
  if (!input.isSameObject(output)) {
    const emptied = output.setSize(0);
    problem = emptied.isOk ? pump(input, from, output, to) : FileError.ofHost(emptied.error, to);
  }
  output.drop();
  return problem;
}

function pump(input: Descriptor, from: string, output: Descriptor, to: string): FileError | null {
  const piece = heap.alloc(PIECE);
  let offset: u64 = 0;
  while (true) {
    const chunk = input.readTo(piece, PIECE, offset);
    if (!chunk.isOk) return FileError.ofHost(chunk.error, from);
    const length = chunk.value.length;
    const problem = writeAll(output, to, piece, length, offset);
    if (problem !== null) return problem;
    if (chunk.value.end || length == 0) return null;
    offset += length;
  }
}
