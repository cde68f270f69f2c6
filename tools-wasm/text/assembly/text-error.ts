// The `text-error` of glovebox:std/text: its cases, and its layout in memory.
// Knows nothing of the actions.

import { PatternProblem } from "../../sdk/assembly/regex/problem";
import { storeString } from "../../sdk/assembly/strings";

const enum Case {
  InvalidPattern,
  PatternTooComplex,
  NoSuchGroup,
  CountMismatch,
  InvalidPatch,
  HunkFailed,
  TooLarge,
}

/** A failure that the contract allows, with its payload. */
export class TextError {
  private constructor(
    private tag: Case,
    private first: u32,
    private second: u32,
    private text: string,
  ) {}

  static ofPattern(problem: PatternProblem): TextError {
    const tag = problem.tooComplex ? Case.PatternTooComplex : Case.InvalidPattern;
    return new TextError(tag, problem.position, 0, problem.reason);
  }

  static noSuchGroup(group: u32): TextError {
    return new TextError(Case.NoSuchGroup, group, 0, "");
  }

  static countMismatch(count: u32): TextError {
    return new TextError(Case.CountMismatch, count, 0, "");
  }

  static invalidPatch(line: u32, reason: string): TextError {
    return new TextError(Case.InvalidPatch, line, 0, reason);
  }

  static hunkFailed(hunk: u32, line: u32): TextError {
    return new TextError(Case.HunkFailed, hunk, line, "");
  }

  static tooLarge(limit: u32): TextError {
    return new TextError(Case.TooLarge, limit, 0, "");
  }

  /** Writes the variant to `target`: the case at 0, its payload at 4; 16 bytes in all. */
  store(target: usize): void {
    store<u8>(target, <u8>this.tag);
    if (this.tag == Case.PatternTooComplex) {
      storeString(target + 4, this.text);
      return;
    }
    store<u32>(target, this.first, 4);
    if (this.tag == Case.HunkFailed) store<u32>(target, this.second, 8);
    else storeString(target + 8, this.text);
  }
}
