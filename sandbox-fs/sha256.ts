// SHA-256 (FIPS 180-4) without the platform's help, for places that have no synchronous one.
// It must not know what it hashes.

import type { Hash } from "./base.ts";

const K = constants(64, (prime) => Math.cbrt(prime));
const START = constants(8, (prime) => Math.sqrt(prime));

/** The first 32 bits of the fractional parts of a root of the first primes; FIPS 180-4 sections 4.2.2 and 5.3.3. */
function constants(count: number, root: (prime: number) => number): Uint32Array {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) {
    if (!found.some((_, i) => n % prime(i) === 0)) found.push(n);
  }
  return Uint32Array.from(found, (n) => (root(n) % 1) * 0x1_0000_0000);
  function prime(index: number): number {
    return found[index] as number;
  }
}

/** A fresh SHA-256. `digest` ends it. */
export function sha256(): Hash {
  return new Sha256();
}

class Sha256 implements Hash {
  readonly #state = Uint32Array.from(START);
  readonly #block = new Uint8Array(64);
  readonly #view = new DataView(this.#block.buffer);
  readonly #words = new Uint32Array(64);
  #filled = 0;
  #length = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      const count = Math.min(64 - this.#filled, bytes.length - at);
      this.#block.set(bytes.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === 64) this.#compress();
    }
  }

  digest(_encoding: "hex"): string {
    const bits = BigInt(this.#length) * 8n;
    this.update(Uint8Array.of(0x80));
    if (this.#filled > 56) this.update(new Uint8Array(64 - this.#filled));
    this.update(new Uint8Array(56 - this.#filled));
    this.#view.setBigUint64(56, bits);
    this.#compress();
    return [...this.#state].map((word) => word.toString(16).padStart(8, "0")).join("");
  }

  #compress(): void {
    const w = this.#words;
    for (let i = 0; i < 16; i += 1) w[i] = this.#view.getUint32(i * 4);
    for (let i = 16; i < 64; i += 1)
      w[i] = at(w, i - 16) + sigma(at(w, i - 15), 7, 18, 3) + at(w, i - 7) + sigma(at(w, i - 2), 17, 19, 10);
    const s = this.#state;
    let [a, b, c, d, e, f, g, h] = [at(s, 0), at(s, 1), at(s, 2), at(s, 3), at(s, 4), at(s, 5), at(s, 6), at(s, 7)];
    for (let i = 0; i < 64; i += 1) {
      const first = (h + big(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + at(K, i) + at(w, i)) | 0;
      const second = (big(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      s[i] = at(s, i) + word;
    });
    this.#filled = 0;
  }
}

function at(words: Uint32Array, index: number): number {
  return words[index] as number;
}

function rotate(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}

function sigma(x: number, a: number, b: number, shift: number): number {
  return rotate(x, a) ^ rotate(x, b) ^ (x >>> shift);
}

function big(x: number, a: number, b: number, c: number): number {
  return rotate(x, a) ^ rotate(x, b) ^ rotate(x, c);
}
