// text.replace: in each line where a pattern matches, or wherever a text stands.
// Knows nothing of how a result is laid out.

import { findUnit } from "../../sdk/assembly/regex/find-unit";
import { Finder, pointAt } from "../../sdk/assembly/regex/finder";
import { Machine } from "../../sdk/assembly/regex/machine";
import { compileFinder, groupsOf } from "../../sdk/assembly/regex/regex";
import { Result } from "../../sdk/assembly/result";
import { MAX_UNITS, Output } from "../../sdk/assembly/output";
import { Template } from "./template";
import { TextError } from "./text-error";

/** `text` with every match replaced; with `expected` (not -1), by as many as that. */
export function replaceText(
  text: string,
  pattern: string,
  replacement: string,
  literal: bool,
  expected: i64,
): Result<Output, TextError> {
  if (text.length > MAX_UNITS) return Result.err<Output, TextError>(TextError.tooLarge(MAX_UNITS));
  const output = new Output(text.length);
  let count = 0;
  if (literal) count = replaceLiteral(text, pattern, replacement, output);
  else {
    const template = Template.of(replacement, groupsOf(pattern));
    const compiled = compileFinder(pattern, template.highest);
    if (compiled.problem !== null) return Result.err<Output, TextError>(TextError.ofPattern(compiled.problem!));
    if (template.missing > 0) return Result.err<Output, TextError>(TextError.noSuchGroup(template.missing));
    const replacing = new Replacing(compiled.finder!, compiled.machine!, template, output);
    count = replacing.all(text);
  }
  if (output.full) return Result.err<Output, TextError>(TextError.tooLarge(MAX_UNITS));
  if (expected >= 0 && expected != count) return Result.err<Output, TextError>(TextError.countMismatch(count));
  return Result.ok<Output, TextError>(output);
}

function replaceLiteral(text: string, wanted: string, replacement: string, output: Output): i32 {
  const start = changetype<usize>(text);
  let count = 0;
  let from = 0;
  while (wanted.length > 0 && !output.full) {
    const found = text.indexOf(wanted, from);
    if (found < 0) break;
    output.add(start + (<usize>from << 1), start + (<usize>found << 1));
    output.addText(replacement);
    from = found + wanted.length;
    count++;
  }
  output.add(start + (<usize>from << 1), start + (<usize>text.length << 1));
  return count;
}

/** One replacement of a pattern by a template. */
class Replacing {
  private count: i32 = 0;

  constructor(
    private finder: Finder,
    private machine: Machine,
    private template: Template,
    private output: Output,
  ) {}

  /** Goes through all lines; returns how many places were replaced. */
  all(text: string): i32 {
    const output = this.output;
    let at = changetype<usize>(text);
    const end = at + (<usize>text.length << 1);
    while (!output.full) {
      const next = findUnit(at, end, 0x0a, 0x0a, 0x0a);
      const last = next < end && next > at && load<u16>(next - 2) == 0x0d ? next - 2 : next;
      if (this.machine.test(at, last)) this.line(at, last);
      else output.add(at, last);
      if (next == end) break;
      output.add(last, next + 2);
      at = next + 2;
      // What ends with a line end has no line behind it.
      if (at == end) break;
    }
    return this.count;
  }

  private line(from: usize, to: usize): void {
    const output = this.output;
    const finder = this.finder;
    let done = from;
    let at = from;
    while (at <= to && !output.full && finder.find(from, to, at)) {
      this.count++;
      const start = unchecked(finder.places[0]);
      const end = unchecked(finder.places[1]);
      output.add(done, start);
      this.template.write(finder.places, output);
      done = end;
      at = end;
      // A match of nothing would be found again.
      if (start == end) at += end < to && pointAt(end, to) > 0xffff ? 4 : 2;
    }
    output.add(done, to);
  }
}
