// Which code points are the same letter when case does not count (Unicode simple case folding).
// Knows nothing of patterns.

import { CASE_FOLDING } from "./case-folding-table";
import { CharSet } from "./char-set";

const ROW: i32 = 3;
/** The most code points that are one letter: after three steps every one of them has been met. */
const STEPS: i32 = 3;

/** `set` and every code point that differs from one of it by case only. */
export function foldCase(set: CharSet): CharSet {
  const folded = new CharSet();
  folded.addAll(set);
  for (let step = 0; step < STEPS; step++) {
    const ranges = folded.ranges.slice();
    for (let i = 0; i < ranges.length; i += 2) addNext(folded, ranges[i], ranges[i + 1]);
  }
  return folded;
}

/** Adds the next of the same letter for each code point from `first` to `last`. */
function addNext(set: CharSet, first: i32, last: i32): void {
  for (let row = rowAt(first); row < CASE_FOLDING.length && CASE_FOLDING[row] <= last; row += ROW) {
    const from = max(first, CASE_FOLDING[row]);
    const to = min(last, CASE_FOLDING[row + 1]);
    const delta = CASE_FOLDING[row + 2];
    if (delta != 0) {
      set.add(from + delta, to + delta);
    } else {
      const origin = CASE_FOLDING[row];
      set.add(origin + ((from - origin) & ~1), origin + ((to - origin) | 1));
    }
  }
}

/** The first row that does not end before `point`. */
function rowAt(point: i32): i32 {
  let low = 0;
  let high = CASE_FOLDING.length / ROW;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (CASE_FOLDING[middle * ROW + 1] < point) low = middle + 1;
    else high = middle;
  }
  return low * ROW;
}
