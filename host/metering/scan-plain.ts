// What operators of a fixed shape do to the operand stack and to NaNs.
// It must not know control flow or calls.

import type { FunctionScan } from "./function-scan.ts";
import { RAW, SETTLED } from "./nan-tracker.ts";
import * as O from "./operators.ts";

/** Reads the immediate of a load or a store. */
export function readMemarg(scan: FunctionScan): void {
  const { reader } = scan;
  const at = reader.pos;
  const flags = reader.u32();
  if (flags >= 0x80) reader.malformed("an alignment is malformed", at);
  if (flags & 0x40) reader.u32();
  reader.u32();
}

/** What an operator of a fixed shape does to operands. */
export function applyPlain(scan: FunctionScan, entry: number): void {
  const taken = O.operands(entry);
  const nan = O.nanClass(entry);
  if (nan === O.NAN_PLAIN || nan === O.NAN_BLIND || nan === O.NAN_NEVER) {
    scan.forget(taken);
    if (O.results(entry) === 1) scan.push(nan === O.NAN_NEVER ? SETTLED : RAW);
    return;
  }
  applyFloat(scan, nan, taken, O.results(entry));
}

function applyFloat(scan: FunctionScan, nan: number, taken: number, given: number): void {
  if (nan === O.NAN_BITS) {
    scan.pop(taken);
    scan.pushMany(given);
    return;
  }
  if (nan === O.NAN_SIGN) {
    const tag = scan.nans.tag(Math.max(0, scan.height - taken));
    scan.pop(taken);
    scan.push(signTag(scan, tag));
    return;
  }
  if (nan === O.NAN_F32X4 || nan === O.NAN_F64X2) scan.nans.settleOthers(scan.height - taken, scan.height, nan);
  scan.forget(taken);
  scan.push(scan.nans.result(nan, scan.reader.pos));
}

// the sign of a NaN that may come from a raw local is raw as well
function signTag(scan: FunctionScan, tag: number): number {
  if (tag === RAW) return RAW;
  return tag > 0 && (scan.events.frames[tag - 1] as number) >= 0 ? RAW : SETTLED;
}
