// From UTF-8 bytes to a list of lines, 16 bytes at a time where the text is ASCII.
// Knows nothing of files.

import { decodeSequence, sequenceLength } from "../../sdk/assembly/utf8-decode";

const LF: i32 = 0x0a;
const CR: i32 = 0x0d;

/** Lines as the canonical ABI holds a `list<string>`, or the place where the text is not UTF-8. */
export class Lines {
  count: i32 = 0;
  /** Where the first byte is that is not UTF-8; -1 for none. It is in the line after the last of `count`. */
  problem: i64 = -1;

  constructor(
    /** Where `count` pairs of an address and a length in UTF-16 units are. */
    public entries: usize,
    /** Where the line starts that has not ended. */
    private start: usize,
  ) {}

  /** Ends a line where its LF goes: without it, and without the CR of a CRLF. */
  end(at: usize): void {
    const last = at > this.start && load<u16>(at - 2) == CR ? at - 2 : at;
    this.add(last);
    this.start = at + 2;
  }

  /** Ends the text: what has no line end is a line, too. */
  finish(at: usize): void {
    if (at > this.start) this.add(at);
  }

  /** Leaves out the first `n` lines, or all. */
  skip(n: u32): void {
    const skipped = min(n, <u32>this.count);
    this.entries += <usize>skipped << 3;
    this.count -= skipped;
  }

  private add(end: usize): void {
    const entry = this.entries + (<usize>this.count << 3);
    store<usize>(entry, this.start);
    store<u32>(entry, <u32>(end - this.start) >> 1, 4);
    this.count++;
  }
}

/** How many LF there are in `length` bytes. */
export function countLineEnds(bytes: usize, length: i32): i32 {
  let count = 0;
  let i = 0;
  const needle = i8x16.splat(<i8>LF);
  for (; i + 16 <= length; i += 16) {
    count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(bytes + i), needle)));
  }
  for (; i < length; i++) count += i32(load<u8>(bytes + i) == LF);
  return count;
}

/** The index after the `n`-th LF (from 1); `length` when there are fewer. */
export function afterLineEnd(bytes: usize, length: i32, n: i32): i32 {
  let i = 0;
  while (i < length && n > 0) {
    if (load<u8>(bytes + i) == LF) n--;
    i++;
  }
  return i;
}

/** Cuts `length` bytes of UTF-8 into lines. `ends` is the number of LF in them. */
export function splitLines(bytes: usize, length: i32, ends: i32): Lines {
  // A byte becomes one unit at most; the 16-byte steps may write 16 units too far.
  const text = heap.alloc((<usize>length << 1) + 32);
  const lines = new Lines(heap.alloc((<usize>ends + 1) << 3), text);
  let out = text;
  let i = 0;
  while (i < length) {
    if (i + 16 <= length) {
      const block = v128.load(bytes + i);
      if (i8x16.bitmask(block) == 0) {
        widen(block, out, lines);
        out += 32;
        i += 16;
        continue;
      }
    }
    const first = <i32>load<u8>(bytes + i);
    if (first < 0x80) {
      if (first == LF) lines.end(out);
      store<u16>(out, <u16>first);
      out += 2;
      i++;
      continue;
    }
    const size = sequenceLength(bytes + i, length - i);
    if (size == 0) {
      lines.problem = i;
      return lines;
    }
    out = decodeSequence(bytes + i, size, out);
    i += size;
  }
  lines.finish(out);
  return lines;
}

/** Writes 16 ASCII characters as units to `out`, and ends the lines that end in them. */
function widen(block: v128, out: usize, lines: Lines): void {
  v128.store(out, i16x8.extend_low_i8x16_u(block));
  v128.store(out, i16x8.extend_high_i8x16_u(block), 16);
  let ends = i8x16.bitmask(i8x16.eq(block, i8x16.splat(<i8>LF)));
  while (ends != 0) {
    lines.end(out + (ctz(ends) << 1));
    ends &= ends - 1;
  }
}
