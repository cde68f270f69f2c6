// The `archive-error` of glovebox:std/archive: its cases, and its layout in memory.
// Knows nothing of the actions.

import { FileError } from "../../file/assembly/file-error";
import { FormatProblem, ProblemKind } from "../../formats/assembly/problem";
import { storeString } from "../../sdk/assembly/strings";
import { ErrorCode } from "../../sdk/assembly/wasi/filesystem";

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

  /** What the host answered about `path`. */
  static ofHost(code: ErrorCode, path: string): ArchiveError {
    const name = code == ErrorCode.Exist ? "already-exists" : FileError.ofHost(code, path).name;
    return ArchiveError.fileFailed(path, name);
  }

  /** What is wrong with the archive itself. */
  static ofFormat(problem: FormatProblem): ArchiveError {
    switch (problem.kind) {
      case ProblemKind.Corrupt:
        return new ArchiveError(Case.Corrupt, problem.reason, "", 0);
      case ProblemKind.UnsafeEntry:
        return new ArchiveError(Case.UnsafeEntry, problem.entry, problem.reason, 0);
      case ProblemKind.Unsupported:
        return new ArchiveError(Case.Unsupported, problem.entry, problem.reason, 0);
      case ProblemKind.TooLarge:
        return new ArchiveError(Case.TooLarge, "", "", problem.limit);
      default:
        return new ArchiveError(Case.TooMany, "", "", problem.limit);
    }
  }

  static tooLarge(limit: u64): ArchiveError {
    return new ArchiveError(Case.TooLarge, "", "", limit);
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
