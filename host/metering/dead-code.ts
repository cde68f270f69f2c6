// Passes over code that cannot be reached: it costs nothing, and is left out of the result.
// It must not know fuel.

import { readBlockType } from "./block-type.ts";
import * as E from "./events.ts";
import type { FunctionScan } from "./function-scan.ts";
import * as O from "./operators.ts";
import { OP } from "./operators.ts";
import { readHeapType, readValueType } from "./read-types.ts";
import type { Reader } from "./reader.ts";

/** After an operator that never falls through: leaves out what follows, up to the next `else`, `catch` or `end` of this block. */
export function skipDead(scan: FunctionScan, atEnd = false): void {
  scan.alive = false;
  const { reader } = scan;
  const start = reader.pos;
  const limit = scan.plan.limits.nesting;
  let nested = 0;
  for (;;) {
    const at = reader.pos;
    const op = reader.u8();
    const closes = op === OP.end || op === OP.delegate;
    const turns = op === OP.else || op === OP.catch || op === OP.catchAll;
    if (nested === 0 && (closes || turns)) {
      reader.pos = at;
      break;
    }
    if (closes) nested--;
    skipImmediates(scan, op, at);
    if (op === OP.block || op === OP.loop || op === OP.if || op === OP.try || op === OP.tryTable) {
      if (++nested > limit) reader.fail("COMPONENT_TOO_COMPLEX", `blocks nest deeper than ${limit}`, at);
    }
  }
  const length = reader.pos - start;
  if (length > 0 || atEnd) scan.events.push(E.DROP, start, length, 0, 0, atEnd ? 1 : 0);
}

const INDEXED: ReadonlySet<number> = new Set([
  OP.catch,
  OP.throw,
  OP.rethrow,
  OP.br,
  OP.brIf,
  OP.call,
  OP.returnCall,
  OP.callRef,
  OP.returnCallRef,
  OP.delegate,
  OP.localGet,
  OP.localSet,
  OP.localTee,
  OP.globalGet,
  OP.globalSet,
  OP.tableGet,
  OP.tableSet,
  OP.memorySize,
  OP.memoryGrow,
  OP.refFunc,
  OP.brOnNull,
  OP.brOnNonNull,
]);
const BARE: ReadonlySet<number> = new Set([
  OP.unreachable,
  OP.nop,
  OP.else,
  OP.throwRef,
  OP.end,
  OP.return,
  OP.catchAll,
  OP.drop,
  OP.select,
  OP.refIsNull,
  OP.refAsNonNull,
]);

function skipImmediates(scan: FunctionScan, op: number, at: number): void {
  const { reader } = scan;
  const entry = O.PLAIN[op] as number;
  if (entry !== 0) {
    if (O.immediate(entry) !== O.IMMEDIATE_NONE) skipMemarg(reader);
  } else if (INDEXED.has(op)) reader.u32();
  else if (op === OP.vectorPrefix) skipVector(reader, at, scan.plan.relaxed);
  else if (!BARE.has(op)) skipOther(reader, op, at);
}

function skipOther(reader: Reader, op: number, at: number): void {
  switch (op) {
    case OP.block:
    case OP.loop:
    case OP.if:
    case OP.try:
      readBlockType(reader);
      return;
    case OP.tryTable:
      readBlockType(reader);
      skipCatches(reader);
      return;
    case OP.brTable:
      for (let left = reader.count("labels") + 1; left > 0; left--) reader.u32();
      return;
    case OP.callIndirect:
    case OP.returnCallIndirect:
      reader.u32();
      reader.u32();
      return;
    case OP.selectTyped:
      for (let left = reader.count("types"); left > 0; left--) readValueType(reader);
      return;
    case OP.i32Const:
      reader.s32();
      return;
    case OP.i64Const:
      reader.skipS64();
      return;
    case OP.f32Const:
      reader.skip(4);
      return;
    case OP.f64Const:
      reader.skip(8);
      return;
    case OP.refNull:
      readHeapType(reader);
      return;
    case OP.bulkPrefix:
      skipBulk(reader, at);
      return;
    default:
      reader.unsupported(`the operator 0x${op.toString(16).padStart(2, "0")}`, at);
  }
}

function skipMemarg(reader: Reader): void {
  if (reader.u32() & 0x40) reader.u32();
  reader.u32();
}

/** Reads the catch clauses of a `try_table`. */
export function skipCatches(reader: Reader): void {
  for (let left = reader.count("catch clauses", 2); left > 0; left--) {
    const at = reader.pos;
    const kind = reader.u8();
    if (kind > 3) reader.malformed("this catch clause is unknown", at);
    if (kind < 2) reader.u32();
    reader.u32();
  }
}

/** The number of index immediates of each operator with the prefix 0xfc. */
export const BULK_INDICES: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

function skipBulk(reader: Reader, at: number): void {
  const indices = BULK_INDICES[reader.u32()];
  if (indices === undefined) reader.unsupported("an operator with the prefix 0xfc", at);
  for (let i = 0; i < indices; i++) reader.u32();
}

function skipVector(reader: Reader, at: number, relaxed: boolean): void {
  const op = reader.u32();
  const entry = O.VECTOR[op] ?? 0;
  if (entry === 0) reader.unsupported("this vector operator", at);
  if (op >= O.FIRST_RELAXED && !relaxed) reader.unsupported("relaxed SIMD", at);
  if (op === 12 || op === 13) reader.skip(16);
  const kind = O.immediate(entry);
  if (kind === O.IMMEDIATE_MEMARG || kind === O.IMMEDIATE_MEMARG_LANE) skipMemarg(reader);
  if (kind === O.IMMEDIATE_LANE || kind === O.IMMEDIATE_MEMARG_LANE) reader.u8();
}
