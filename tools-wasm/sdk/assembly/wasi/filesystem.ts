// Bindings of wasi:filesystem@0.2.0, as far as the tools use it: one class per resource, one method per function.
// Knows nothing of paths, grants or text.

import { landAnywhere, landNextAt } from "../memory";
import { Result } from "../result";
import { liftString } from "../strings";

/** WIT's `error-code`. */
export const enum ErrorCode {
  Access,
  WouldBlock,
  Already,
  BadDescriptor,
  Busy,
  Deadlock,
  Quota,
  Exist,
  FileTooLarge,
  IllegalByteSequence,
  InProgress,
  Interrupted,
  Invalid,
  Io,
  IsDirectory,
  Loop,
  TooManyLinks,
  MessageSize,
  NameTooLong,
  NoDevice,
  NoEntry,
  NoLock,
  InsufficientMemory,
  InsufficientSpace,
  NotDirectory,
  NotEmpty,
  NotRecoverable,
  Unsupported,
  NoTty,
  NoSuchDevice,
  Overflow,
  NotPermitted,
  Pipe,
  ReadOnly,
  InvalidSeek,
  TextFileBusy,
  CrossDevice,
}

/** The names that WIT gives to the codes, in one text: 37 would take twice the room. */
const ERROR_NAMES: string =
  "access would-block already bad-descriptor busy deadlock quota exist file-too-large illegal-byte-sequence in-progress interrupted invalid io is-directory loop too-many-links message-size name-too-long no-device no-entry no-lock insufficient-memory insufficient-space not-directory not-empty not-recoverable unsupported no-tty no-such-device overflow not-permitted pipe read-only invalid-seek text-file-busy cross-device";

/** The name that WIT gives to a code. */
export function errorName(code: ErrorCode): string {
  return ERROR_NAMES.split(" ")[code];
}

/** WIT's `descriptor-type`. */
export const enum DescriptorType {
  Unknown,
  BlockDevice,
  CharacterDevice,
  Directory,
  Fifo,
  SymbolicLink,
  RegularFile,
  Socket,
}

/** WIT's `path-flags`. */
export namespace PathFlags {
  export const symlinkFollow: i32 = 1;
}

/** WIT's `open-flags`. */
export namespace OpenFlags {
  export const create: i32 = 1;
  export const directory: i32 = 2;
  export const exclusive: i32 = 4;
  export const truncate: i32 = 8;
}

/** WIT's `descriptor-flags`, as far as they are used. */
export namespace DescriptorFlags {
  export const read: i32 = 1;
  export const write: i32 = 2;
  export const mutateDirectory: i32 = 32;
}

@external("wasi:filesystem/preopens@0.2.0", "get-directories")
declare function get_directories(result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.open-at")
declare function descriptor_open_at(self: i32, pathFlags: i32, path: usize, pathLength: i32, openFlags: i32, flags: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.read")
declare function descriptor_read(self: i32, length: u64, offset: u64, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.write")
declare function descriptor_write(self: i32, bytes: usize, length: i32, offset: u64, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.stat")
declare function descriptor_stat(self: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.stat-at")
declare function descriptor_stat_at(self: i32, pathFlags: i32, path: usize, pathLength: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.read-directory")
declare function descriptor_read_directory(self: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.create-directory-at")
declare function descriptor_create_directory_at(self: i32, path: usize, pathLength: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.remove-directory-at")
declare function descriptor_remove_directory_at(self: i32, path: usize, pathLength: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.unlink-file-at")
declare function descriptor_unlink_file_at(self: i32, path: usize, pathLength: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.rename-at")
declare function descriptor_rename_at(self: i32, path: usize, pathLength: i32, target: i32, targetPath: usize, targetPathLength: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.set-size")
declare function descriptor_set_size(self: i32, size: u64, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[method]descriptor.is-same-object")
declare function descriptor_is_same_object(self: i32, other: i32): i32;
@external("wasi:filesystem/types@0.2.0", "[resource-drop]descriptor")
declare function descriptor_drop(self: i32): void;
@external("wasi:filesystem/types@0.2.0", "[method]directory-entry-stream.read-directory-entry")
declare function directory_entry_stream_read(self: i32, result: usize): void;
@external("wasi:filesystem/types@0.2.0", "[resource-drop]directory-entry-stream")
declare function directory_entry_stream_drop(self: i32): void;

// Results land in one static area: the host has written it before the import returns, and it is read at once.
// The largest is that of `stat`: 104 bytes.
const area: usize = memory.data(104, 8);

/** What `stat` and `stat-at` tell, as far as it is used. */
export class Stat {
  constructor(
    public type: DescriptorType,
    public size: u64,
  ) {}
}

/** One entry of a directory, as the host lists it. */
export class DirectoryEntry {
  constructor(
    public type: DescriptorType,
    public name: string,
  ) {}
}

/** A preopened directory and the path that stands for it. */
export class Preopen {
  constructor(
    public directory: Descriptor,
    public path: string,
  ) {}
}

/** The bytes that one `read` brought: how many, and whether the file ended. */
export class Chunk {
  constructor(
    public length: i32,
    public end: bool,
  ) {}
}

/** Every directory that was granted. */
export function getDirectories(): Preopen[] {
  get_directories(area);
  const entries = load<usize>(area);
  const count = load<i32>(area, 4);
  const preopens = new Array<Preopen>(count);
  for (let i = 0; i < count; i++) {
    const entry = entries + 12 * i;
    const path = liftString(load<usize>(entry, 4), load<i32>(entry, 8));
    unchecked((preopens[i] = new Preopen(new Descriptor(load<i32>(entry)), path)));
  }
  return preopens;
}

/** WIT's resource `descriptor`. Errors: what the host answers. */
export class Descriptor {
  constructor(public handle: i32) {}

  openAt(pathFlags: i32, path: string, openFlags: i32, flags: i32): Result<Descriptor, ErrorCode> {
    descriptor_open_at(this.handle, pathFlags, changetype<usize>(path), path.length, openFlags, flags, area);
    if (load<u8>(area) != 0) return Result.err<Descriptor, ErrorCode>(<ErrorCode>load<u8>(area, 4));
    return Result.ok<Descriptor, ErrorCode>(new Descriptor(load<i32>(area, 4)));
  }

  /** Reads up to `length` bytes from `offset` into memory at `target`. */
  readTo(target: usize, length: i32, offset: u64): Result<Chunk, ErrorCode> {
    landNextAt(target, length);
    descriptor_read(this.handle, length, offset, area);
    landAnywhere();
    if (load<u8>(area) != 0) return Result.err<Chunk, ErrorCode>(<ErrorCode>load<u8>(area, 4));
    const bytes = load<usize>(area, 4);
    const count = load<i32>(area, 8);
    assert(count <= length);
    if (bytes != target) memory.copy(target, bytes, count);
    return Result.ok<Chunk, ErrorCode>(new Chunk(count, load<u8>(area, 12) != 0));
  }

  write(bytes: usize, length: i32, offset: u64): Result<u64, ErrorCode> {
    descriptor_write(this.handle, bytes, length, offset, area);
    if (load<u8>(area) != 0) return Result.err<u64, ErrorCode>(<ErrorCode>load<u8>(area, 8));
    return Result.ok<u64, ErrorCode>(load<u64>(area, 8));
  }

  stat(): Result<Stat, ErrorCode> {
    descriptor_stat(this.handle, area);
    return liftStat();
  }

  statAt(pathFlags: i32, path: string): Result<Stat, ErrorCode> {
    descriptor_stat_at(this.handle, pathFlags, changetype<usize>(path), path.length, area);
    return liftStat();
  }

  readDirectory(): Result<DirectoryEntryStream, ErrorCode> {
    descriptor_read_directory(this.handle, area);
    if (load<u8>(area) != 0) return Result.err<DirectoryEntryStream, ErrorCode>(<ErrorCode>load<u8>(area, 4));
    return Result.ok<DirectoryEntryStream, ErrorCode>(new DirectoryEntryStream(load<i32>(area, 4)));
  }

  createDirectoryAt(path: string): Result<bool, ErrorCode> {
    descriptor_create_directory_at(this.handle, changetype<usize>(path), path.length, area);
    return liftDone();
  }

  removeDirectoryAt(path: string): Result<bool, ErrorCode> {
    descriptor_remove_directory_at(this.handle, changetype<usize>(path), path.length, area);
    return liftDone();
  }

  unlinkFileAt(path: string): Result<bool, ErrorCode> {
    descriptor_unlink_file_at(this.handle, changetype<usize>(path), path.length, area);
    return liftDone();
  }

  renameAt(path: string, directory: Descriptor, target: string): Result<bool, ErrorCode> {
    const to = changetype<usize>(target);
    descriptor_rename_at(this.handle, changetype<usize>(path), path.length, directory.handle, to, target.length, area);
    return liftDone();
  }

  setSize(size: u64): Result<bool, ErrorCode> {
    descriptor_set_size(this.handle, size, area);
    return liftDone();
  }

  isSameObject(other: Descriptor): bool {
    return descriptor_is_same_object(this.handle, other.handle) != 0;
  }

  drop(): void {
    descriptor_drop(this.handle);
  }
}

/** WIT's resource `directory-entry-stream`. Errors: what the host answers. */
export class DirectoryEntryStream {
  constructor(public handle: i32) {}

  /** The next entry, or null after the last. */
  readDirectoryEntry(): Result<DirectoryEntry | null, ErrorCode> {
    directory_entry_stream_read(this.handle, area);
    if (load<u8>(area) != 0) return Result.err<DirectoryEntry | null, ErrorCode>(<ErrorCode>load<u8>(area, 4));
    if (load<u8>(area, 4) == 0) return Result.ok<DirectoryEntry | null, ErrorCode>(null);
    const name = liftString(load<usize>(area, 12), load<i32>(area, 16));
    return Result.ok<DirectoryEntry | null, ErrorCode>(new DirectoryEntry(<DescriptorType>load<u8>(area, 8), name));
  }

  drop(): void {
    directory_entry_stream_drop(this.handle);
  }
}

function liftStat(): Result<Stat, ErrorCode> {
  if (load<u8>(area) != 0) return Result.err<Stat, ErrorCode>(<ErrorCode>load<u8>(area, 8));
  return Result.ok<Stat, ErrorCode>(new Stat(<DescriptorType>load<u8>(area, 8), load<u64>(area, 24)));
}

function liftDone(): Result<bool, ErrorCode> {
  if (load<u8>(area) != 0) return Result.err<bool, ErrorCode>(<ErrorCode>load<u8>(area, 1));
  return Result.ok<bool, ErrorCode>(true);
}
