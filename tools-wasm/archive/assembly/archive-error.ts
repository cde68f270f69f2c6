// The `archive-error` of glovebox:std/archive: its cases, and its layout in memory.
// Knows nothing of formats.

import { storeString } from "../../sdk/assembly/strings";

const enum Case {
  FileFailed,
  UnknownFormat,
  Corrupt,
  UnsafeEntry,
  Unsupported,
  TooLarge,
  TooMany,
}

/** A failure that the contract allows, with its payload. */
export class ArchiveError {
  private constructor(
    private tag: Case,
    private first: string,
    private second: string,
    private limit: u64,
  ) {}

  static fileFailed(path: string, reason: string): ArchiveError {
    return new ArchiveError(Case.FileFailed, path, reason, 0);
  }

  static unknownFormat(path: string): ArchiveError {
    return new ArchiveError(Case.UnknownFormat, path, "", 0);
  }

  static corrupt(reason: string): ArchiveError {
    return new ArchiveError(Case.Corrupt, reason, "", 0);
  }

  static unsafeEntry(entry: string, reason: string): ArchiveError {
    return new ArchiveError(Case.UnsafeEntry, entry, reason, 0);
  }

  static unsupported(entry: string, reason: string): ArchiveError {
    return new ArchiveError(Case.Unsupported, entry, reason, 0);
  }

  static tooLarge(limit: u64): ArchiveError {
    return new ArchiveError(Case.TooLarge, "", "", limit);
  }

  static tooMany(limit: u32): ArchiveError {
    return new ArchiveError(Case.TooMany, "", "", limit);
  }

  /** Writes the variant to `target`: the case at 0, its payload at 8; 24 bytes in all. */
  store(target: usize): void {
    store<u8>(target, <u8>this.tag);
    if (this.tag == Case.TooLarge) store<u64>(target, this.limit, 8);
    else if (this.tag == Case.TooMany) store<u32>(target, <u32>this.limit, 8);
    else {
      storeString(target + 8, this.first);
      storeString(target + 16, this.second);
    }
  }
}
