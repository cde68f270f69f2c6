// Which code points are the same letter when case does not count (Unicode simple case folding).
// Knows nothing of patterns.

import { ROW_BYTES, ROW_COUNT } from "./case-folding-table";
import { CharSet } from "./char-set";

/** First and last code point, and the distance to the next of the same letter. */
const ROW: usize = 12;
/** Unpacked when it is first needed; memory of its own, which outlasts a call. */
const rows: usize = memory.data(<i32>ROW * ROW_COUNT, 4);
const end: usize = rows + ROW * ROW_COUNT;
let unpacked: bool = false;
/** The most code points that are one letter: after three steps every one of them has been met. */
const STEPS: i32 = 3;

/** `set` and every code point that differs from one of it by case only. */
export function foldCase(set: CharSet): CharSet {
  if (!unpacked) unpack();
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
  for (let row = rowAt(first); row < end && load<i32>(row) <= last; row += ROW) {
    const origin = load<i32>(row);
    const from = max(first, origin);
    const to = min(last, load<i32>(row, 4));
    const delta = load<i32>(row, 8);
    if (delta != 0) set.add(from + delta, to + delta);
    else set.add(origin + ((from - origin) & ~1), origin + ((to - origin) | 1));
  }
}

/** The first row that does not end before `point`. */
function rowAt(point: i32): usize {
  let low = 0;
  let high = ROW_COUNT;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(rows + ROW * middle, 4) < point) low = middle + 1;
    else high = middle;
  }
  return rows + ROW * low;
}

let at: usize = 0;

function unpack(): void {
  unpacked = true;
  at = ROW_BYTES;
  let next = 0;
  for (let row = rows; row < end; row += ROW) {
    const first = next + number();
    const last = first + number();
    const delta = number();
    store<i32>(row, first);
    store<i32>(row, last, 4);
    store<i32>(row, (delta >> 1) ^ -(delta & 1), 8);
    next = last + 1;
  }
}

/** The number at `at`, which moves behind it. */
function number(): i32 {
  let value = 0;
  let shift = 0;
  let byte = 0;
  do {
    byte = <i32>load<u8>(at++);
    value |= (byte & 0x7f) << shift;
    shift += 7;
  } while (byte >= 0x80);
  return value;
}
