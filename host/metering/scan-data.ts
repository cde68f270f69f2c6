// Reads the operators on locals, globals, constants, references, memories, tables and vectors.
// It must not know control flow or calls.

import { BULK_INDICES } from "./dead-code.ts";
import { relaxedTemporaries } from "./emit-relaxed.ts";
import * as E from "./events.ts";
import type { FunctionScan, Handler } from "./function-scan.ts";
import { RAW, SETTLED } from "./nan-tracker.ts";
import * as O from "./operators.ts";
import { OP } from "./operators.ts";
import { readHeapType, readValueType } from "./read-types.ts";
import { applyPlain, readMemarg } from "./scan-plain.ts";
import { FUEL_ONE, METER_GLOBALS } from "./word.ts";

// bulk operations of constant size up to this many units are charged without a check (Wasmtime 49)
const UNCHECKED_BULK = 128;

function local(scan: FunctionScan): number {
  const { reader, plan } = scan;
  const at = reader.pos;
  const index = reader.u32();
  if (index >= scan.locals) reader.malformed(`local ${index} does not exist`, at);
  // the word takes the place of the first declared local, which moves behind the last
  if (plan.registers && index === scan.parameters) scan.events.push(E.INDEX, at, reader.pos - at, 0, 0, scan.locals);
  return index;
}

function localGet(scan: FunctionScan): void {
  scan.pending += scan.unit;
  const index = local(scan);
  scan.push(scan.nans.read(index, scan.reader.pos));
}

function localSet(scan: FunctionScan): void {
  scan.pending += scan.unit;
  const index = local(scan);
  scan.forget(1);
  scan.nans.write(index, scan.nans.tag(scan.height));
}

function localTee(scan: FunctionScan): void {
  scan.pending += scan.unit;
  const index = local(scan);
  scan.forget(1);
  const tag = scan.nans.tag(scan.height);
  scan.nans.write(index, tag);
  scan.push(tag);
}

function global(scan: FunctionScan): void {
  const { reader, plan } = scan;
  const at = reader.pos;
  const index = reader.u32();
  if (index >= plan.info.globals) reader.malformed(`global ${index} does not exist`, at);
  if (index >= plan.info.importedGlobals) {
    scan.events.push(E.INDEX, at, reader.pos - at, 0, 0, index + METER_GLOBALS.length);
  }
}

function globalGet(scan: FunctionScan): void {
  scan.pending += scan.unit;
  global(scan);
  scan.push(RAW);
}

function globalSet(scan: FunctionScan): void {
  scan.pending += scan.unit;
  global(scan);
  scan.pop(1);
}

function i32Const(scan: FunctionScan): void {
  scan.pending += scan.unit;
  scan.constant = scan.reader.s32() >>> 0;
  scan.constantEnd = scan.reader.pos;
  scan.push(RAW);
}

function i64Const(scan: FunctionScan): void {
  scan.pending += scan.unit;
  scan.reader.skipS64();
  scan.push(RAW);
}

function f32Const(scan: FunctionScan): void {
  scan.pending += scan.unit;
  const { reader } = scan;
  reader.skip(4);
  const high = reader.bytes[reader.pos - 2] as number;
  const top = (reader.bytes[reader.pos - 1] as number) & 0x7f;
  scan.push(top === 0x7f && high >= 0x80 ? RAW : SETTLED);
}

function f64Const(scan: FunctionScan): void {
  scan.pending += scan.unit;
  const { reader } = scan;
  reader.skip(8);
  const high = reader.bytes[reader.pos - 2] as number;
  const top = (reader.bytes[reader.pos - 1] as number) & 0x7f;
  scan.push(top === 0x7f && high >= 0xf0 ? RAW : SETTLED);
}

function select(scan: FunctionScan): void {
  scan.pending += scan.unit;
  scan.pop(3);
  scan.push(RAW);
}

function selectTyped(scan: FunctionScan): void {
  for (let left = scan.reader.count("types"); left > 0; left--) readValueType(scan.reader);
  select(scan);
}

function table(scan: FunctionScan, at: number): void {
  const index = scan.reader.u32();
  const entry = scan.plan.info.tables[index] ?? scan.reader.malformed(`table ${index} does not exist`, at);
  if (entry.functions && scan.plan.privateTables) scan.plan.notPrivate();
}

function tableGet(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  table(scan, at);
  scan.forget(1);
  scan.push(RAW);
}

function tableSet(scan: FunctionScan, at: number): void {
  scan.pending += scan.unit;
  table(scan, at);
  scan.forget(2);
}

function memorySize(scan: FunctionScan): void {
  scan.pending += scan.unit;
  scan.reader.u32();
  scan.push(RAW);
}

function memoryGrow(scan: FunctionScan, at: number): void {
  const { plan, reader } = scan;
  scan.pending += scan.unit;
  const index = reader.u32();
  if (index >= plan.info.memories.length) reader.malformed(`memory ${index} does not exist`, at);
  scan.forget(1);
  grow(scan, at, plan.growth ? plan.growHelper("memory", index) : -1);
}

// Growing costs what was added, after it was added (Wasmtime 49): a refusal costs nothing and is not checked.
function grow(scan: FunctionScan, at: number, helper: number): void {
  const { plan, reader } = scan;
  const length = reader.pos - at;
  if (plan.fuel) {
    scan.settleTo(0, scan.frames, at);
    scan.hasGrowth = true;
    const unchecked = scan.constantEnd === at && scan.constant <= UNCHECKED_BULK;
    scan.events.push(E.GROW_CHARGED, at, length, unchecked ? 0 : scan.depth, 0, helper);
  } else if (plan.growth) scan.events.push(E.GROW, at, length, 0, 0, helper);
  scan.push(RAW);
}

// charges one unit for each of the count on top of the stack
function charge(scan: FunctionScan, at: number): void {
  if (!scan.plan.fuel) return;
  if (scan.constantEnd !== at) {
    scan.hasBulk = true;
    scan.events.push(E.BULK, at, 0, scan.take(), 0, scan.depth);
    return;
  }
  scan.pending += scan.constant * FUEL_ONE;
  if (scan.constant <= UNCHECKED_BULK) return;
  scan.events.push(E.ADD, at, 0, scan.take(), 0, 0);
  scan.events.push(E.CHECK, at, 0, 0, 0, scan.depth);
}

function refNull(scan: FunctionScan): void {
  scan.pending += scan.unit;
  readHeapType(scan.reader);
  scan.push(RAW);
}

function refIsNull(scan: FunctionScan): void {
  scan.pending += scan.unit;
  scan.forget(1);
  scan.push(RAW);
}

function refFunc(scan: FunctionScan): void {
  const { reader, plan } = scan;
  scan.pending += scan.unit;
  const at = reader.pos;
  const index = reader.u32();
  if (index >= plan.info.functions.length) reader.malformed(`function ${index} does not exist`, at);
  scan.events.push(E.INDEX, at, reader.pos - at, 0, 0, plan.reference(index));
  scan.push(RAW);
}

const TABLE_INIT = 12;
const TABLE_COPY = 14;
const TABLE_GROW = 15;
const TABLE_SIZE = 16;
const TABLE_FILL = 17;

function bulk(scan: FunctionScan, at: number): void {
  const { reader, plan } = scan;
  scan.pending += scan.unit;
  const op = reader.u32();
  const indices = BULK_INDICES[op] ?? reader.unsupported("this operator with the prefix 0xfc", at);
  if (op <= 7) {
    applyPlain(scan, O.KNOWN | 1 | (1 << 3) | (O.NAN_BLIND << 4));
    return;
  }
  const first = indices > 0 ? reader.u32() : 0;
  const second = indices > 1 ? reader.u32() : first;
  if (op >= TABLE_INIT && op !== 13)
    checkTable(scan, op, op === TABLE_INIT ? second : first, op === TABLE_COPY ? second : first, at);
  if (op === 9 || op === 13) return;
  if (op === TABLE_SIZE) {
    scan.push(RAW);
    return;
  }
  if (op === TABLE_GROW) {
    scan.forget(2);
    grow(scan, at, plan.growth ? plan.growHelper("table", first) : -1);
    return;
  }
  charge(scan, at);
  scan.forget(3);
}

function checkTable(scan: FunctionScan, op: number, index: number, other: number, at: number): void {
  const { tables } = scan.plan.info;
  const entry = tables[index] ?? scan.reader.malformed(`table ${index} does not exist`, at);
  if (op === TABLE_COPY && tables[other] === undefined) scan.reader.malformed(`table ${other} does not exist`, at);
  const stores = op === TABLE_GROW || op === TABLE_FILL;
  if (stores && entry.functions && scan.plan.privateTables) scan.plan.notPrivate();
}

function vector(scan: FunctionScan, at: number): void {
  const { reader } = scan;
  const op = reader.u32();
  const entry = O.VECTOR[op] ?? 0;
  if (entry === 0) reader.unsupported("this vector operator", at);
  scan.pending += scan.unit;
  scan.hasVectors = true;
  if (op >= O.FIRST_RELAXED) relaxed(scan, op, at);
  const kind = O.immediate(entry);
  if (kind === O.IMMEDIATE_MEMARG || kind === O.IMMEDIATE_MEMARG_LANE) readMemarg(scan);
  if (kind === O.IMMEDIATE_LANE || kind === O.IMMEDIATE_MEMARG_LANE) reader.u8();
  if (op === 12 || op === 13) reader.skip(16);
  applyPlain(scan, entry);
}

function relaxed(scan: FunctionScan, op: number, at: number): void {
  if (!scan.plan.relaxed) scan.reader.unsupported("relaxed SIMD", at);
  scan.relaxedTemporaries = Math.max(scan.relaxedTemporaries, relaxedTemporaries(op));
  scan.events.push(E.RELAXED, at, scan.reader.pos - at, 0, 0, op);
}

/** The readers of operators on data, by code. */
export const SCAN_DATA: Readonly<Record<number, Handler>> = {
  [OP.drop]: (scan) => scan.forget(1),
  [OP.select]: select,
  [OP.selectTyped]: selectTyped,
  [OP.localGet]: localGet,
  [OP.localSet]: localSet,
  [OP.localTee]: localTee,
  [OP.globalGet]: globalGet,
  [OP.globalSet]: globalSet,
  [OP.tableGet]: tableGet,
  [OP.tableSet]: tableSet,
  [OP.memorySize]: memorySize,
  [OP.memoryGrow]: memoryGrow,
  [OP.i32Const]: i32Const,
  [OP.i64Const]: i64Const,
  [OP.f32Const]: f32Const,
  [OP.f64Const]: f64Const,
  [OP.refNull]: refNull,
  [OP.refIsNull]: refIsNull,
  [OP.refFunc]: refFunc,
  [OP.refAsNonNull]: (scan) => {
    scan.pending += scan.unit;
  },
  [OP.bulkPrefix]: bulk,
  [OP.vectorPrefix]: vector,
};
