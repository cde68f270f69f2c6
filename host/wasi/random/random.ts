// wasi:random/random: reproducible random numbers, seeded by the run.

import type { ChaCha20 } from "../chacha20.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

/** The interface over one random stream. */
export function random(ledger: Ledger, stream: ChaCha20): Readonly<Record<string, unknown>> {
  return guardFunctions(ledger, {
    getRandomBytes: (length: bigint): Uint8Array => stream.bytes(ledger.countRandomBytes(length)),
    getRandomU64: (): bigint => stream.u64(),
  });
}
