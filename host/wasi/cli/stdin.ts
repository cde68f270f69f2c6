// wasi:cli/stdin: bytes that the call was given; empty when it was given none.

import { InputStream, type Source } from "../io/streams.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

/** The interface. All streams that it gives share one position, as a file descriptor would. */
export function stdin(ledger: Ledger, input: Uint8Array): Readonly<Record<string, unknown>> {
  const source = bytesSource(input);
  return guardFunctions(ledger, { getStdin: (): InputStream => new InputStream(ledger, source) });
}

function bytesSource(bytes: Uint8Array): Source {
  let position = 0;
  return {
    read(max) {
      const taken = bytes.subarray(position, position + max);
      position += taken.length;
      return taken;
    },
    close() {
      // The bytes belong to the call, not to a stream.
    },
  };
}
