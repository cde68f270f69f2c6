// The `file-error` of glovebox:std/file: its cases, how host errors become them, and its layout in memory.
// Knows nothing of the actions.

import { ErrorCode, errorName } from "../../sdk/assembly/wasi/filesystem";
import { PatternProblem } from "../../sdk/assembly/regex/problem";
import { storeString } from "../../sdk/assembly/strings";

const enum Case {
  NotFound,
  NotPermitted,
  IsDirectory,
  NotDirectory,
  NotEmpty,
  InvalidPath,
  NotUtf8,
  TooLarge,
  TooMany,
  NoSpace,
  Io,
  AlreadyExists,
  InvalidGlob,
  InvalidPattern,
  PatternTooComplex,
  TooDeep,
}

/** The names that WIT gives to the cases. */
const CASE_NAMES: string =
  "not-found not-permitted is-directory not-directory not-empty invalid-path not-utf8 too-large too-many no-space io already-exists invalid-glob invalid-pattern pattern-too-complex too-deep";

/** A failure that the contract allows, with its payload. */
export class FileError {
  private constructor(
    private tag: Case,
    private text: string,
    private small: u32,
    private large: u64,
  ) {}

  /** The name of the case. */
  get name(): string {
    return CASE_NAMES.split(" ")[this.tag];
  }

  /** What the host answered about `path`. */
  static ofHost(code: ErrorCode, path: string): FileError {
    const tag = caseOf(code);
    const text = tag == Case.Io ? errorName(code) + ": " + path : path;
    return new FileError(tag, text, 0, 0);
  }

  static isDirectory(path: string): FileError {
    return new FileError(Case.IsDirectory, path, 0, 0);
  }

  static notRegular(path: string): FileError {
    return new FileError(Case.Io, "not a regular file: " + path, 0, 0);
  }

  static notUtf8(line: u32, offset: u64): FileError {
    return new FileError(Case.NotUtf8, "", line, offset);
  }

  static tooLarge(limit: u64): FileError {
    return new FileError(Case.TooLarge, "", 0, limit);
  }

  static tooMany(limit: u32): FileError {
    return new FileError(Case.TooMany, "", limit, 0);
  }

  static tooDeep(limit: u32): FileError {
    return new FileError(Case.TooDeep, "", limit, 0);
  }

  static alreadyExists(path: string): FileError {
    return new FileError(Case.AlreadyExists, path, 0, 0);
  }

  static invalidGlob(reason: string): FileError {
    return new FileError(Case.InvalidGlob, reason, 0, 0);
  }

  static ofPattern(problem: PatternProblem): FileError {
    const tag = problem.tooComplex ? Case.PatternTooComplex : Case.InvalidPattern;
    return new FileError(tag, problem.reason, problem.position, 0);
  }

  /** Writes the variant to `target`: the case at 0, its payload at 8; 24 bytes in all. */
  store(target: usize): void {
    store<u8>(target, <u8>this.tag);
    switch (this.tag) {
      case Case.NotUtf8:
        store<u32>(target, this.small, 8);
        store<u64>(target, this.large, 16);
        break;
      case Case.TooLarge:
        store<u64>(target, this.large, 8);
        break;
      case Case.TooMany:
      case Case.TooDeep:
        store<u32>(target, this.small, 8);
        break;
      case Case.InvalidPattern:
        store<u32>(target, this.small, 8);
        storeString(target + 12, this.text);
        break;
      default:
        storeString(target + 8, this.text);
    }
  }
}

function caseOf(code: ErrorCode): Case {
  switch (code) {
    case ErrorCode.NoEntry:
      return Case.NotFound;
    case ErrorCode.Access:
    case ErrorCode.NotPermitted:
    case ErrorCode.ReadOnly:
      return Case.NotPermitted;
    case ErrorCode.IsDirectory:
      return Case.IsDirectory;
    case ErrorCode.NotDirectory:
      return Case.NotDirectory;
    case ErrorCode.NotEmpty:
      return Case.NotEmpty;
    case ErrorCode.IllegalByteSequence:
    case ErrorCode.Invalid:
    case ErrorCode.Loop:
    case ErrorCode.NameTooLong:
      return Case.InvalidPath;
    case ErrorCode.InsufficientSpace:
    case ErrorCode.Quota:
      return Case.NoSpace;
    default:
      return Case.Io;
  }
}
