// A ChaCha20 key stream (RFC 8439, sections 2.1 to 2.4): the random numbers of a call.
// It must not know who asks for them.

const BLOCK_BYTES = 64;
/** "expand 32-byte k" */
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;

/** An endless stream of pseudo-random bytes that depends on nothing but its key, nonce and first counter. */
export class ChaCha20 {
  readonly #state = new Uint32Array(16);
  readonly #words = new Uint32Array(16);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #blockView = new DataView(this.#block.buffer);
  #used = BLOCK_BYTES;

  /** `key` has 32 bytes, `nonce` 12; `counter` is that of the first block. */
  constructor(key: Uint8Array, nonce: Uint8Array, counter = 0) {
    this.#state.set(CONSTANTS, 0);
    this.#state.set(littleEndianWords(key, 8), 4);
    this.#state[12] = counter;
    this.#state.set(littleEndianWords(nonce, 3), 13);
  }

  /** The next `length` bytes of the stream. */
  bytes(length: number): Uint8Array {
    const result = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#used === BLOCK_BYTES) this.#nextBlock();
      const taken = this.#block.subarray(this.#used, this.#used + length - filled);
      result.set(taken, filled);
      this.#used += taken.length;
      filled += taken.length;
    }
    return result;
  }

  /** The next eight bytes as an unsigned little-endian integer. */
  u64(): bigint {
    return new DataView(this.bytes(8).buffer).getBigUint64(0, true);
  }

  #nextBlock(): void {
    const words = this.#words;
    words.set(this.#state);
    for (let round = 0; round < 10; round += 1) {
      quarterRound(words, 0, 4, 8, 12);
      quarterRound(words, 1, 5, 9, 13);
      quarterRound(words, 2, 6, 10, 14);
      quarterRound(words, 3, 7, 11, 15);
      quarterRound(words, 0, 5, 10, 15);
      quarterRound(words, 1, 6, 11, 12);
      quarterRound(words, 2, 7, 8, 13);
      quarterRound(words, 3, 4, 9, 14);
    }
    for (let index = 0; index < 16; index += 1) {
      this.#blockView.setUint32(4 * index, (words[index] ?? 0) + (this.#state[index] ?? 0), true);
    }
    this.#state[12] = (this.#state[12] ?? 0) + 1;
    this.#used = 0;
  }
}

function quarterRound(words: Uint32Array, ia: number, ib: number, ic: number, id: number): void {
  let a = words[ia] ?? 0;
  let b = words[ib] ?? 0;
  let c = words[ic] ?? 0;
  let d = words[id] ?? 0;
  a = (a + b) | 0;
  d = rotateLeft(d ^ a, 16);
  c = (c + d) | 0;
  b = rotateLeft(b ^ c, 12);
  a = (a + b) | 0;
  d = rotateLeft(d ^ a, 8);
  c = (c + d) | 0;
  b = rotateLeft(b ^ c, 7);
  words[ia] = a;
  words[ib] = b;
  words[ic] = c;
  words[id] = d;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function littleEndianWords(bytes: Uint8Array, count: number): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4 * count);
  return Array.from({ length: count }, (_, index) => view.getUint32(4 * index, true));
}
