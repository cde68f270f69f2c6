// wasi:cli/stderr: captured, never the process's own.

import { OutputStream, type Sink } from "../io/streams.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

/** The interface over what captures the stream. */
export function stderr(ledger: Ledger, capture: Sink): Readonly<Record<string, unknown>> {
  return guardFunctions(ledger, { getStderr: (): OutputStream => new OutputStream(ledger, capture) });
}
