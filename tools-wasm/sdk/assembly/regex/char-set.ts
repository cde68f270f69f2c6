// Sets of code points, as sorted ranges that neither touch nor overlap.
// Knows nothing of patterns.

/** U+10FFFF. */
export const LAST_CODE_POINT: i32 = 0x10ffff;

/** A set of code points: `ranges` holds first, last, first, last, ... */
export class CharSet {
  ranges: i32[] = [];

  /** The set of these ranges (first, last, first, last, ...), in any order. */
  static of(ranges: StaticArray<i32>): CharSet {
    const set = new CharSet();
    for (let i = 0; i < ranges.length; i += 2) set.add(ranges[i], ranges[i + 1]);
    return set;
  }

  /** The set of one code point. */
  static single(point: i32): CharSet {
    const set = new CharSet();
    set.ranges.push(point);
    set.ranges.push(point);
    return set;
  }

  /** Adds every code point from `first` to `last`. */
  add(first: i32, last: i32): void {
    const ranges = this.ranges;
    // The ranges before `from` end too early to touch the new one, those from `to` on start too late.
    let from = 0;
    while (from < ranges.length && ranges[from + 1] < first - 1) from += 2;
    let to = from;
    while (to < ranges.length && ranges[to] <= last + 1) {
      first = min(first, ranges[to]);
      last = max(last, ranges[to + 1]);
      to += 2;
    }
    this.replace(from, to, first, last);
  }

  addAll(other: CharSet): void {
    for (let i = 0; i < other.ranges.length; i += 2) this.add(other.ranges[i], other.ranges[i + 1]);
  }

  /** Puts one range in the place of those from `from` to `to`, without leaving garbage behind. */
  private replace(from: i32, to: i32, first: i32, last: i32): void {
    const ranges = this.ranges;
    const length = ranges.length;
    if (to == from) ranges.length = length + 2;
    ranges.copyWithin(from + 2, to, length);
    if (to > from) ranges.length = length - (to - from) + 2;
    ranges[from] = first;
    ranges[from + 1] = last;
  }

  /** Every code point that is not in this set. */
  negated(): CharSet {
    const set = new CharSet();
    let next = 0;
    for (let i = 0; i < this.ranges.length; i += 2) {
      if (this.ranges[i] > next) {
        set.ranges.push(next);
        set.ranges.push(this.ranges[i] - 1);
      }
      next = this.ranges[i + 1] + 1;
    }
    if (next <= LAST_CODE_POINT) {
      set.ranges.push(next);
      set.ranges.push(LAST_CODE_POINT);
    }
    return set;
  }

  has(point: i32): bool {
    const ranges = this.ranges;
    let from = 0;
    let to = ranges.length >> 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (unchecked(ranges[2 * middle + 1]) < point) from = middle + 1;
      else to = middle;
    }
    return from << 1 < ranges.length && unchecked(ranges[2 * from]) <= point;
  }

  equals(other: CharSet): bool {
    const size = this.ranges.length;
    if (size != other.ranges.length) return false;
    if (size > 0 && this.ranges[0] != other.ranges[0]) return false;
    return memory.compare(this.ranges.dataStart, other.ranges.dataStart, <usize>size << 2) == 0;
  }
}
