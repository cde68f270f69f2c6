// Where bytes occurred before: chains of places whose next three bytes have the same hash, the nearest first.
// Knows nothing of how matches are written.

/** How far a match may reach back. */
export const WINDOW: i32 = 32 * 1024;
/** No match is longer. */
export const MOST_LENGTH: i32 = 258;

const HASH_BITS: i32 = 15;
/** How many places of a chain are looked at. */
const MOST_TRIES: i32 = 48;
/** A match this long is not looked for a better one. */
const NICE_LENGTH: i32 = 128;
/** A match of three bytes from further back takes more bits than the bytes. */
const FAR: i32 = 4096;
const NONE: i32 = -1;

/** Finds matches in two windows of bytes, of which the first is what came before. Places count from the start of the first. */
export class MatchFinder {
  /** How far back the last match that was found lies. */
  distance: i32 = 0;
  private heads: StaticArray<i32> = new StaticArray<i32>(1 << HASH_BITS);
  /** For each place, the one before it on its chain. */
  private before: StaticArray<i32> = new StaticArray<i32>(WINDOW);

  constructor(private bytes: usize) {
    this.forget();
  }

  /** Makes no place one that matches may start from. */
  forget(): void {
    this.heads.fill(NONE);
  }

  /** Makes the place `at` one that later matches may start from. */
  add(at: i32, end: i32): void {
    if (at + 3 > end) return;
    const hash = this.hashAt(at);
    unchecked((this.before[at & (WINDOW - 1)] = this.heads[hash]));
    unchecked((this.heads[hash] = at));
  }

  /** The length of the longest match of what is at `at`, which ends before `end`, if it is longer than `least`; else 0. */
  find(at: i32, end: i32, least: i32): i32 {
    const most = min(MOST_LENGTH, end - at);
    if (most < 3) return 0;
    let best = max(least, 2);
    let found = 0;
    let candidate = unchecked(this.heads[this.hashAt(at)]);
    for (let tries = MOST_TRIES; tries > 0 && candidate != NONE && at - candidate <= WINDOW && best < most; tries--) {
      const here = this.bytes + at;
      const there = this.bytes + candidate;
      if (load<u8>(there + best) == load<u8>(here + best)) {
        const length = commonLength(there, here, most);
        if (length > best && (length > 3 || at - candidate <= FAR)) {
          best = length;
          found = length;
          this.distance = at - candidate;
          if (length >= NICE_LENGTH) break;
        }
      }
      const next = unchecked(this.before[candidate & (WINDOW - 1)]);
      // What was written over since is nearer than what it stands for.
      if (next >= candidate) break;
      candidate = next;
    }
    return found;
  }

  /** Says that the second window has become the first one. */
  move(): void {
    for (let i = 0; i < 1 << HASH_BITS; i++) unchecked((this.heads[i] = moved(this.heads[i])));
    for (let i = 0; i < WINDOW; i++) unchecked((this.before[i] = moved(this.before[i])));
  }

  private hashAt(at: i32): i32 {
    return <i32>(((load<u32>(this.bytes + at) & 0xffffff) * 0x9e3779b1) >>> (32 - HASH_BITS));
  }
}

function moved(at: i32): i32 {
  return at < WINDOW ? NONE : at - WINDOW;
}

function commonLength(a: usize, b: usize, most: i32): i32 {
  let length = 0;
  while (length + 8 <= most) {
    const difference = load<u64>(a + length) ^ load<u64>(b + length);
    if (difference != 0) return length + <i32>(ctz(difference) >> 3);
    length += 8;
  }
  while (length < most && load<u8>(a + length) == load<u8>(b + length)) length++;
  return length;
}
