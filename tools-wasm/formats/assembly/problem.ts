// What can be wrong with an archive. Each tool has its own error for it.
// Knows nothing of formats, files or contracts.

export const enum ProblemKind {
  /** The bytes are damaged, or no archive: `reason`. */
  Corrupt,
  /** `entry` would lead elsewhere, or lies over another: `reason`. */
  UnsafeEntry,
  /** `entry` is what is neither read nor written here: `reason`. */
  Unsupported,
  /** There are more bytes than `limit`. */
  TooLarge,
  /** There are more entries than `limit`. */
  TooMany,
}

/** The first thing that is wrong with an archive. */
export class FormatProblem {
  private constructor(
    public kind: ProblemKind,
    public entry: string,
    public reason: string,
    public limit: u64,
  ) {}

  static corrupt(reason: string): FormatProblem {
    return new FormatProblem(ProblemKind.Corrupt, "", reason, 0);
  }

  static unsafeEntry(entry: string, reason: string): FormatProblem {
    return new FormatProblem(ProblemKind.UnsafeEntry, entry, reason, 0);
  }

  static unsupported(entry: string, reason: string): FormatProblem {
    return new FormatProblem(ProblemKind.Unsupported, entry, reason, 0);
  }

  static tooLarge(limit: u64): FormatProblem {
    return new FormatProblem(ProblemKind.TooLarge, "", "", limit);
  }

  static tooMany(limit: u32): FormatProblem {
    return new FormatProblem(ProblemKind.TooMany, "", "", limit);
  }
}
