// wasi:random/insecure-seed: one value for the whole call, for hash tables.

import type { ChaCha20 } from "../chacha20.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

/** The interface over the first 16 bytes of one random stream. */
export function insecureSeed(ledger: Ledger, stream: ChaCha20): Readonly<Record<string, unknown>> {
  const seed: readonly [bigint, bigint] = [stream.u64(), stream.u64()];
  return guardFunctions(ledger, { insecureSeed: (): readonly [bigint, bigint] => seed });
}
