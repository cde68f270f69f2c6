// Runs a program as a deterministic machine whose states are made as they are met (as RE2 and grep do it): time is
// linear in the text, memory is bounded. Knows nothing of lines.

import { Alphabet } from "./alphabet";
import { findUnit } from "./find-unit";
import { FirstUnits } from "./first-units";
import { Assertion } from "./node";
import { Op, Program } from "./program";
import { DEAD, Kernel, MATCH, States, UNKNOWN } from "./states";

/** What stands next to a place in the text. */
const enum Side {
  Edge,
  Word,
  Other,
}

/** A compiled pattern. Texts can be tested one after the other; each finds the states that earlier ones have made. */
export class Machine {
  private states: States;
  /** What the next state holds, and what is still to be visited on the way to it. */
  private kernel: Kernel;
  private pending: Kernel;
  private anchored: bool = false;
  private skips: bool = false;
  private a: u16 = 0;
  private b: u16 = 0;
  private c: u16 = 0;
  /** The states in which nothing of a match has been seen, by the side before them; 0 for not made. */
  private restarts: StaticArray<usize> = [0, 0, 0];
  private epoch: i32 = 0;

  constructor(
    private program: Program,
    private alphabet: Alphabet,
  ) {
    this.states = new States(alphabet.size + 1, program.start);
    this.kernel = new Kernel(program.length);
    this.pending = new Kernel(program.length);
    const first = new FirstUnits(program);
    this.anchored = first.anchored;
    const units = first.units;
    this.skips = units.length > 0 && !first.anchored;
    if (this.skips) {
      this.a = units[0];
      this.b = units[units.length > 1 ? 1 : 0];
      this.c = units[units.length > 2 ? 2 : 0];
    }
  }

  /** Whether the pattern matches somewhere in the UTF-16 text from `at` to `end`. */
  test(at: usize, end: usize): bool {
    const ascii = changetype<usize>(this.alphabet.ascii);
    const skips = this.skips;
    let state = this.restart(Side.Edge);
    while (at < end) {
      if (skips && States.isMarked(state)) {
        const found = findUnit(at, end, this.a, this.b, this.c);
        if (found == end) return false;
        if (found > at) state = this.restart(this.sideOf(load<u16>(found - 2)));
        at = found;
      }
      let point = <i32>load<u16>(at);
      at += 2;
      let row: i32;
      if (point < 128) {
        row = load<u16>(ascii + (<usize>point << 1));
      } else {
        if ((point & 0xfc00) == 0xd800 && at < end && (load<u16>(at) & 0xfc00) == 0xdc00) {
          point = (((point & 0x3ff) << 10) | (load<u16>(at) & 0x3ff)) + 0x10000;
          at += 2;
        }
        row = this.alphabet.search(point) << 2;
      }
      let target = States.target(state, row);
      if (target <= DEAD) {
        if (target == UNKNOWN) target = this.step(state, row, this.sideOf(point));
        if (target <= DEAD) return target == MATCH;
      }
      state = target;
    }
    const row = this.alphabet.size << 2;
    let target = States.target(state, row);
    if (target == UNKNOWN) target = this.step(state, row, Side.Edge);
    return target == MATCH;
  }

  /** Makes the transition of `state` on a class (its number times four), the side that follows being `after`. */
  private step(state: usize, row: i32, after: Side): usize {
    const c = row >> 2;
    let target = MATCH;
    if (!this.advance(state, c, after)) {
      if (!this.anchored) this.kernel.add(this.program.start);
      if (c == this.alphabet.size || this.kernel.length == 0) target = DEAD;
      else {
        const epoch = this.states.epoch;
        target = this.states.intern(this.kernel, after);
        if (this.states.epoch != epoch) return target;
      }
    }
    States.setTarget(state, row, target);
    return target;
  }

  /** Collects what follows `state` on class `c`; true when the text matches without looking further. */
  private advance(state: usize, c: i32, after: Side): bool {
    const program = this.program;
    const pending = this.pending;
    const kernel = this.kernel;
    const before = <Side>States.before(state);
    const items = States.kernelAt(state);
    kernel.clear();
    pending.clear();
    for (let i = 0; i < States.kernelLength(state); i++) pending.add(load<i32>(items + (<usize>i << 2)));
    while (pending.length > 0) {
      const pc = pending.pop();
      const next = unchecked(program.next[pc]);
      const arg = unchecked(program.args[pc]);
      switch (<Op>unchecked(program.ops[pc])) {
        case Op.Match:
          return true;
        case Op.Set:
          if (c < this.alphabet.size && this.alphabet.has(arg, c)) kernel.add(next);
          break;
        case Op.Assertion:
          if (holds(<Assertion>arg, before, after)) pending.add(next);
          break;
        case Op.Save:
          pending.add(next);
          break;
        default:
          pending.add(next);
          pending.add(arg);
      }
    }
    return false;
  }

  private restart(before: Side): usize {
    if (this.epoch != this.states.epoch) {
      this.restarts.fill(0);
      this.epoch = this.states.epoch;
    }
    const known = this.restarts[before];
    if (known != 0) return known;
    this.kernel.clear();
    this.kernel.add(this.program.start);
    const state = this.states.intern(this.kernel, this.needed(before));
    if (this.epoch == this.states.epoch) this.restarts[before] = state;
    return state;
  }

  /** The side that a character, or a unit of one, makes for what stands next to it. */
  private sideOf(point: i32): Side {
    return this.needed(isWord(point) ? Side.Word : Side.Other);
  }

  /** States that no assertion tells apart are one. */
  private needed(side: Side): Side {
    if (this.program.usesWords || (side == Side.Edge && this.program.usesStart)) return side;
    return Side.Other;
  }
}

function holds(assertion: Assertion, before: Side, after: Side): bool {
  switch (assertion) {
    case Assertion.Start:
      return before == Side.Edge;
    case Assertion.End:
      return after == Side.Edge;
    case Assertion.WordBoundary:
      return (before == Side.Word) != (after == Side.Word);
    default:
      return (before == Side.Word) == (after == Side.Word);
  }
}

function isWord(point: i32): bool {
  return (
    (point >= 0x61 && point <= 0x7a) ||
    (point >= 0x41 && point <= 0x5a) ||
    (point >= 0x30 && point <= 0x39) ||
    point == 0x5f
  );
}
