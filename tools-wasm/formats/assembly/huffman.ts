// Huffman codes for DEFLATE: the shortest ones that no code of which is too long, and their bits.
// Knows nothing of what is compressed.

/** No alphabet of DEFLATE has more symbols. */
const MOST_SYMBOLS: i32 = 288;
const MOST_BITS: i32 = 15;

/** A canonical code over an alphabet, made anew for each block. */
export class HuffmanCode {
  lengths: StaticArray<u8>;
  /** As they are written: the first bit of a code is its lowest. */
  private codes: StaticArray<u16>;

  constructor(private symbols: i32) {
    this.lengths = new StaticArray<u8>(symbols);
    this.codes = new StaticArray<u16>(symbols);
  }

  code(symbol: i32): u32 {
    return unchecked(this.codes[symbol]);
  }

  length(symbol: i32): i32 {
    return unchecked(this.lengths[symbol]);
  }

  /** How many bits it takes to write symbols that often. */
  cost(frequencies: StaticArray<u32>): u32 {
    let bits: u32 = 0;
    for (let i = 0; i < this.symbols; i++) bits += frequencies[i] * this.lengths[i];
    return bits;
  }

  /** The best lengths for these frequencies, none of more than `limit` bits; and the codes that they give. */
  fit(frequencies: StaticArray<u32>, limit: i32): void {
    packageMerge(frequencies, this.symbols, limit, this.lengths);
    this.assign();
  }

  /** Gives each symbol its code by its length (RFC 1951, section 3.2.2). */
  assign(): void {
    const next = new StaticArray<u32>(MOST_BITS + 2);
    for (let i = 0; i < this.symbols; i++) next[this.lengths[i] + 1]++;
    next[1] = 0;
    for (let bits = 1; bits <= MOST_BITS; bits++) next[bits + 1] = (next[bits] + next[bits + 1]) << 1;
    // What was counted one place higher is now where its length starts.
    for (let i = 0; i < this.symbols; i++) {
      const bits = this.lengths[i];
      if (bits > 0) this.codes[i] = reversed(next[bits]++, bits);
    }
  }
}

function reversed(code: u32, bits: i32): u16 {
  let result: u32 = 0;
  for (let i = 0; i < bits; i++) result |= ((code >>> i) & 1) << (bits - 1 - i);
  return <u16>result;
}

const sorted = memory.data(MOST_SYMBOLS * 4, 4);
const weights = memory.data(MOST_SYMBOLS * 2 * 4, 4);
const merged = memory.data(MOST_SYMBOLS * 2 * 4, 4);
/** For each level, which of its items are symbols and not packages. */
const isSymbol = memory.data(MOST_BITS * MOST_SYMBOLS * 2);

/**
 * Lengths of a prefix code of the least cost with at most `limit` bits each, by package-merge (Larmore and Hirschberg, 1990):
 * each level merges the symbols with the pairs of the level before; how often a symbol is among the first 2n - 2 is its length.
 */
function packageMerge(frequencies: StaticArray<u32>, symbols: i32, limit: i32, lengths: StaticArray<u8>): void {
  const used = sortByFrequency(frequencies, symbols);
  for (let i = 0; i < symbols; i++) lengths[i] = 0;
  if (used == 1) lengths[load<u32>(sorted)] = 1;
  if (used < 2) return;
  let count = 0;
  for (let level = 0; level < limit; level++) count = merge(frequencies, used, count >> 1, level);
  let taken = 2 * used - 2;
  for (let level = limit - 1; level >= 0 && taken > 0; level--) {
    const flags = isSymbol + level * MOST_SYMBOLS * 2;
    let found = 0;
    for (let i = 0; i < taken; i++) found += load<u8>(flags + i);
    for (let i = 0; i < found; i++) lengths[load<u32>(sorted + (i << 2))]++;
    taken = 2 * (taken - found);
  }
}

/** Writes the symbols that occur to `sorted`, the rarest first; how many there are. */
function sortByFrequency(frequencies: StaticArray<u32>, symbols: i32): i32 {
  let used = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const frequency = frequencies[symbol];
    if (frequency == 0) continue;
    let at = used++;
    for (; at > 0 && frequencies[load<u32>(sorted + ((at - 1) << 2))] > frequency; at--) {
      store<u32>(sorted + (at << 2), load<u32>(sorted + ((at - 1) << 2)));
    }
    store<u32>(sorted + (at << 2), symbol);
  }
  return used;
}

/** Merges the symbols with `pairs` pairs of `weights`, into `weights`; how many items that makes. */
function merge(frequencies: StaticArray<u32>, used: i32, pairs: i32, level: i32): i32 {
  const flags = isSymbol + level * MOST_SYMBOLS * 2;
  let symbol = 0;
  let pair = 0;
  let count = 0;
  while (symbol < used || pair < pairs) {
    const own = symbol < used ? frequencies[load<u32>(sorted + (symbol << 2))] : u32.MAX_VALUE;
    const both = pair < pairs ? load<u32>(weights + (pair << 3)) + load<u32>(weights + (pair << 3), 4) : u32.MAX_VALUE;
    store<u8>(flags + count, u8(own <= both));
    store<u32>(merged + (count << 2), min(own, both));
    if (own <= both) symbol++;
    else pair++;
    count++;
  }
  memory.copy(weights, merged, count << 2);
  return count;
}
