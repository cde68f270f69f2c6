// text.patch: finds the place of each hunk as GNU patch does (offsets nearest first, then less and less context), and
// puts the text together. Knows nothing of how a result is laid out.

import { Result } from "../../sdk/assembly/result";
import { Change, Hunk, Line, PatchReader, splitText } from "./hunks";
import { MAX_UNITS, Output } from "../../sdk/assembly/output";
import { TextError } from "./text-error";

/** `text` after all hunks of `patch`. */
export function patchText(text: string, patch: string, fuzz: u32): Result<Output, TextError> {
  if (text.length > MAX_UNITS || patch.length > MAX_UNITS) {
    return Result.err<Output, TextError>(TextError.tooLarge(MAX_UNITS));
  }
  const reader = new PatchReader(patch);
  reader.read();
  if (reader.problem !== null) return Result.err<Output, TextError>(reader.problem!);
  const patching = new Patching(splitText(text), fuzz, text.length);
  for (let i = 0; i < reader.hunks.length; i++) {
    const hunk = reader.hunks[i];
    if (!patching.apply(hunk)) return Result.err<Output, TextError>(TextError.hunkFailed(i + 1, hunk.line));
  }
  const output = patching.finish();
  if (output.full) return Result.err<Output, TextError>(TextError.tooLarge(MAX_UNITS));
  return Result.ok<Output, TextError>(output);
}

/** A text that hunks are applied to, from its start to its end. */
class Patching {
  private output: Output;
  /** How many lines of the text have been dealt with. */
  private frozen: i32 = 0;
  /** By how many lines the last hunk was found away from where it was expected. */
  private drift: i32 = 0;

  constructor(
    private lines: Line[],
    private fuzz: u32,
    length: i32,
  ) {
    this.output = new Output(length);
  }

  /** False when the hunk fits nowhere. */
  apply(hunk: Hunk): bool {
    const most = <i32>min<u32>(this.fuzz, max(hunk.before, hunk.after));
    let where = 0;
    for (let fuzz = 0; fuzz <= most && where == 0; fuzz++) where = this.locate(hunk, fuzz);
    if (where == 0) return false;
    let old = where;
    for (let i = 0; i < hunk.changes.length; i++) {
      const change = hunk.changes[i];
      if (change != Change.Context) {
        this.copyTo(old - 1);
        if (change == Change.Removed) this.frozen = old;
        else this.write(hunk.lines[i].from, hunk.lines[i].to);
      }
      if (change != Change.Added) old++;
    }
    return true;
  }

  finish(): Output {
    this.copyTo(this.lines.length);
    return this.output;
  }

  /** Copies what is left of the first `count` lines. */
  private copyTo(count: i32): void {
    if (this.frozen >= count) return;
    this.write(this.lines[this.frozen].from, this.lines[count - 1].to);
    this.frozen = count;
  }

  /** Adds whole lines; what was the last line, and had no line end, gets one. */
  private write(from: usize, to: usize): void {
    const end = this.output.address + (<usize>this.output.length << 1);
    if (this.output.length > 0 && load<u16>(end - 2) != 0x0a) this.output.addText("\n");
    this.output.add(from, to);
  }

  /** The line, from 1, that the hunk fits at with `fuzz` lines of its longer context left out; 0 for none. */
  private locate(hunk: Hunk, fuzz: i32): i32 {
    const guess = hunk.first + this.drift;
    const count = hunk.old.length;
    if (count == 0) return guess - 1 >= this.frozen && guess - 1 <= this.lines.length && guess > 0 ? guess : 0;
    const context = max(hunk.before, hunk.after);
    const head = fuzz + hunk.before - context;
    const tail = fuzz + hunk.after - context;
    // Less context on one side means that the text starts, or ends, there.
    if (head < 0 && hunk.first <= 1) {
      if (tail < 0 && count != this.lines.length) return 0;
      return this.frozen <= hunk.before ? this.tryAt(hunk, 1, 0, max(tail, 0)) : 0;
    }
    if (tail < 0) return this.tryAt(hunk, this.lines.length - count + 1, max(head, 0), 0);
    return this.nearest(hunk, guess, max(head, 0), tail);
  }

  private nearest(hunk: Hunk, guess: i32, head: i32, tail: i32): i32 {
    const first = max(1, this.frozen + 1);
    const last = this.lines.length - (hunk.old.length - tail) + 1;
    const farthest = max(last - guess, guess - first);
    for (let distance = max(0, max(guess - last, first - guess)); distance <= farthest; distance++) {
      if (guess + distance >= first && guess + distance <= last) {
        const found = this.tryAt(hunk, guess + distance, head, tail);
        if (found != 0) return found;
      }
      if (guess - distance >= first && guess - distance <= last) {
        const found = this.tryAt(hunk, guess - distance, head, tail);
        if (found != 0) return found;
      }
    }
    return 0;
  }

  private tryAt(hunk: Hunk, where: i32, head: i32, tail: i32): i32 {
    if (where <= this.frozen || where < 1) return 0;
    for (let i = head; i < hunk.old.length - tail; i++) {
      const line = where - 1 + i;
      if (line >= this.lines.length || !this.lines[line].equals(hunk.old[i])) return 0;
    }
    this.drift = where - hunk.first;
    return where;
  }
}
