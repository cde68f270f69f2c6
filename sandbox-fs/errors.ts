// The errors of the filesystem: POSIX codes for its calls, and the codes of a commit.
// It must not know which part throws them.

/** The POSIX names that calls fail with; the same ones as Linux, where Linux has one. */
export type FsErrorCode =
  | "EACCES"
  | "EBADF"
  | "EBUSY"
  | "EDQUOT"
  | "EEXIST"
  | "EFBIG"
  | "EINVAL"
  | "EIO"
  | "EISDIR"
  | "ELOOP"
  | "EMFILE"
  | "EMLINK"
  | "ENAMETOOLONG"
  | "ENOENT"
  | "ENOSPC"
  | "ENOTDIR"
  | "ENOTEMPTY"
  | "ENOTSUP"
  | "ENXIO"
  | "EPERM"
  | "EROFS"
  | "ESTALE"
  | "EXDEV";

const MEANING: Readonly<Record<FsErrorCode, string>> = {
  EACCES: "permission denied",
  EBADF: "bad file descriptor",
  EBUSY: "resource busy",
  EDQUOT: "quota exceeded",
  EEXIST: "file already exists",
  EFBIG: "file too large",
  EINVAL: "invalid argument",
  EIO: "input/output error",
  EISDIR: "is a directory",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  EMLINK: "too many links",
  ENAMETOOLONG: "name too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  ENOTSUP: "not supported",
  ENXIO: "special file, never opened",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
  ESTALE: "the base changed underneath",
  EXDEV: "cross-device link",
};

export interface FsErrorDetails {
  /** The path as the caller gave it. */
  readonly path?: string | undefined;
  /** The quota that was met. */
  readonly limit?: string;
  readonly detail?: string;
  readonly cause?: unknown;
}

/** A call on a filesystem failed; branch on `code`. `limit` is there when a quota was met, and names it. */
export class FsError extends Error {
  override readonly name = "FsError";
  readonly code: FsErrorCode;
  readonly syscall: string;
  readonly path: string | undefined;
  readonly limit: string | undefined;

  constructor(code: FsErrorCode, syscall: string, details: FsErrorDetails = {}) {
    const { path, limit, detail, cause } = details;
    const where = path === undefined ? "" : ` '${path}'`;
    const which = limit === undefined ? "" : ` (limit: ${limit})`;
    const why = detail === undefined ? "" : `: ${detail}`;
    super(`${code}: ${MEANING[code]}, ${syscall}${where}${which}${why}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.syscall = syscall;
    this.path = path;
    this.limit = limit;
  }
}

/** Turns an error of the host into an FsError: its code where it is one of ours, else EIO. Host paths stay out of it. */
export function fromHost(thrown: unknown, syscall: string, path?: string): FsError {
  if (thrown instanceof FsError) return thrown;
  const code = hostCode(thrown);
  const known = code !== undefined && Object.hasOwn(MEANING, code);
  if (known) return new FsError(code as FsErrorCode, syscall, { path, cause: thrown });
  return new FsError("EIO", syscall, { path, cause: thrown, ...(code === undefined ? {} : { detail: code }) });
}

/** The `code` of an error of the host, such as "ENOENT". */
export function hostCode(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Why a commit did not happen. Unless the code says otherwise, the base is what it was and the overlay can still be used. */
export type CommitErrorCode =
  /** An entry that was to be changed is not what it was. */
  | "CONFLICT_BASE_CHANGED"
  /** Something is where a new entry was to be. */
  | "CONFLICT_EXISTS"
  /** A directory that entries were to go into is another one now. */
  | "CONFLICT_PARENT_CHANGED"
  /** A directory that was to be removed has got new entries. */
  | "CONFLICT_NOT_EMPTY"
  /** Something that was only read has changed; in serialisable commits. */
  | "CONFLICT_READ_CHANGED"
  /** Two names are one to the host: it does not tell case or Unicode forms apart. */
  | "CONFLICT_NAME_COLLISION"
  /** The host refused a step; everything was undone. */
  | "COMMIT_FAILED"
  /** The last sync failed: the next recovery tells what became of it. */
  | "COMMIT_OUTCOME_UNKNOWN"
  /** An earlier commit was cut off, or undoing this one was: run `recover` first. */
  | "RECOVERY_REQUIRED"
  /** Another process is committing to the same directory. */
  | "LOCKED"
  /** The host has no room for what is to be written. */
  | "NO_SPACE"
  /** A part of the tree lies on another device, or below another mount point. */
  | "CROSS_DEVICE"
  /** The filesystem of the base lacks something that a commit needs. */
  | "UNSUPPORTED_FS";

/** One place where the base is not what the overlay was made over. */
export interface Conflict {
  readonly code: CommitErrorCode;
  readonly path: string;
}

/** A commit did not happen; branch on `code`. `conflicts` has all that were found. */
export class CommitError extends Error {
  override readonly name = "CommitError";
  readonly code: CommitErrorCode;
  readonly path: string | undefined;
  readonly conflicts: readonly Conflict[];

  constructor(code: CommitErrorCode, message: string, details: CommitErrorDetails = {}) {
    super(`${code}: ${message}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.conflicts = details.conflicts ?? [];
  }
}

export interface CommitErrorDetails {
  readonly path?: string | undefined;
  readonly conflicts?: readonly Conflict[];
  readonly cause?: unknown;
}
