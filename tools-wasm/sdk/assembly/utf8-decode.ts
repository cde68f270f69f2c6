// UTF-8 to UTF-16, checked.
// Knows nothing of lines, nor of what the text is for.

/** Text in UTF-16 at an address, or the place where the bytes were not UTF-8. */
export class Decoded {
  constructor(
    public address: usize,
    /** In UTF-16 units. */
    public length: i32,
    /** The offset of the first byte that is not UTF-8; -1 for none. */
    public problem: i32,
  ) {}

  /** The text as a string of its own. */
  get text(): string {
    return String.UTF16.decodeUnsafe(this.address, <usize>this.length << 1);
  }
}

/** How many bytes `decodeUtf8` may write for `length` bytes. */
export function decodedSize(length: i32): usize {
  return (<usize>length << 1) + 32;
}

/** Decodes `length` bytes to `target`, where there is room for `decodedSize(length)`. */
export function decodeUtf8(bytes: usize, length: i32, target: usize): Decoded {
  let out = target;
  let i = 0;
  while (i < length) {
    if (i + 16 <= length) {
      const block = v128.load(bytes + i);
      if (i8x16.bitmask(block) == 0) {
        v128.store(out, i16x8.extend_low_i8x16_u(block));
        v128.store(out, i16x8.extend_high_i8x16_u(block), 16);
        out += 32;
        i += 16;
        continue;
      }
    }
    const first = load<u8>(bytes + i);
    if (first < 0x80) {
      store<u16>(out, first);
      out += 2;
      i++;
      continue;
    }
    const size = sequenceLength(bytes + i, length - i);
    if (size == 0) return new Decoded(target, <i32>((out - target) >> 1), i);
    out = decodeSequence(bytes + i, size, out);
    i += size;
  }
  return new Decoded(target, <i32>((out - target) >> 1), -1);
}

/** The length of the well-formed sequence (Unicode 16, table 3-7) that starts here with a byte over 0x7f; 0 when it is not well-formed. */
export function sequenceLength(at: usize, available: i32): i32 {
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
export function decodeSequence(at: usize, size: i32, out: usize): usize {
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
