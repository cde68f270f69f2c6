// The one table from POSIX errors to WASI's, and what to do with the rest.
// It must not know which operation failed.

/** The cases of `wasi:filesystem/types.error-code`. */
export type ErrorCode = (typeof ERROR_CODES)[keyof typeof ERROR_CODES];

const ERROR_CODES = {
  EACCES: "access",
  EAGAIN: "would-block",
  EALREADY: "already",
  EBADF: "bad-descriptor",
  EBUSY: "busy",
  EDEADLK: "deadlock",
  EDQUOT: "quota",
  EEXIST: "exist",
  EFBIG: "file-too-large",
  EILSEQ: "illegal-byte-sequence",
  EINPROGRESS: "in-progress",
  EINTR: "interrupted",
  EINVAL: "invalid",
  EIO: "io",
  EISDIR: "is-directory",
  ELOOP: "loop",
  EMFILE: "insufficient-memory",
  EMLINK: "too-many-links",
  EMSGSIZE: "message-size",
  ENAMETOOLONG: "name-too-long",
  ENFILE: "insufficient-memory",
  ENODEV: "no-device",
  ENOENT: "no-entry",
  ENOLCK: "no-lock",
  ENOMEM: "insufficient-memory",
  ENOSPC: "insufficient-space",
  ENOSYS: "unsupported",
  ENOTDIR: "not-directory",
  ENOTEMPTY: "not-empty",
  ENOTRECOVERABLE: "not-recoverable",
  ENOTSUP: "unsupported",
  ENOTTY: "no-tty",
  ENXIO: "no-such-device",
  EOPNOTSUPP: "unsupported",
  EOVERFLOW: "overflow",
  EPERM: "not-permitted",
  EPIPE: "pipe",
  EROFS: "read-only",
  ESPIPE: "invalid-seek",
  ESTALE: "io",
  ETXTBSY: "text-file-busy",
  EXDEV: "cross-device",
} as const;

const ALL: ReadonlySet<unknown> = new Set(Object.values(ERROR_CODES));

/** Whether something thrown is an error code, the payload that file functions give to guests. */
export function isErrorCode(thrown: unknown): thrown is ErrorCode {
  return ALL.has(thrown);
}

/** What a guest is told of an error that has a POSIX `code`; undefined for every other. */
export function errorCodeOf(thrown: unknown): ErrorCode | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return undefined;
  return Object.hasOwn(ERROR_CODES, thrown.code) ? ERROR_CODES[thrown.code as keyof typeof ERROR_CODES] : undefined;
}

export interface QuotaMet {
  readonly code: "RESOURCE_LIMIT" | "FS_QUOTA";
  readonly limit: string;
  readonly hint?: string;
}

/** The quota that the filesystem says it met, and how the call ends for it; undefined for every other error. */
export function quotaOf(thrown: unknown): QuotaMet | undefined {
  if (!(thrown instanceof Error) || !("limit" in thrown) || typeof thrown.limit !== "string") return undefined;
  const { limit } = thrown;
  if ("code" in thrown && thrown.code === "EMFILE") return { code: "RESOURCE_LIMIT", limit };
  return limit === "bytes"
    ? { code: "FS_QUOTA", limit, hint: "Raise written_mb in the scope." }
    : { code: "FS_QUOTA", limit };
}
