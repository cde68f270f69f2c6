// One block of DEFLATE (RFC 1951, section 3.2), in whichever of its three forms is the smallest.
// Knows nothing of how matches are found.

import { Growing } from "../../sdk/assembly/growing";
import { HuffmanCode } from "./huffman";
import { ORDER } from "./inflate";

const LITERALS: i32 = 286;
const ALL_LITERALS: i32 = 288;
const DISTANCES: i32 = 30;
const ORDERS: i32 = 19;
const END_OF_BLOCK: i32 = 256;
const MOST_BITS: i32 = 15;
const MOST_ORDER_BITS: i32 = 7;
const MOST_ITEMS: usize = 32 * 1024;

/** Collects literals and matches, and writes them as a block. */
export class BlockWriter {
  /** For a match its distance over its length; for a literal the byte. */
  private items: usize = heap.alloc(MOST_ITEMS << 2);
  private count: i32 = 0;
  private literalUse: StaticArray<u32> = new StaticArray<u32>(ALL_LITERALS);
  private distanceUse: StaticArray<u32> = new StaticArray<u32>(DISTANCES);
  /** Bits behind the codes of lengths and distances. */
  private extraBits: u32 = 0;
  private fixedLiterals: HuffmanCode = new HuffmanCode(ALL_LITERALS);
  private fixedDistances: HuffmanCode = new HuffmanCode(DISTANCES);
  private literals: HuffmanCode = new HuffmanCode(ALL_LITERALS);
  private distances: HuffmanCode = new HuffmanCode(DISTANCES);
  private header: LengthsHeader = new LengthsHeader();
  private bits: BitWriter;

  constructor(out: Growing) {
    this.bits = new BitWriter(out);
    for (let i = 0; i < ALL_LITERALS; i++) this.fixedLiterals.lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    for (let i = 0; i < DISTANCES; i++) this.fixedDistances.lengths[i] = 5;
    this.fixedLiterals.assign();
    this.fixedDistances.assign();
  }

  literal(byte: u8): void {
    this.literalUse[byte]++;
    store<u32>(this.items + (this.count++ << 2), byte);
  }

  match(length: i32, distance: i32): void {
    const lengthCode = lengthCodeOf(length);
    const distanceCode = distanceCodeOf(distance);
    this.literalUse[lengthCode]++;
    this.distanceUse[distanceCode]++;
    this.extraBits += lengthExtra(lengthCode) + distanceExtra(distanceCode);
    store<u32>(this.items + (this.count++ << 2), (distance << 16) | length);
  }

  /** Writes what was collected, which stands for the bytes at `from`, and forgets it. */
  write(from: usize, length: i32, isLast: bool): void {
    this.literalUse[END_OF_BLOCK] = 1;
    this.literals.fit(this.literalUse, MOST_BITS);
    this.distances.fit(this.distanceUse, MOST_BITS);
    this.header.fit(this.literals, this.distances);
    const own = this.header.cost + this.cost(this.literals, this.distances);
    const fixed = this.cost(this.fixedLiterals, this.fixedDistances);
    this.bits.reserve(length + 16);
    this.bits.put(u32(isLast), 1);
    // A stored block starts at a byte: up to 7 bits, and twice its length.
    if (<u32>(length << 3) + 39 <= min(own, fixed)) this.stored(from, length);
    else if (fixed <= own) {
      this.bits.put(1, 2);
      this.putItems(this.fixedLiterals, this.fixedDistances);
    } else {
      this.bits.put(2, 2);
      this.header.write(this.bits);
      this.putItems(this.literals, this.distances);
    }
    if (isLast) this.bits.align();
    this.bits.release();
    this.forget();
  }

  private cost(literals: HuffmanCode, distances: HuffmanCode): u32 {
    return literals.cost(this.literalUse) + distances.cost(this.distanceUse) + this.extraBits;
  }

  private stored(from: usize, length: i32): void {
    this.bits.put(0, 2);
    this.bits.align();
    this.bits.put(length, 16);
    this.bits.put(~length & 0xffff, 16);
    this.bits.copy(from, length);
  }

  private putItems(literals: HuffmanCode, distances: HuffmanCode): void {
    const bits = this.bits;
    for (let i = 0; i < this.count; i++) {
      const item = load<u32>(this.items + (i << 2));
      const distance = <i32>(item >>> 16);
      if (distance == 0) {
        bits.put(literals.code(item), literals.length(item));
        continue;
      }
      const length = <i32>(item & 0xffff);
      const lengthCode = lengthCodeOf(length);
      bits.put(literals.code(lengthCode), literals.length(lengthCode));
      bits.put(lengthRest(length, lengthCode), lengthExtra(lengthCode));
      const distanceCode = distanceCodeOf(distance);
      bits.put(distances.code(distanceCode), distances.length(distanceCode));
      bits.put(distanceRest(distance, distanceCode), distanceExtra(distanceCode));
    }
    bits.put(literals.code(END_OF_BLOCK), literals.length(END_OF_BLOCK));
  }

  private forget(): void {
    this.count = 0;
    this.extraBits = 0;
    this.literalUse.fill(0);
    this.distanceUse.fill(0);
  }
}

/** The lengths of both codes of a block, in the code of their own that they are written in (RFC 1951, section 3.2.7). */
class LengthsHeader {
  cost: u32 = 0;
  private lengths: StaticArray<u8> = new StaticArray<u8>(LITERALS + DISTANCES);
  private literalCount: i32 = 0;
  private distanceCount: i32 = 0;
  private orderCount: i32 = 0;
  /** Runs of lengths: a symbol, and over 5 bits of it what says how long the run is. */
  private runs: StaticArray<u16> = new StaticArray<u16>(LITERALS + DISTANCES);
  private runCount: i32 = 0;
  private use: StaticArray<u32> = new StaticArray<u32>(ORDERS);
  private code: HuffmanCode = new HuffmanCode(ORDERS);

  fit(literals: HuffmanCode, distances: HuffmanCode): void {
    this.literalCount = countUsed(literals, LITERALS, 257);
    this.distanceCount = countUsed(distances, DISTANCES, 1);
    for (let i = 0; i < this.literalCount; i++) this.lengths[i] = <u8>literals.length(i);
    for (let i = 0; i < this.distanceCount; i++) this.lengths[this.literalCount + i] = <u8>distances.length(i);
    this.findRuns(this.literalCount + this.distanceCount);
    this.code.fit(this.use, MOST_ORDER_BITS);
    this.orderCount = ORDERS;
    while (this.orderCount > 4 && this.code.length(ORDER[this.orderCount - 1]) == 0) this.orderCount--;
    this.cost = 14 + 3 * this.orderCount + this.code.cost(this.use);
    this.cost += 2 * this.use[16] + 3 * this.use[17] + 7 * this.use[18];
  }

  write(bits: BitWriter): void {
    bits.put(this.literalCount - 257, 5);
    bits.put(this.distanceCount - 1, 5);
    bits.put(this.orderCount - 4, 4);
    for (let i = 0; i < this.orderCount; i++) bits.put(this.code.length(ORDER[i]), 3);
    for (let i = 0; i < this.runCount; i++) {
      const symbol = this.runs[i] & 31;
      bits.put(this.code.code(symbol), this.code.length(symbol));
      if (symbol >= 16) bits.put(this.runs[i] >>> 5, symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
    }
  }

  private findRuns(count: i32): void {
    this.runCount = 0;
    this.use.fill(0);
    let at = 0;
    while (at < count) {
      const length = this.lengths[at];
      let same = 1;
      while (at + same < count && this.lengths[at + same] == length) same++;
      at += same;
      if (length != 0) {
        this.run(length, 0);
        same--;
      }
      while (same >= 3) {
        const taken = min(same, length != 0 ? 6 : 138);
        if (length != 0) this.run(16, taken - 3);
        else if (taken <= 10) this.run(17, taken - 3);
        else this.run(18, taken - 11);
        same -= taken;
      }
      while (same-- > 0) this.run(length, 0);
    }
  }

  private run(symbol: i32, more: i32): void {
    this.use[symbol]++;
    this.runs[this.runCount++] = <u16>(symbol | (more << 5));
  }
}

/** How many symbols there are up to the last that is used, `least` at least. */
function countUsed(code: HuffmanCode, most: i32, least: i32): i32 {
  let count = most;
  while (count > least && code.length(count - 1) == 0) count--;
  return count;
}

/** Writes bits, the lowest first, into room that was reserved. */
class BitWriter {
  private pending: u64 = 0;
  private count: i32 = 0;
  private at: usize = 0;

  constructor(private out: Growing) {}

  /** Makes room for `size` bytes; nothing else is written until `release`. */
  reserve(size: i32): void {
    this.out.reserve(size);
    this.at = this.out.address + this.out.length;
  }

  release(): void {
    this.out.length = this.at - this.out.address;
  }

  put(value: u32, size: i32): void {
    this.pending |= (<u64>value) << this.count;
    this.count += size;
    while (this.count >= 8) {
      store<u8>(this.at++, <u8>this.pending);
      this.pending >>= 8;
      this.count -= 8;
    }
  }

  /** Fills up the byte that was begun. */
  align(): void {
    if (this.count > 0) this.put(0, 8 - this.count);
  }

  copy(from: usize, length: i32): void {
    memory.copy(this.at, from, length);
    this.at += length;
  }
}

function lengthCodeOf(length: i32): i32 {
  if (length == 258) return 285;
  if (length < 11) return 254 + length;
  const extra = 29 - clz(length - 3);
  return 261 + (extra << 2) + (((length - 3) >>> extra) & 3);
}

function lengthExtra(code: i32): i32 {
  return code < 265 || code == 285 ? 0 : (code - 261) >> 2;
}

function lengthRest(length: i32, code: i32): i32 {
  return (length - 3) & ((1 << lengthExtra(code)) - 1);
}

function distanceCodeOf(distance: i32): i32 {
  if (distance < 5) return distance - 1;
  const extra = 30 - clz(distance - 1);
  return (extra << 1) + 2 + (((distance - 1) >>> extra) & 1);
}

function distanceExtra(code: i32): i32 {
  return code < 4 ? 0 : (code >> 1) - 1;
}

function distanceRest(distance: i32, code: i32): i32 {
  return (distance - 1) & ((1 << distanceExtra(code)) - 1);
}
