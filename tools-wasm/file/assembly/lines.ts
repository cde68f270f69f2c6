// From UTF-8 bytes to a list of lines, 16 bytes at a time where the text is ASCII.
// Knows nothing of files.

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
    out = decode(bytes + i, size, out);
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

/** The length of the well-formed sequence (Unicode 16, table 3-7) that starts here with a byte over 0x7f; 0 when it is not well-formed. */
function sequenceLength(at: usize, available: i32): i32 {
  const first = <i32>load<u8>(at);
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size > available) return 0;
  if (size == 0) return 0;
  const second = <i32>load<u8>(at, 1);
  const lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let k = 2; k < size; k++) {
    if ((load<u8>(at + k) & 0xc0) != 0x80) return 0;
  }
  return size;
}

/** Writes the code point of a well-formed sequence as UTF-16; returns where the next goes. */
function decode(at: usize, size: i32, out: usize): usize {
  let point = <i32>load<u8>(at) & (0x7f >> size);
  for (let k = 1; k < size; k++) point = (point << 6) | (load<u8>(at + k) & 0x3f);
  if (point < 0x10000) {
    store<u16>(out, <u16>point);
    return out + 2;
  }
  point -= 0x10000;
  store<u16>(out, <u16>(0xd800 | (point >> 10)));
  store<u16>(out, <u16>(0xdc00 | (point & 0x3ff)), 2);
  return out + 4;
}
