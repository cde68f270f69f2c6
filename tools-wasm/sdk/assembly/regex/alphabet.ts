// Characters that no set of a pattern tells apart are one class; the machine works on classes.
// Knows nothing of programs.

import { CharSet, LAST_CODE_POINT } from "./char-set";
import { wordSet } from "./named-sets";

const ASCII: i32 = 128;

export class Alphabet {
  /** How many classes there are. */
  size: i32 = 1;
  /** The class of each ASCII character, times four: where its transition is in a row of them. */
  ascii: StaticArray<u16> = new StaticArray<u16>(ASCII);
  /** The class of each interval that starts at one of `starts`. */
  private classes: i32[];
  /** One bit for each class, one row for each set. */
  private members: StaticArray<u32> = [];
  private rowSize: i32 = 0;

  private constructor(private starts: i32[]) {
    this.classes = new Array<i32>(starts.length);
  }

  /** The classes of `sets`; with `words`, a class is either of word characters or of others. */
  static of(sets: CharSet[], words: bool): Alphabet {
    const all = words ? sets.concat([wordSet()]) : sets;
    const alphabet = new Alphabet(startsOf(all));
    for (let i = 0; i < all.length; i++) alphabet.split(all[i]);
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
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (unchecked(this.starts[middle]) <= point) low = middle;
      else high = middle;
    }
    return unchecked(this.classes[low]);
  }

  /** Splits every class of which only a part is in `set`. */
  private split(set: CharSet): void {
    const inside = new Array<i32>(this.size).fill(-1);
    const outside = new Array<i32>(this.size).fill(-1);
    let size = 0;
    let range = 0;
    for (let i = 0; i < this.starts.length; i++) {
      range = rangeAt(set, range, this.starts[i]);
      const renamed = isIn(set, range, this.starts[i]) ? inside : outside;
      const old = this.classes[i];
      if (renamed[old] < 0) renamed[old] = size++;
      this.classes[i] = renamed[old];
    }
    this.size = size;
  }

  /** Records which classes are in `set`, the one at `index`. */
  private mark(index: i32, set: CharSet): void {
    let range = 0;
    for (let i = 0; i < this.starts.length; i++) {
      range = rangeAt(set, range, this.starts[i]);
      if (!isIn(set, range, this.starts[i])) continue;
      const c = this.classes[i];
      const word = index * this.rowSize + (c >> 5);
      this.members[word] = this.members[word] | (1 << (c & 31));
    }
  }
}

/** The first range of `set`, from `range` on, that does not end before `point`. */
function rangeAt(set: CharSet, range: i32, point: i32): i32 {
  while (range < set.ranges.length && set.ranges[range + 1] < point) range += 2;
  return range;
}

function isIn(set: CharSet, range: i32, point: i32): bool {
  return range < set.ranges.length && set.ranges[range] <= point;
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
  all.sort((a, b) => a - b);
  let count = 1;
  for (let i = 1; i < all.length; i++) {
    if (all[i] != all[count - 1]) all[count++] = all[i];
  }
  return all.slice(0, count);
}
