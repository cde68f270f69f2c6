// A place in a pattern, and the first thing that went wrong there.
// Knows nothing of the grammar.

import { PatternProblem } from "./problem";

/** No code point: the end of the pattern. */
export const NONE: i32 = -1;

/** Reads a pattern, code point by code point. */
export class Cursor {
  at: i32 = 0;
  problem: PatternProblem | null = null;
  private points: i32[];

  constructor(pattern: string) {
    this.points = pointsOf(pattern);
  }

  get length(): i32 {
    return this.points.length;
  }

  get more(): bool {
    return this.at < this.points.length;
  }

  get failed(): bool {
    return this.problem !== null;
  }

  /** The code point at `index`; -1 outside the pattern. */
  pointAt(index: i32): i32 {
    return index < this.points.length ? unchecked(this.points[index]) : NONE;
  }

  isAt(character: string): bool {
    return this.pointAt(this.at) == character.charCodeAt(0);
  }

  /** Goes past `character` if that is what stands here. */
  take(character: string): bool {
    if (!this.isAt(character)) return false;
    this.at++;
    return true;
  }

  /** Goes past `text` (ASCII) if that is what stands here. */
  takeText(text: string): bool {
    for (let i = 0; i < text.length; i++) {
      if (this.pointAt(this.at + i) != text.charCodeAt(i)) return false;
    }
    this.at += text.length;
    return true;
  }

  /** The code point here, and goes past it; -1 at the end. */
  next(): i32 {
    const point = this.pointAt(this.at);
    if (point != NONE) this.at++;
    return point;
  }

  /** Remembers the first problem, and goes to the end, where every loop stops. */
  fail(position: i32, reason: string): void {
    if (this.problem === null) this.problem = new PatternProblem(position, reason, false);
    this.at = this.points.length;
  }

  failComplex(position: i32, reason: string): void {
    if (this.problem === null) this.problem = new PatternProblem(position, reason, true);
    this.at = this.points.length;
  }

  /** `count` characters of the pattern from `start` on. */
  text(start: i32, count: i32): string {
    let text = "";
    for (let i = start; i < start + count; i++) text += String.fromCodePoint(this.pointAt(i));
    return text;
  }

  /** How many decimal digits stand at `index`. */
  digitsAt(index: i32): i32 {
    let count = 0;
    while (isDigit(this.pointAt(index + count))) count++;
    return count;
  }

  /** The decimal number here, or `highest` if it is larger. */
  number(highest: u32): u32 {
    let value: u32 = 0;
    while (isDigit(this.pointAt(this.at))) value = min(highest, value * 10 + (this.next() - 0x30));
    return value;
  }
}

/** Whether a code point is one of 0 to 9. */
export function isDigit(point: i32): bool {
  return point >= 0x30 && point <= 0x39;
}

function pointsOf(text: string): i32[] {
  const points: i32[] = [];
  for (let i = 0; i < text.length; ) {
    const point = text.codePointAt(i);
    points.push(point);
    i += point > 0xffff ? 2 : 1;
  }
  return points;
}
