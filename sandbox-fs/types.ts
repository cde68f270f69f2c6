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
  open(directory: Handle, path: string, options?: OpenOptions): Handle;
  close(handle: Handle): void;
  stat(handle: Handle): Stats;
  statAt(directory: Handle, path: string, options?: { readonly follow?: boolean }): Stats;
  /** Reads into `buffer` from `position`; returns the bytes read, 0 at the end. */
  read(handle: Handle, buffer: Uint8Array, position: bigint): number;
  /** Writes all of `bytes` at `position`, growing the file with zeros where needed. */
  write(handle: Handle, bytes: Uint8Array, position: bigint): number;
  truncate(handle: Handle, size: bigint): void;
  /** All entries but `.` and `..`, sorted by the UTF-8 bytes of their names. */
  list(directory: Handle): readonly DirectoryEntry[];
  makeDirectory(directory: Handle, path: string, mode?: number): void;
  removeDirectory(directory: Handle, path: string): void;
  unlink(directory: Handle, path: string): void;
  rename(fromDirectory: Handle, from: string, toDirectory: Handle, to: string): void;
  link(
    fromDirectory: Handle,
    from: string,
    toDirectory: Handle,
    to: string,
    options?: { readonly follow?: boolean },
  ): void;
  symlink(target: string, directory: Handle, path: string): void;
  readlink(directory: Handle, path: string): string;
  setTimes(handle: Handle, times: Times): void;
  setTimesAt(directory: Handle, path: string, times: Times, options?: { readonly follow?: boolean }): void;
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
  readonly from?: string;
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
  /** What changed since this savepoint. */
  diff(options?: DiffOptions): readonly Change[];
  /** The changes since this savepoint as bytes that `Overlay.apply` takes, in another process too. */
  export(): Uint8Array;
  release(): void;
  rollback(): void;
}

/** A copy-on-write view of a base: nothing reaches the base before `commit`. */
export interface Overlay extends FileSystem {
  savepoint(): Savepoint;
  diff(options?: DiffOptions): readonly Change[];
  /** All changes as bytes. */
  export(): Uint8Array;
  /**
   * Puts exported changes on top, or nothing of them: FsError EINVAL when they are malformed, ESTALE when the base is not
   * the one they were made over, EPERM when they touch what `rules` do not grant for writing, and what a quota says.
   */
  apply(exported: Uint8Array, rules?: readonly Rule[]): void;
  /** Another overlay with the same changes, in O(1). From then on neither sees what the other does. */
  fork(): Overlay;
  /** Applies all changes to the base atomically, after a check for conflicts. The overlay cannot be used afterwards. */
  commit(options?: CommitOptions): CommitReport;
  /** Forgets all changes. Idempotent. */
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
   * something that was only looked at.
   */
  readonly isolation?: "writes" | "serializable";
  /** `full`: fsynced, survives power loss. `fast`: survives the death of the process only. */
  readonly durability?: "full" | "fast";
}

export interface CommitReport {
  readonly changes: readonly Change[];
  /** What the host could not keep, in words: hard links that were broken, times that were rounded. */
  readonly notes: readonly string[];
}
