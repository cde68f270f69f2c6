// The random streams of one call: one for each interface, so that what a guest draws from one does not show in another.

import { GloveboxError } from "../../errors.ts";
import { ChaCha20 } from "../chacha20.ts";
import type { CallRandom } from "../setup.ts";

export interface Generators {
  readonly random: ChaCha20;
  readonly insecure: ChaCha20;
  readonly seed: ChaCha20;
}

/** The streams of one call. Errors: ARGUMENT_INVALID, when the seed is not 64 hex digits. */
export function generators(random: CallRandom): Generators {
  checkSeed(random);
  const key = keyOf(random.seed);
  const stream = (use: number): ChaCha20 => new ChaCha20(key, nonceOf(use, random.sequence));
  return { random: stream(0), insecure: stream(1), seed: stream(2) };
}

/** Errors: ARGUMENT_INVALID, when the seed is not 64 hex digits. */
export function checkSeed({ seed }: CallRandom): void {
  if (!/^[0-9a-f]{64}$/i.test(seed)) throw new GloveboxError("ARGUMENT_INVALID", "the seed of a run has 64 hex digits");
}

function keyOf(seed: string): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(seed.slice(2 * index, 2 * index + 2), 16));
}

function nonceOf(use: number, sequence: number): Uint8Array {
  const nonce = new DataView(new ArrayBuffer(12));
  nonce.setUint32(0, use, true);
  nonce.setBigUint64(4, BigInt(sequence), true);
  return new Uint8Array(nonce.buffer);
}
