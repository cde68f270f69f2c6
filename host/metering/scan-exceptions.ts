// Reads the operators of exceptions, legacy and standard: where an exception arrives, the word is taken from its thrower.
// It must not know calls or data.

import { readBlockType } from "./block-type.ts";
import * as E from "./events.ts";
import { BLOCK, CATCHING, type FunctionScan, type Handler, TRY } from "./function-scan.ts";
import { OP } from "./operators.ts";
import { end, openBlock, traps, turn } from "./scan-control.ts";

function tryBlock(scan: FunctionScan): void {
  scan.pending += scan.unit;
  needEarlyRelease(scan);
  openBlock(scan, TRY);
}

// a handler finds the depth of its frame in the local copy of the word: no frame may be pending in it
function needEarlyRelease(scan: FunctionScan): void {
  if (!scan.releaseEarly) {
    scan.releaseEarly = true;
    scan.rescan = true;
  }
}

function catching(scan: FunctionScan, at: number, values: number): void {
  const frame = scan.depth - 1;
  if (scan.kind[frame] !== TRY && scan.kind[frame] !== CATCHING) scan.reader.malformed("a `catch` without a `try`", at);
  turn(scan, at);
  scan.kind[frame] = CATCHING;
  scan.pushMany(values);
  scan.pending = scan.unit;
  scan.frames = 0;
  scan.events.push(E.CATCH, scan.reader.pos, 0, 0, 0, 0);
}

function catchTag(scan: FunctionScan, at: number): void {
  const index = scan.reader.u32();
  catching(scan, at, tagValues(scan, index, at));
}

function tagValues(scan: FunctionScan, index: number, at: number): number {
  const { info } = scan.plan;
  const type = info.types[info.tags[index] ?? -1] ?? scan.reader.malformed(`tag ${index} does not exist`, at);
  return type.parameters.count;
}

function delegate(scan: FunctionScan, at: number): void {
  const label = scan.reader.u32();
  const frame = scan.depth - 1;
  if (scan.kind[frame] !== TRY) scan.reader.malformed("a `delegate` without a `try`", at);
  if (label >= scan.depth) scan.reader.malformed(`label ${label} does not exist`, at);
  end(scan, at);
}

function throwTag(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  scan.pop(tagValues(scan, scan.reader.u32(), at));
  traps(scan, at);
}

function rethrow(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  scan.frameOf(scan.reader.u32(), at);
  traps(scan, at);
}

function throwRef(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  scan.pop(1);
  traps(scan, at);
}

function tryTable(scan: FunctionScan): void {
  const { reader } = scan;
  scan.pending += scan.unit;
  needEarlyRelease(scan);
  const typeAt = reader.pos;
  readBlockType(reader);
  for (let left = reader.count("catch clauses", 2); left > 0; left--) readCatch(scan);
  const after = reader.pos;
  reader.pos = typeAt;
  openBlock(scan, BLOCK);
  reader.pos = after;
}

function readCatch(scan: FunctionScan): void {
  const { reader } = scan;
  const at = reader.pos;
  const kind = reader.u8();
  if (kind > 3) reader.malformed("this catch clause is unknown", at);
  if (kind < 2) tagValues(scan, reader.u32(), at);
  const frame = scan.frameOf(reader.u32(), at);
  scan.reached[frame] = true;
  if (!scan.catches[frame]) {
    scan.needSettled(frame, true);
    scan.rescan = true;
  }
}

/** The readers of exception operators, by code. */
export const SCAN_EXCEPTIONS: Readonly<Record<number, Handler>> = {
  [OP.try]: tryBlock,
  [OP.catch]: catchTag,
  [OP.catchAll]: (scan, at) => catching(scan, at, 0),
  [OP.delegate]: delegate,
  [OP.throw]: throwTag,
  [OP.rethrow]: rethrow,
  [OP.throwRef]: throwRef,
  [OP.tryTable]: tryTable,
};
