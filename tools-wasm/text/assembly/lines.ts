// text.lines, text.count and text.join: lists of lines as the canonical ABI holds them, which are never copied.
// Knows nothing of how a result is wrapped.

import { Output } from "../../sdk/assembly/output";
import { stableSort } from "../../sdk/assembly/sort";

/** The cases of WIT's `order`, in its order. */
export const enum Order {
  Ascending,
  Descending,
  Numeric,
  NumericDescending,
}

/** The four numbers of WIT's `counts`. */
export class Counts {
  constructor(
    public lines: u32,
    public uniqueLines: u32,
    public words: u32,
    public characters: u32,
  ) {}
}

/** A line where it is, and the number that it starts with where that matters. */
class Line {
  constructor(
    public address: usize,
    public length: i32,
    public value: f64,
  ) {}

  get end(): usize {
    return this.address + (<usize>this.length << 1);
  }
}

/** The lines of a list: each an address and a length. */
export class LineList {
  private lines: Line[] = [];

  constructor(list: usize, count: i32) {
    for (let i = 0; i < count; i++) {
      const entry = list + (<usize>i << 3);
      this.lines.push(new Line(load<usize>(entry), load<i32>(entry, 4), 0));
    }
  }

  get count(): i32 {
    return this.lines.length;
  }

  /** Sorts; lines that are equal in the order stay as they were. */
  sort(order: Order): void {
    const lines = this.lines;
    if (order == Order.Numeric || order == Order.NumericDescending) {
      for (let i = 0; i < lines.length; i++) lines[i].value = leadingNumber(lines[i]);
    }
    switch (order) {
      case Order.Descending:
      case Order.NumericDescending:
        stableSort(lines, (a, b) => compare(b, a));
        break;
      default:
        stableSort(lines, compare);
    }
  }

  /** Leaves out every line that was there before. */
  unique(): void {
    const seen = new Seen(this.lines.length);
    const kept: Line[] = [];
    for (let i = 0; i < this.lines.length; i++) {
      if (seen.add(this.lines[i])) kept.push(this.lines[i]);
    }
    this.lines = kept;
  }

  /** Keeps the first `n`. */
  head(n: u32): void {
    if (n < <u32>this.lines.length) this.lines.length = <i32>n;
  }

  /** Keeps the last `n`. */
  tail(n: u32): void {
    const length = this.lines.length;
    if (n < <u32>length) this.lines = this.lines.slice(length - <i32>n);
  }

  /** The list as the canonical ABI holds it. */
  store(): usize {
    const list = heap.alloc(<usize>this.lines.length << 3);
    for (let i = 0; i < this.lines.length; i++) {
      const entry = list + (<usize>i << 3);
      store<usize>(entry, this.lines[i].address);
      store<u32>(entry, this.lines[i].length, 4);
    }
    return list;
  }

  counts(): Counts {
    let words: u32 = 0;
    let characters: u32 = 0;
    for (let i = 0; i < this.lines.length; i++) {
      let inWord = false;
      for (let at = this.lines[i].address; at < this.lines[i].end; at += 2) {
        const unit = load<u16>(at);
        if ((unit & 0xfc00) != 0xdc00) characters++;
        const space = isSpace(unit);
        if (!space && !inWord) words++;
        inWord = !space;
      }
    }
    const lines = this.lines.length;
    this.unique();
    return new Counts(lines, this.lines.length, words, characters);
  }

  /** All lines, each with `lineEnd` behind it. */
  join(lineEnd: string): Output {
    const output = new Output(0);
    for (let i = 0; i < this.lines.length && !output.full; i++) {
      output.add(this.lines[i].address, this.lines[i].end);
      output.addText(lineEnd);
    }
    return output;
  }
}

/** Lines that have been seen, found by their hash. */
class Seen {
  private slots: StaticArray<Line | null>;
  private mask: i32;

  constructor(count: i32) {
    let size = 16;
    while (size < count << 1) size <<= 1;
    this.slots = new StaticArray<Line | null>(size);
    this.mask = size - 1;
  }

  /** False when it was there. */
  add(line: Line): bool {
    let slot = <i32>hashOf(line) & this.mask;
    while (true) {
      const there = this.slots[slot];
      if (there === null) {
        this.slots[slot] = line;
        return true;
      }
      const same = there.length == line.length;
      if (same && memory.compare(there.address, line.address, <usize>line.length << 1) == 0) return false;
      slot = (slot + 1) & this.mask;
    }
  }
}

/** FNV-1a over units, mixed. */
function hashOf(line: Line): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = line.address; at < line.end; at += 2) hash = (hash ^ load<u16>(at)) * 0x01000193;
  hash = (hash ^ (hash >>> 15)) * 0x2c1b3c6d;
  return hash ^ (hash >>> 13);
}

function compare(a: Line, b: Line): i32 {
  if (a.value != b.value) return a.value < b.value ? -1 : 1;
  const length = min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = rank(load<u16>(a.address + (<usize>i << 1)));
    const y = rank(load<u16>(b.address + (<usize>i << 1)));
    if (x != y) return x - y;
  }
  return a.length - b.length;
}

function rank(unit: i32): i32 {
  return (unit & 0xf800) == 0xd800 ? unit + 0x10000 : unit;
}

/** The decimal number at the start, after spaces: sign, digits, fraction. */
function leadingNumber(line: Line): f64 {
  let at = line.address;
  const end = line.end;
  while (at < end && isSpace(load<u16>(at))) at += 2;
  const negative = at < end && load<u16>(at) == 0x2d;
  if (negative || (at < end && load<u16>(at) == 0x2b)) at += 2;
  let value: f64 = 0;
  let scale: f64 = 1;
  let behindPoint = false;
  for (; at < end; at += 2) {
    const unit = <i32>load<u16>(at);
    if (unit == 0x2e && !behindPoint) behindPoint = true;
    else if (unit < 0x30 || unit > 0x39) break;
    else if (behindPoint) {
      scale *= 10;
      value += <f64>(unit - 0x30) / scale;
    } else value = value * 10 + <f64>(unit - 0x30);
  }
  return negative ? -value : value;
}

function isSpace(unit: u16): bool {
  return unit == 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit == 0xa0 || unit == 0x3000 || unit == 0xfeff;
}
