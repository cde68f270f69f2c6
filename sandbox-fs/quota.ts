// How much an overlay may hold: each limit with its name and its default.
// It must not know how the overlay counts.

/** Limits of one overlay. Meeting one is an FsError whose `limit` is the name here. */
export interface Quota {
  /** Bytes of changed content that the overlay holds (default 256 MiB). ENOSPC. */
  readonly bytes?: number;
  /** Nodes that were created, changed or removed (default 200,000). EDQUOT. */
  readonly files?: number;
  /** Directories above each other (default 512). EDQUOT. */
  readonly depth?: number;
  /** Open handles (default 1,024). EMFILE. */
  readonly descriptors?: number;
  /** Size of one file, holes included (default 1 TiB). EFBIG. */
  readonly fileBytes?: number;
  /** Entries of one directory that can be listed (default 1,000,000). EDQUOT. */
  readonly entries?: number;
  /** What others looked at and is remembered with their changes (default 1,000,000). EDQUOT. */
  readonly reads?: number;
  /** Names of one file (default 1,000). EMLINK. */
  readonly links?: number;
}

export const DEFAULT_QUOTA: Required<Quota> = {
  bytes: 256 * 1024 * 1024,
  files: 200_000,
  depth: 512,
  descriptors: 1024,
  fileBytes: 2 ** 40,
  entries: 1_000_000,
  reads: 1_000_000,
  links: 1000,
};
