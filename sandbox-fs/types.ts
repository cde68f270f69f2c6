// The words of the filesystem: what every implementation (overlay, quota, read-only) offers, and what a base must offer to it.
// sandbox-fs imports nothing of ours and can be used alone.

/** An open file or directory. It stays on its node when names move; it is opaque to everyone but the filesystem that made it. */
export interface Handle {
  readonly type: FileType;
}

export type FileType = "file" | "directory" | "symlink" | "other";

export interface Stats {
  readonly type: FileType;
  /** Stable over copy-up, and the same in every run over the same base. */
  readonly inode: bigint;
  readonly size: bigint;
  /** Names of the file, as many as the base says and the overlay added or took away. 1 for a directory. */
  readonly links: number;
  /** Permission bits only, 0 to 0o7777. */
  readonly mode: number;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
  /** As `stat` tells it; of a file with several names in the base, only once this one was looked at. */
  readonly inode: bigint;
}

export interface OpenOptions {
  /** Opened for reading; default true. Directories are always readable. */
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  /** ENOTDIR unless it is a directory. */
  readonly directory?: boolean;
  /** Follow a symlink in the last component; default true. ELOOP otherwise. */
  readonly follow?: boolean;
  /** Permission bits of a created file; default 0o644. */
  readonly mode?: number;
}

/**
 * A POSIX filesystem of inodes, synchronous, with `openat`-like calls. Paths are relative to the directory handle that
 * they start at and never leave it: `..`, an absolute path or a symlink that would is EPERM (the semantics of RESOLVE_BENEATH).
 * All of its errors are FsError, with the POSIX code that Linux gives.
 */
export interface FileSystem {
  readonly root: Handle;
  /**
   * Opens a file or directory, creating or emptying a file on the way when asked to.
   * Errors: ENOENT, ENOTDIR, EISDIR (writing to a directory), EEXIST (exclusive), ELOOP (40 symlinks, or one that is not to
   * be followed), ENXIO (a special file), EPERM (outside, or not granted), EMFILE, EDQUOT, and those of every path:
   * EINVAL (NUL, not well-formed), ENAMETOOLONG, ESTALE (the base changed underneath), EIO.
   */
  open(directory: Handle, path: string, options?: OpenOptions): Handle;
  /** Errors: EBADF (closed already, or of another filesystem), as for every call that takes a handle. */
  close(handle: Handle): void;
  /** Errors: EBADF; ESTALE (the node was made in a savepoint that was rolled back), as for every call that takes a handle. */
  stat(handle: Handle): Stats;
  /** Errors: ENOENT, ENOTDIR, ELOOP, EPERM (outside), and those of every path. */
  statAt(directory: Handle, path: string, options?: { readonly follow?: boolean }): Stats;
  /**
   * Reads into `buffer` from `position`; returns the bytes read, fewer only at the end, 0 beyond it.
   * Errors: EISDIR, EBADF (not open for reading), EINVAL (a position below 0), ESTALE, EIO.
   */
  read(handle: Handle, buffer: Uint8Array, position: bigint): number;
  /**
   * Writes all of `bytes` at `position` or nothing, growing the file with zeros where needed.
   * Errors: EBADF (not open for writing), EINVAL, EFBIG (limit `fileBytes`), ENOSPC (limit `bytes`).
   */
  write(handle: Handle, bytes: Uint8Array, position: bigint): number;
  /** Cuts or grows a file. Errors: EISDIR, EBADF (not open for writing), EINVAL, EFBIG (limit `fileBytes`). */
  truncate(handle: Handle, size: bigint): void;
  /** All entries but `.` and `..`, sorted by the UTF-8 bytes of their names. Errors: ENOTDIR, EDQUOT (limit `entries`). */
  list(directory: Handle): readonly DirectoryEntry[];
  /** Mode 0o755 when left out. Errors: EEXIST, ENOENT, EPERM, EDQUOT (limits `depth`, `files`), and those of every path. */
  makeDirectory(directory: Handle, path: string, mode?: number): void;
  /** Errors: ENOENT, ENOTDIR, ENOTEMPTY, EINVAL (ends in `.`), EBUSY (other grants lie below), EPERM, and those of every path. */
  removeDirectory(directory: Handle, path: string): void;
  /** Takes a name from a file; open handles keep it. Errors: ENOENT, EISDIR, ENOTDIR, EPERM, and those of every path. */
  unlink(directory: Handle, path: string): void;
  /**
   * Moves a name, replacing what is there; nothing is copied. Errors: ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, EINVAL (into
   * itself), EBUSY (`.` or `..`, or other grants lie below), EPERM (either side), EDQUOT (limit `depth`), and those of
   * every path.
   */
  rename(fromDirectory: Handle, from: string, toDirectory: Handle, to: string): void;
  /** One more name for a file. Errors: ENOENT, EEXIST, EPERM (a directory, or either side), EMLINK (limit `links`). */
  link(
    fromDirectory: Handle,
    from: string,
    toDirectory: Handle,
    to: string,
    options?: { readonly follow?: boolean },
  ): void;
  /** The target is kept as it is, wherever it points. Errors: EEXIST, ENOENT, EINVAL, ENAMETOOLONG, EPERM, ENOSPC, EDQUOT. */
  symlink(target: string, directory: Handle, path: string): void;
  /** Errors: ENOENT, EINVAL (not a symlink), and those of every path. */
  readlink(directory: Handle, path: string): string;
  /** Errors: EPERM (not granted for writing), EINVAL (a time 9,000 years off). */
  setTimes(handle: Handle, times: Times): void;
  /** Errors: as `statAt` and `setTimes`. */
  setTimesAt(directory: Handle, path: string, times: Times, options?: { readonly follow?: boolean }): void;
  /** Errors: EPERM (not granted for writing). */
  setMode(handle: Handle, mode: number): void;
}

/** Nanoseconds since the epoch; what is left out stays. */
export interface Times {
  readonly atimeNs?: bigint;
  readonly mtimeNs?: bigint;
}

/** The time that changes get; passed in, so that a run's times are its own. */
export type Clock = () => bigint;

/** One change between the base and the overlay. Paths are relative to the root, with `/`. */
export interface Change {
  readonly path: string;
  readonly kind: "added" | "modified" | "deleted" | "renamed" | "metadata";
  readonly type: FileType;
  /** Where what was renamed had been. */
  readonly from?: string;
  /** Of a file's new content, in bytes. */
  readonly size?: bigint;
  /** `sha256:` and hex, of a file's new content. */
  readonly digest?: string;
  /** A unified diff, when asked for and both sides are text. */
  readonly diff?: string;
}

export interface DiffOptions {
  /** Add unified text diffs, for files up to `textBytes` (default 1 MiB). */
  readonly text?: boolean;
  readonly textBytes?: number;
}

/** A layer pushed for one step: kept by `release`, forgotten by `rollback`. They nest; the innermost ends first. */
export interface Savepoint {
  /** What changed since this savepoint. Errors: EIO, when the base cannot be read. */
  diff(options?: DiffOptions): readonly Change[];
  /** The changes since this savepoint as bytes that `Overlay.apply` takes, in another process too. Errors: as `Overlay.export`. */
  export(options?: ExportOptions): Uint8Array;
  /** Keeps the changes. Errors: EINVAL (not the innermost one). After the overlay's own end, nothing happens. */
  release(): void;
  /** Forgets the changes, in O(1). Errors: as `release`. */
  rollback(): void;
}

export interface ExportOptions {
  /** Adds what was looked at, so that a serialisable commit of the importer depends on it too. Default false. */
  readonly reads?: boolean;
}

/** A copy-on-write view of a base: nothing reaches the base before `commit`. */
export interface Overlay extends FileSystem {
  /** Pushes a layer, in O(1). Errors: EBADF (committed or discarded before), as for every call below. */
  savepoint(): Savepoint;
  /** What a commit would change, sorted by path. Errors: EBADF; EIO, when the base cannot be read. */
  diff(options?: DiffOptions): readonly Change[];
  /** All changes as bytes. Errors: EBADF (committed or discarded before); ESTALE, EIO, when the base cannot be read any more. */
  export(options?: ExportOptions): Uint8Array;
  /**
   * Puts exported changes on top, or nothing of them. Errors: EINVAL when they are malformed, or made over other changes than
   * are here; ESTALE when the base is not what they were made over; EPERM when they touch what `rules` do not grant for
   * writing; EDQUOT, ENOSPC, EFBIG, EMLINK with the limit.
   */
  apply(exported: Uint8Array, rules?: readonly Rule[]): void;
  /**
   * Another overlay with the same changes, in O(1). From then on neither sees what the other does. Forks that are to be merged with each
   * other must number the nodes that they make apart: `firstNumber` is where this one begins. Discard none but the first overlay.
   */
  fork(firstNumber?: number): Overlay;
  /**
   * Puts what a fork changed since it was forked on top, when this overlay holds all that it was forked from. Gives the paths that both
   * changed; when there are any, nothing is put. Errors: EINVAL for what is no fork of the same overlay; what a quota says.
   */
  merge(fork: Overlay): readonly string[];
  /**
   * Applies all changes to the base atomically, after a check for conflicts. The overlay cannot be used afterwards; when the
   * commit fails, it can. Errors: CommitError; FsError EROFS (the base cannot be changed), EBUSY (a savepoint is open, or
   * the base calls back while it commits), EBADF (committed or discarded before).
   */
  commit(options?: CommitOptions): CommitReport;
  /** Forgets all changes. Idempotent. Errors: EBUSY (the base calls back while it commits). */
  discard(): void;
  /** Bytes of content that the overlay holds. */
  readonly writtenBytes: number;
}

/** A path of a root and what it grants: the entry there and all below it. "" is the root itself. */
export interface Rule {
  readonly path: string;
  readonly access: "read" | "write";
}

export interface CommitOptions {
  /**
   * `writes` (the default): a conflict is a change to something that is to be changed. `serializable`: also a change to
   * something that was only looked at: a file (its content or metadata), the names in a directory that was listed, a name
   * that was not there. That is CONFLICT_READ_CHANGED. Forks, and imports with their reads, count as what they belong to.
   */
  readonly isolation?: "writes" | "serializable";
  /** `full` (the default): fsynced, survives power loss. `fast`: survives the death of the process only. */
  readonly durability?: "full" | "fast";
}

export interface CommitReport {
  readonly changes: readonly Change[];
  /** What the host could not keep, in words: hard links that were broken, times that were rounded. */
  readonly notes: readonly string[];
}
