// DEFLATE (RFC 1951), decoded into a block of memory whose size is known.
// Knows nothing of what is around the compressed bytes.

const MAX_BITS: i32 = 15;
const LITERALS: i32 = 288;
const DISTANCES: i32 = 30;

/** The order in which the lengths of code lengths are written. */
export const ORDER: StaticArray<u8> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A canonical Huffman code: how many codes of each length there are, and what they stand for, in their order. */
class Code {
  private counts: StaticArray<u16> = new StaticArray<u16>(MAX_BITS + 1);
  private symbols: StaticArray<u16> = new StaticArray<u16>(LITERALS);
  /** How many codes are missing: below 0 for too many, above for a code with gaps. */
  private left: i32 = 1;
  private used: i32 = 0;

  constructor(lengths: StaticArray<u8>, from: i32, count: i32) {
    for (let i = 0; i < count; i++) this.counts[lengths[from + i]]++;
    this.used = count - this.counts[0];
    this.counts[0] = 0;
    const offsets = new StaticArray<u16>(MAX_BITS + 2);
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      // Once there are too many, it stays below 0: what there are is bounded.
      this.left = (this.left << 1) - this.counts[bits];
      offsets[bits + 1] = offsets[bits] + this.counts[bits];
    }
    for (let i = 0; i < count; i++) {
      const bits = lengths[from + i];
      if (bits > 0) this.symbols[offsets[bits]++] = <u16>i;
    }
  }

  /** Whether every sequence of bits means something; a code of one symbol may have a gap. */
  get isComplete(): bool {
    return this.left == 0 || (this.left > 0 && this.used <= 1);
  }

  read(input: Inflater): i32 {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      code |= input.bits(1);
      const count = <i32>unchecked(this.counts[bits]);
      if (code - count < first) return unchecked(this.symbols[index + code - first]);
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    input.fail();
    return 0;
  }
}

/** Decodes one stream. After a failure the result means nothing. */
export class Inflater {
  failed: bool = false;
  /** Where the next byte is read, and where the next one is written. */
  at: usize;
  out: usize;
  private start: usize;
  private buffer: u32 = 0;
  private count: i32 = 0;

  constructor(
    from: usize,
    private end: usize,
    target: usize,
    private limit: usize,
  ) {
    this.at = from;
    this.out = target;
    this.start = target;
  }

  fail(): void {
    this.failed = true;
  }

  /** The next `n` bits, 16 at most. */
  bits(n: i32): i32 {
    while (this.count < n) {
      if (this.at >= this.end) {
        this.failed = true;
        return 0;
      }
      this.buffer |= <u32>load<u8>(this.at++) << this.count;
      this.count += 8;
    }
    const value = this.buffer & ((1 << n) - 1);
    this.buffer >>>= n;
    this.count -= n;
    return <i32>value;
  }

  /** Decodes all blocks; false when the stream is damaged or does not fit. */
  run(): bool {
    let last = false;
    while (!last && !this.failed) {
      last = this.bits(1) != 0;
      const type = this.bits(2);
      if (type == 0) this.stored();
      else if (type == 1) this.fixed();
      else if (type == 2) this.dynamic();
      else this.failed = true;
    }
    return !this.failed;
  }

  private stored(): void {
    this.buffer = 0;
    this.count = 0;
    if (this.at + 4 > this.end) return this.fail();
    const length = load<u16>(this.at);
    if (length != <u16>~load<u16>(this.at, 2)) return this.fail();
    this.at += 4;
    if (this.at + length > this.end || this.out + length > this.limit) return this.fail();
    memory.copy(this.out, this.at, length);
    this.at += length;
    this.out += length;
  }

  private fixed(): void {
    const lengths = new StaticArray<u8>(LITERALS + DISTANCES);
    for (let i = 0; i < LITERALS; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    for (let i = 0; i < DISTANCES; i++) lengths[LITERALS + i] = 5;
    this.codes(new Code(lengths, 0, LITERALS), new Code(lengths, LITERALS, DISTANCES));
  }

  private dynamic(): void {
    const literals = this.bits(5) + 257;
    const distances = this.bits(5) + 1;
    const count = this.bits(4) + 4;
    if (literals > 286 || distances > DISTANCES) return this.fail();
    const orders = new StaticArray<u8>(19);
    for (let i = 0; i < count; i++) orders[ORDER[i]] = <u8>this.bits(3);
    const orderCode = new Code(orders, 0, 19);
    if (!orderCode.isComplete) return this.fail();
    const lengths = new StaticArray<u8>(LITERALS + DISTANCES);
    let index = 0;
    while (index < literals + distances && !this.failed) {
      const symbol = orderCode.read(this);
      if (symbol < 16) {
        lengths[index++] = <u8>symbol;
        continue;
      }
      if (symbol == 16 && index == 0) return this.fail();
      const value = symbol == 16 ? lengths[index - 1] : 0;
      const times = symbol == 16 ? 3 + this.bits(2) : symbol == 17 ? 3 + this.bits(3) : 11 + this.bits(7);
      if (index + times > literals + distances) return this.fail();
      for (let i = 0; i < times; i++) lengths[index++] = value;
    }
    if (this.failed || lengths[256] == 0) return this.fail();
    const literal = new Code(lengths, 0, literals);
    const distance = new Code(lengths, literals, distances);
    if (!literal.isComplete || !distance.isComplete) return this.fail();
    this.codes(literal, distance);
  }

  private codes(literal: Code, distance: Code): void {
    while (!this.failed) {
      const symbol = literal.read(this);
      if (symbol == 256) return;
      if (symbol < 256) {
        if (this.out >= this.limit) return this.fail();
        store<u8>(this.out++, <u8>symbol);
        continue;
      }
      if (symbol > 285) return this.fail();
      const length = this.lengthOf(symbol - 257);
      const code = distance.read(this);
      if (code >= DISTANCES) return this.fail();
      const back = <usize>this.distanceOf(code);
      if (this.failed || back > this.out - this.start || this.out + length > this.limit) return this.fail();
      // What is copied may be what is being written.
      for (let i: usize = 0; i < <usize>length; i++) store<u8>(this.out + i, load<u8>(this.out + i - back));
      this.out += length;
    }
  }

  private lengthOf(code: i32): i32 {
    if (code < 8) return 3 + code;
    if (code == 28) return 258;
    const extra = (code >> 2) - 1;
    return 3 + ((4 + (code & 3)) << extra) + this.bits(extra);
  }

  private distanceOf(code: i32): i32 {
    if (code < 4) return 1 + code;
    const extra = (code >> 1) - 1;
    return 1 + ((2 + (code & 1)) << extra) + this.bits(extra);
  }
}
