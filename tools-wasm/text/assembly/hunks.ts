// A unified diff -> its hunks (the format that POSIX diff -U describes, as GNU diff and git write it).
// Knows nothing of the text that they are for.

import { findUnit } from "../../sdk/assembly/regex/find-unit";
import { TextError } from "./text-error";

const MAX_LINE: i64 = 1 << 30;

/** A line of a text, its line end included. */
export class Line {
  constructor(
    public from: usize,
    public to: usize,
  ) {}

  equals(other: Line): bool {
    const size = this.to - this.from;
    return size == other.to - other.from && memory.compare(this.from, other.from, size) == 0;
  }

  startsWith(text: string): bool {
    const size = <usize>text.length << 1;
    return this.to - this.from >= size && memory.compare(this.from, changetype<usize>(text), size) == 0;
  }
}

/** The lines of a text. */
export function splitText(text: string): Line[] {
  const lines: Line[] = [];
  let at = changetype<usize>(text);
  const end = at + (<usize>text.length << 1);
  while (at < end) {
    const next = min(findUnit(at, end, 0x0a, 0x0a, 0x0a) + 2, end);
    lines.push(new Line(at, next));
    at = next;
  }
  return lines;
}

/** What a line of a hunk is. */
export const enum Change {
  Context,
  Removed,
  Added,
}

/** A place in a text, what is there and what is to be there. */
export class Hunk {
  changes: Change[] = [];
  lines: Line[] = [];
  /** The context and the removed lines. */
  old: Line[] = [];
  /** How many lines of context there are before the first change, and after the last. */
  before: i32 = 0;
  after: i32 = 0;

  constructor(
    /** The line of the text that it says it starts at, from 1. */
    public first: i32,
    /** The line of the patch that it starts at, from 1. */
    public line: i32,
  ) {}

  add(change: Change, line: Line): void {
    this.changes.push(change);
    this.lines.push(line);
    if (change != Change.Added) this.old.push(line);
    if (change != Change.Context) this.after = 0;
    else this.after++;
    if (this.after == this.lines.length) this.before = this.after;
  }
}

/** Reads a patch line by line. */
export class PatchReader {
  hunks: Hunk[] = [];
  /** What is wrong with the patch; null for nothing. */
  problem: TextError | null = null;
  private lines: Line[];
  private at: i32 = 0;

  constructor(patch: string) {
    this.lines = splitText(patch);
  }

  /** Reads all hunks. */
  read(): void {
    let isOther = false;
    while (this.at < this.lines.length && this.problem === null) {
      const line = this.lines[this.at];
      if (line.startsWith("@@ ")) {
        if (isOther) this.fail("this is a hunk of a second file: apply one patch for each");
        else this.hunk();
        continue;
      }
      if (this.hunks.length > 0 && (line.startsWith("--- ") || line.startsWith("diff "))) isOther = true;
      this.at++;
    }
    if (this.problem === null && this.hunks.length == 0) {
      this.fail("there is no hunk: one starts with @@ -1,3 +1,4 @@");
    }
  }

  private fail(reason: string): void {
    this.problem = TextError.invalidPatch(max(1, min(this.at + 1, this.lines.length)), reason);
  }

  private hunk(): void {
    const header = new Numbers(this.lines[this.at]);
    const start = header.after(0x2d);
    const removed = header.count();
    header.after(0x2b);
    const added = header.count();
    if (header.failed) return this.fail("a hunk starts with @@ -1,3 +1,4 @@");
    // Of no lines, the number is that of the line before.
    const hunk = new Hunk(<i32>start + i32(removed == 0), this.at + 1);
    this.at++;
    this.body(hunk, <i32>removed, <i32>added);
    if (this.problem === null) this.hunks.push(hunk);
  }

  private body(hunk: Hunk, old: i32, added: i32): void {
    while (old > 0 || added > 0) {
      if (this.at == this.lines.length) return this.fail("the patch ends inside a hunk: its numbers of lines are wrong");
      const line = this.lines[this.at];
      const mark = load<u16>(line.from);
      // Editors cut off the blank of an empty line of context.
      const change = mark == 0x2b ? Change.Added : mark == 0x2d ? Change.Removed : Change.Context;
      if (mark != 0x20 && mark != 0x0a && change == Change.Context) {
        return this.fail("a line of a hunk starts with a blank, + or -: or are its numbers of lines wrong?");
      }
      if (change != Change.Added) old--;
      if (change != Change.Removed) added--;
      if (old < 0 || added < 0) return this.fail("the hunk has more lines than its first line says");
      this.at++;
      hunk.add(change, new Line(mark == 0x0a ? line.from : line.from + 2, this.endOf(line)));
    }
  }

  /** Where the content of the line before this one ends: before its line end, if the text has none there. */
  private endOf(line: Line): usize {
    if (this.at < this.lines.length && load<u16>(this.lines[this.at].from) == 0x5c) {
      this.at++;
      return line.to > line.from && load<u16>(line.to - 2) == 0x0a ? line.to - 2 : line.to;
    }
    return line.to;
  }
}

/** Reads the numbers of `@@ -1,3 +1,4 @@`. */
class Numbers {
  failed: bool = false;
  private at: usize;

  constructor(private line: Line) {
    this.at = line.from + 6;
  }

  /** The number behind `mark`. */
  after(mark: u16): i64 {
    if (this.unit == 0x20) this.at += 2;
    if (this.unit != mark) this.failed = true;
    this.at += 2;
    return this.number();
  }

  /** The number behind a comma; 1 when there is none. */
  count(): i64 {
    if (this.unit != 0x2c) return 1;
    this.at += 2;
    return this.number();
  }

  private get unit(): i32 {
    return this.at < this.line.to ? <i32>load<u16>(this.at) : -1;
  }

  private number(): i64 {
    let value: i64 = 0;
    const start = this.at;
    while (this.unit >= 0x30 && this.unit <= 0x39) {
      value = min(MAX_LINE, 10 * value + this.unit - 0x30);
      this.at += 2;
    }
    if (this.at == start) this.failed = true;
    return value;
  }
}
