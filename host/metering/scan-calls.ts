// Reads the operators that call: what the word must hold when the callee takes it over.
// It must not know control flow or data.

import { skipDead } from "./dead-code.ts";
import * as E from "./events.ts";
import type { FunctionScan, Handler } from "./function-scan.ts";
import type { FunctionType } from "./module.ts";
import { OP } from "./operators.ts";
import { FUEL_ONE, indirectUnits } from "./word.ts";

function functionIndex(scan: FunctionScan): number {
  const at = scan.reader.pos;
  const index = scan.reader.u32();
  if (index >= scan.plan.info.functions.length) scan.reader.malformed(`function ${index} does not exist`, at);
  return index;
}

function typeAt(scan: FunctionScan, index: number, at: number): FunctionType {
  return scan.plan.info.types[index] ?? scan.reader.malformed(`type ${index} does not exist`, at);
}

// One call: `extra` stack units are taken while it runs, and the activation is paid by the caller where the callee does not.
function emitCall(
  scan: FunctionScan,
  kind: number,
  at: number,
  argument: number,
  extra: number,
  paysEntry: boolean,
): void {
  const { plan } = scan;
  const units = plan.depth ? extra : 0;
  const entry = paysEntry && plan.fuel ? FUEL_ONE : 0;
  const amount = scan.take() + units + entry;
  const frames = plan.depth ? scan.frames + 1 : 0;
  const release = scan.releaseEarly || !plan.depth;
  const length = scan.reader.pos - at;
  scan.events.push(kind, at, length, amount, frames, argument);
  scan.frames = release ? 0 : -1;
  if (release) {
    if (plan.depth) scan.events.push(E.ADD, at + length, 0, -units, -1, 0);
    return;
  }
  scan.pending = -units;
}

function give(scan: FunctionScan, type: FunctionType): void {
  scan.pushMany(type.results.count);
}

function call(scan: FunctionScan, at: number): void {
  const { plan } = scan;
  scan.pending += scan.unit;
  const index = functionIndex(scan);
  const type = typeAt(scan, plan.info.functions[index] as number, at);
  scan.pop(type.parameters.count);
  if (plan.registers) emitCall(scan, E.CALL, at, plan.internal(index), 0, true);
  else emitCall(scan, E.CALL_BORDER, at, plan.internal(index), 0, false);
  give(scan, type);
}

function callIndirect(scan: FunctionScan, at: number): void {
  const { plan, reader } = scan;
  scan.pending += scan.unit;
  const index = reader.u32();
  reader.u32();
  const type = typeAt(scan, index, at);
  scan.forget(1);
  scan.pop(type.parameters.count);
  const extra = indirectUnits(type.parameters.count);
  if (plan.privateTables) {
    scan.usesIndex = true;
    emitCall(scan, E.CALL_PRIVATE, at, plan.internalType(index), extra, true);
  } else emitCall(scan, E.CALL_SAVED, at, 0, extra, false);
  give(scan, type);
}

function callReference(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  const index = scan.reader.u32();
  const type = typeAt(scan, index, at);
  scan.forget(1);
  scan.pop(type.parameters.count);
  emitCall(scan, E.CALL_SAVED, at, 0, indirectUnits(type.parameters.count), false);
  give(scan, type);
}

function returnCall(scan: FunctionScan, at: number): void {
  const { plan } = scan;
  scan.pending += scan.unit;
  const index = functionIndex(scan);
  scan.pop(typeAt(scan, plan.info.functions[index] as number, at).parameters.count);
  const entry = plan.registers && plan.fuel ? FUEL_ONE : 0;
  scan.events.push(E.RETURN_CALL, at, scan.reader.pos - at, scan.pending + entry, scan.frames, plan.internal(index));
  skipDead(scan);
}

function returnCallIndirect(scan: FunctionScan, at: number): void {
  const { plan, reader } = scan;
  scan.pending += scan.unit;
  const index = reader.u32();
  reader.u32();
  const type = typeAt(scan, index, at);
  scan.forget(1);
  scan.pop(type.parameters.count);
  if (plan.privateTables) {
    scan.usesIndex = true;
    const entry = plan.fuel ? FUEL_ONE : 0;
    const target = plan.internalType(index);
    scan.events.push(E.RETURN_CALL_PRIVATE, at, reader.pos - at, scan.pending + entry, scan.frames, target);
  } else saveForTailCall(scan, at);
  skipDead(scan);
}

function returnCallReference(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  const type = typeAt(scan, scan.reader.u32(), at);
  scan.forget(1);
  scan.pop(type.parameters.count);
  saveForTailCall(scan, at);
  skipDead(scan);
}

// the callee takes the word from the global, and leaves it there for our caller
function saveForTailCall(scan: FunctionScan, at: number): void {
  if (scan.plan.registers) scan.plan.needGlobals();
  scan.events.push(E.SAVE, at, 0, scan.pending, scan.frames, 0);
}

/** The readers of calls, by code. */
export const SCAN_CALLS: Readonly<Record<number, Handler>> = {
  [OP.call]: call,
  [OP.callIndirect]: callIndirect,
  [OP.returnCall]: returnCall,
  [OP.returnCallIndirect]: returnCallIndirect,
  [OP.callRef]: callReference,
  [OP.returnCallRef]: returnCallReference,
};
