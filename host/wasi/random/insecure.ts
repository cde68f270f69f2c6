// wasi:random/insecure: as good as the secure one, from a stream of its own.

import type { ChaCha20 } from "../chacha20.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

/** The interface over one random stream. */
export function insecure(ledger: Ledger, stream: ChaCha20): Readonly<Record<string, unknown>> {
  return guardFunctions(ledger, {
    getInsecureRandomBytes: (length: bigint): Uint8Array => stream.bytes(ledger.countRandomBytes(length)),
    getInsecureRandomU64: (): bigint => stream.u64(),
  });
}
