// Why a pattern is refused.
// Knows nothing of how that is reported.

/** What is wrong with a pattern, and where. */
export class PatternProblem {
  constructor(
    /** The character of the pattern, counted from 0. */
    public position: i32,
    public reason: string,
    /** True when the pattern is right but too large. */
    public tooComplex: bool,
  ) {}
}
