// Finds where a program matches: the first match, and of those the one that backtracking would find (Pike 1987, and
// R. Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009). Time is the length of the text times that of
// the program. Knows nothing of what is done with a match.

import { Assertion } from "./node";
import { Op, Program } from "./program";

/** Places that a program has reached, best first, each with what it remembers. */
class Threads {
  count: i32 = 0;
  pcs: StaticArray<i32>;
  places: StaticArray<usize>;
  private stamps: StaticArray<u32>;
  private stamp: u32 = 0;

  constructor(program: i32, width: i32) {
    this.pcs = new StaticArray<i32>(program);
    this.places = new StaticArray<usize>(program * width);
    this.stamps = new StaticArray<u32>(program);
  }

  clear(): void {
    this.count = 0;
    this.stamp++;
  }

  /** True the first time that `pc` is visited. */
  visit(pc: i32): bool {
    if (unchecked(this.stamps[pc]) == this.stamp) return false;
    unchecked((this.stamps[pc] = this.stamp));
    return true;
  }
}

/** A compiled pattern that is looked for in one text after the other. */
export class Finder {
  /** After a match: where it starts and ends, then the same for each group; 0 for a group that took no part. */
  places: StaticArray<usize>;
  private current: Threads;
  private next: Threads;
  /** What is still to be visited: a place in the program, or one to take back (negative), with what it was. */
  private stack: i32[] = [];
  private kept: usize[] = [];
  private trail: StaticArray<usize>;
  private from: usize = 0;
  private to: usize = 0;

  constructor(
    private program: Program,
    private width: i32,
  ) {
    this.places = new StaticArray<usize>(width);
    this.trail = new StaticArray<usize>(width);
    this.current = new Threads(program.length, width);
    this.next = new Threads(program.length, width);
  }

  /** Looks from `at` on for a match in the UTF-16 text from `from` to `to`; what it found is in `places`. */
  find(from: usize, to: usize, at: usize): bool {
    this.from = from;
    this.to = to;
    let found = false;
    this.current.clear();
    while (true) {
      if (!found) {
        this.trail.fill(0);
        unchecked((this.trail[0] = at));
        this.reach(this.current, this.program.start, at);
      }
      if (found && this.current.count == 0) break;
      const point = at < to ? pointAt(at, to) : -1;
      const after = at + (point > 0xffff ? 4 : 2);
      this.next.clear();
      if (this.advance(point, at, after)) found = true;
      const spare = this.current;
      this.current = this.next;
      this.next = spare;
      if (at >= to) break;
      at = after;
    }
    return found;
  }

  /** Takes every thread over one character, best first, as far as one that matches. */
  private advance(point: i32, at: usize, after: usize): bool {
    const program = this.program;
    const current = this.current;
    const size = <usize>this.width << 2;
    for (let i = 0; i < current.count; i++) {
      const pc = unchecked(current.pcs[i]);
      const places = changetype<usize>(current.places) + size * i;
      if (<Op>unchecked(program.ops[pc]) == Op.Match) {
        memory.copy(changetype<usize>(this.places), places, size);
        unchecked((this.places[1] = at));
        return true;
      }
      if (point < 0 || !unchecked(program.sets[unchecked(program.args[pc])]).has(point)) continue;
      memory.copy(changetype<usize>(this.trail), places, size);
      this.reach(this.next, unchecked(program.next[pc]), after);
    }
    return false;
  }

  /** Adds what can be reached from `pc` without a character, in order of preference. */
  private reach(threads: Threads, pc: i32, at: usize): void {
    const program = this.program;
    const stack = this.stack;
    stack.push(pc);
    while (stack.length > 0) {
      const top = stack.pop();
      if (top < 0) {
        unchecked((this.trail[~top] = this.kept.pop()));
        continue;
      }
      if (!threads.visit(top)) continue;
      const arg = unchecked(program.args[top]);
      const next = unchecked(program.next[top]);
      switch (<Op>unchecked(program.ops[top])) {
        case Op.Split:
          stack.push(arg);
          stack.push(next);
          break;
        case Op.Save:
          if (arg < this.width) {
            stack.push(~arg);
            this.kept.push(unchecked(this.trail[arg]));
            unchecked((this.trail[arg] = at));
          }
          stack.push(next);
          break;
        case Op.Assertion:
          if (this.holds(<Assertion>arg, at)) stack.push(next);
          break;
        default:
          this.keep(threads, top);
      }
    }
  }

  private keep(threads: Threads, pc: i32): void {
    const size = <usize>this.width << 2;
    memory.copy(changetype<usize>(threads.places) + size * threads.count, changetype<usize>(this.trail), size);
    unchecked((threads.pcs[threads.count++] = pc));
  }

  private holds(assertion: Assertion, at: usize): bool {
    if (assertion == Assertion.Start) return at == this.from;
    if (assertion == Assertion.End) return at == this.to;
    const before = at > this.from && isWord(load<u16>(at - 2));
    const after = at < this.to && isWord(load<u16>(at));
    return (before != after) == (assertion == Assertion.WordBoundary);
  }
}

/** The code point at `at`; a surrogate that stands alone is one. */
export function pointAt(at: usize, to: usize): i32 {
  const unit = <i32>load<u16>(at);
  if ((unit & 0xfc00) != 0xd800 || at + 2 >= to || (load<u16>(at, 2) & 0xfc00) != 0xdc00) return unit;
  return (((unit & 0x3ff) << 10) | (load<u16>(at, 2) & 0x3ff)) + 0x10000;
}

function isWord(unit: i32): bool {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit == 0x5f
  );
}
