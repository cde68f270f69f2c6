// Characters that no set of a pattern tells apart are one class; the machine works on classes.
// Knows nothing of programs.

import { stableSort } from "../sort";
import { CharSet, LAST_CODE_POINT } from "./char-set";
import { wordSet } from "./named-sets";

const ASCII: i32 = 128;

/** The classes of a pattern, and the class of every code point. */
export class Alphabet {
  /** How many classes there are. */
  size: i32 = 1;
  /** The class of each ASCII character, times four: where its transition is in a row of them. */
  ascii: StaticArray<u16> = new StaticArray<u16>(ASCII);
  /** The class of each interval that starts at one of `starts`. */
  private classes: StaticArray<i32>;
  /** One bit for each class, one row for each set. */
  private members: StaticArray<u32> = [];
  private rowSize: i32 = 0;

  private constructor(private starts: i32[]) {
    this.classes = new StaticArray<i32>(starts.length);
  }

  /** The classes of `sets`; with `words`, a class is either of word characters or of others. */
  static of(sets: CharSet[], words: bool): Alphabet {
    const all = words ? sets.concat([wordSet()]) : sets;
    const alphabet = new Alphabet(startsOf(all));
    const parts = new Parts(alphabet.starts.length);
    for (let i = 0; i < all.length; i++) alphabet.split(all[i], parts, i + 1);
    alphabet.rowSize = (alphabet.size + 31) >> 5;
    alphabet.members = new StaticArray<u32>(alphabet.rowSize * sets.length);
    for (let i = 0; i < sets.length; i++) alphabet.mark(i, sets[i]);
    for (let point = 0; point < ASCII; point++) alphabet.ascii[point] = <u16>(alphabet.search(point) << 2);
    return alphabet;
  }

  /** Whether class `c` is in set `index`. */
  has(index: i32, c: i32): bool {
    return ((unchecked(this.members[index * this.rowSize + (c >> 5)]) >> (c & 31)) & 1) != 0;
  }

  /** The class of a code point. */
  search(point: i32): i32 {
    return this.classes[this.intervalOf(point)];
  }

  private intervalOf(point: i32): i32 {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (unchecked(this.starts[middle]) <= point) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Splits every class of which only a part is in `set`. */
  private split(set: CharSet, parts: Parts, stamp: i32): void {
    const ranges = set.ranges;
    for (let r = 0; r < ranges.length; r += 2) {
      const end = this.intervalOf(ranges[r + 1]);
      for (let i = this.intervalOf(ranges[r]); i <= end; i++) parts.meet(this.classes[i], stamp);
    }
    for (let r = 0; r < ranges.length; r += 2) {
      const end = this.intervalOf(ranges[r + 1]);
      for (let i = this.intervalOf(ranges[r]); i <= end; i++) this.classes[i] = parts.move(this.classes[i]);
    }
    this.size = parts.count;
  }

  /** Records which classes are in `set`, the one at `index`. */
  private mark(index: i32, set: CharSet): void {
    const ranges = set.ranges;
    for (let r = 0; r < ranges.length; r += 2) {
      const end = this.intervalOf(ranges[r + 1]);
      for (let i = this.intervalOf(ranges[r]); i <= end; i++) {
        const c = this.classes[i];
        const word = index * this.rowSize + (c >> 5);
        this.members[word] = this.members[word] | (1 << (c & 31));
      }
    }
  }
}

/** Refines a partition of intervals: what is met of a class leaves it, unless all of it was met. */
class Parts {
  count: i32 = 1;
  private totals: StaticArray<i32>;
  private met: StaticArray<i32>;
  private stamps: StaticArray<i32>;
  /** The class that what was met of a class goes to; 0 while none is needed. */
  private targets: StaticArray<i32>;

  constructor(intervals: i32) {
    // A class has an interval at least, so there are never more classes than intervals.
    this.totals = new StaticArray<i32>(intervals);
    this.met = new StaticArray<i32>(intervals);
    this.stamps = new StaticArray<i32>(intervals);
    this.targets = new StaticArray<i32>(intervals);
    this.totals[0] = intervals;
  }

  /** Counts an interval of class `c` for the set whose number is `stamp`. */
  meet(c: i32, stamp: i32): void {
    if (this.stamps[c] != stamp) {
      this.stamps[c] = stamp;
      this.met[c] = 0;
      this.targets[c] = 0;
    }
    this.met[c]++;
  }

  /** The class that an interval of class `c`, which was met, is in from now on. */
  move(c: i32): i32 {
    if (this.targets[c] == 0) {
      if (this.met[c] == this.totals[c]) return c;
      this.targets[c] = this.count;
      this.totals[this.count] = this.met[c];
      this.totals[c] = this.totals[c] - this.met[c];
      this.count++;
    }
    return this.targets[c];
  }
}

/** Every place where some set starts or has ended, sorted, each once. */
function startsOf(sets: CharSet[]): i32[] {
  const all: i32[] = [0];
  for (let i = 0; i < sets.length; i++) {
    const ranges = sets[i].ranges;
    for (let j = 0; j < ranges.length; j += 2) {
      all.push(ranges[j]);
      if (ranges[j + 1] < LAST_CODE_POINT) all.push(ranges[j + 1] + 1);
    }
  }
  stableSort(all, (a, b) => a - b);
  let count = 1;
  for (let i = 1; i < all.length; i++) {
    if (all[i] != all[count - 1]) all[count++] = all[i];
  }
  return all.slice(0, count);
}
