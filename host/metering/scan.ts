// Reads the body of one function, operator by operator, into events.
// It must not know how events are written.

import type { FunctionScan, Handler } from "./function-scan.ts";
import * as O from "./operators.ts";
import { SCAN_CALLS } from "./scan-calls.ts";
import { SCAN_CONTROL } from "./scan-control.ts";
import { SCAN_DATA } from "./scan-data.ts";
import { SCAN_EXCEPTIONS } from "./scan-exceptions.ts";
import { applyPlain, readMemarg } from "./scan-plain.ts";

const HANDLERS: readonly (Handler | undefined)[] = Array.from(
  { length: 256 },
  (_, op) => SCAN_CONTROL[op] ?? SCAN_EXCEPTIONS[op] ?? SCAN_CALLS[op] ?? SCAN_DATA[op],
);

/** Reads operators until the function ends. Errors: `COMPONENT_INVALID`, `UNSUPPORTED_FEATURE`, `COMPONENT_TOO_COMPLEX`. */
export function scanBody(scan: FunctionScan): void {
  const { reader } = scan;
  while (!scan.done) {
    const at = reader.pos;
    const op = reader.u8();
    const entry = O.PLAIN[op] as number;
    if (entry !== 0) {
      scan.pending += scan.unit;
      if (O.immediate(entry) !== O.IMMEDIATE_NONE) readMemarg(scan);
      applyPlain(scan, entry);
      continue;
    }
    const handler = HANDLERS[op];
    if (handler === undefined) unknown(scan, op, at);
    else handler(scan, at);
  }
}

function unknown(scan: FunctionScan, op: number, at: number): never {
  if (op === O.OP.gcPrefix || op === O.OP.refEq) scan.reader.unsupported("garbage collection", at);
  if (op === O.OP.threadsPrefix) scan.reader.unsupported("threads", at);
  if (op >= 0xe0 && op <= 0xe6) scan.reader.unsupported("stack switching", at);
  scan.reader.unsupported(`the operator 0x${op.toString(16).padStart(2, "0")}`, at);
}
