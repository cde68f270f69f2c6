// How an archive is written, whatever its format: entry by entry, the bytes of a file in pieces.
// Knows nothing of where the files are.

/** Writes an archive. Nothing in it says when, where or by whom it was made: the same entries give the same bytes. */
export abstract class ArchiveWriter {
  abstract directory(name: string): void;

  /** Starts a file; exactly `size` bytes follow, then `end`. */
  abstract file(name: string, size: i32): void;

  abstract content(from: usize, length: i32): void;

  abstract end(): void;

  /** Ends the archive. */
  abstract finish(): void;
}
