// The small functions at the borders: where the word passes between a parameter and the shared global, and where growth is bounded.
// It must not know function bodies.

import type { Limits } from "./module.ts";
import { OP, TYPE } from "./operators.ts";
import {
  DEPTH_GUARD,
  ELEMENTS,
  FUEL_ONE,
  IMPORT_UNITS,
  PAGES,
  STATE,
  STATE_CHECK_FAILED,
  STATE_HOST_REFUSED,
  STATE_MEMORY_REFUSED,
  STATE_TABLE_REFUSED,
  WORD,
} from "./word.ts";
import { Writer } from "./writer.ts";

const MAX_PAGES = 65_536;
const MAX_ELEMENTS = 10_000_000;

/** What bodies at the border need to know of the module. */
export interface BorderContext {
  readonly firstMeterGlobal: number;
  readonly fuel: boolean;
  readonly depth: boolean;
  readonly registers: boolean;
}

class BorderBody {
  readonly out = new Writer(96);
  readonly #context: BorderContext;

  constructor(context: BorderContext) {
    this.#context = context;
  }

  get(which: number): this {
    this.out.op(OP.globalGet, this.#context.firstMeterGlobal + which);
    return this;
  }

  set(which: number): this {
    this.out.op(OP.globalSet, this.#context.firstMeterGlobal + which);
    return this;
  }

  local(index: number): this {
    this.out.op(OP.localGet, index);
    return this;
  }

  i64(value: number): this {
    this.out.u8(OP.i64Const);
    this.out.s64(value);
    return this;
  }

  i32(value: number): this {
    this.out.u8(OP.i32Const);
    this.out.s64(value);
    return this;
  }

  ops(...codes: number[]): this {
    for (const code of codes) this.out.u8(code);
    return this;
  }

  op(code: number, immediate: number): this {
    this.out.op(code, immediate);
    return this;
  }

  parameters(count: number): this {
    for (let index = 0; index < count; index++) this.local(index);
    return this;
  }

  // `state |= bit`
  note(bit: number): this {
    return this.get(STATE).i32(bit).ops(OP.i32Or).set(STATE);
  }

  // traps when the depth guard is set: too deep, or stopped by the host
  guard(bit: number): this {
    this.get(WORD).i64(DEPTH_GUARD).ops(OP.i64And, OP.i64Eqz, OP.i32Eqz, OP.if, TYPE.empty);
    if (bit !== 0) this.note(bit);
    return this.ops(OP.unreachable, OP.end);
  }

  end(): Uint8Array {
    this.out.u8(OP.end);
    return this.out.bytes();
  }
}

function begin(context: BorderContext, declared: readonly number[]): BorderBody {
  const body = new BorderBody(context);
  body.out.u32(declared.length);
  for (const type of declared) body.out.u8u8(1, type);
  return body;
}

/** A function that anyone may call: takes the word from the global, pays the entry, and puts the word back. */
export function wrapperBody(context: BorderContext, target: number, parameters: number): Uint8Array {
  const body = begin(context, []).parameters(parameters).get(WORD);
  if (context.fuel) body.i64(FUEL_ONE).ops(OP.i64Add);
  return body.op(OP.call, target).set(WORD).end();
}

/**
 * A function that stands for an import: a host function costs its caller no entry, takes stack that is given back after it,
 * and must not be left when the host has stopped the call.
 */
export function importBody(context: BorderContext, target: number, parameters: number): Uint8Array {
  const word = parameters;
  const body = begin(context, context.registers ? [] : [TYPE.i64]);
  if (!context.registers) body.get(WORD).op(OP.localSet, word);
  const entry = context.registers && context.fuel ? FUEL_ONE : 0;
  const units = context.depth ? IMPORT_UNITS : 0;
  body
    .local(word)
    .i64(units - entry)
    .ops(OP.i64Add)
    .set(WORD);
  body.guard(STATE_CHECK_FAILED).parameters(parameters).op(OP.call, target).guard(0);
  body
    .get(WORD)
    .i64(-FUEL_ONE)
    .ops(OP.i64And)
    .local(word)
    .i64(FUEL_ONE - 1)
    .ops(OP.i64And, OP.i64Or);
  if (!context.registers) body.set(WORD);
  return body.end();
}

/** Grows memory `memory` by its parameter when the limit of the call allows it; else refuses as the engine would. */
export function memoryGrowBody(context: BorderContext, memory: number, limits: Limits, imported: boolean): Uint8Array {
  const body = begin(context, [TYPE.i32]);
  body.op(OP.memorySize, memory).ops(OP.i64ExtendI32U).local(0).ops(OP.i64ExtendI32U, OP.i64Add);
  refuseOver(body, limits.max ?? MAX_PAGES);
  refuseBeyond(body, 0, PAGES, STATE_MEMORY_REFUSED);
  body.local(0).op(OP.memoryGrow, memory).op(OP.localTee, 1);
  settleGrowth(body, imported);
  return take(body, 0, 1, PAGES);
}

/** The same for table `table`, whose parameters are the initial element and the count. */
export function tableGrowBody(context: BorderContext, table: number, limits: Limits, imported: boolean): Uint8Array {
  const body = begin(context, [TYPE.i32]);
  body.ops(OP.bulkPrefix, 16).out.u32(table);
  body.ops(OP.i64ExtendI32U).local(1).ops(OP.i64ExtendI32U, OP.i64Add);
  refuseOver(body, limits.max ?? MAX_ELEMENTS);
  refuseBeyond(body, 1, ELEMENTS, STATE_TABLE_REFUSED);
  body.local(0).local(1).ops(OP.bulkPrefix, 15).out.u32(table);
  body.op(OP.localTee, 2);
  settleGrowth(body, imported);
  return take(body, 1, 2, ELEMENTS);
}

// the module's own maximum: refusing is what it asked for
function refuseOver(body: BorderBody, max: number): void {
  body.i64(max).ops(OP.i64GtU, OP.if, TYPE.empty).i32(-1).ops(OP.return, OP.end);
}

function refuseBeyond(body: BorderBody, delta: number, left: number, bit: number): void {
  body.local(delta).get(left).ops(OP.i32GtU, OP.if, TYPE.empty);
  body.note(bit).i32(-1).ops(OP.return, OP.end);
}

// An engine that cannot grow what the limits allow must not steer the guest: the call ends. What is imported may have a
// maximum of its own that is not known here.
function settleGrowth(body: BorderBody, imported: boolean): void {
  body.i32(-1).ops(0x46, OP.if, TYPE.empty);
  if (imported) body.i32(-1).ops(OP.return);
  else body.note(STATE_HOST_REFUSED).ops(OP.unreachable);
  body.ops(OP.end);
}

function take(body: BorderBody, delta: number, result: number, left: number): Uint8Array {
  return body.get(left).local(delta).ops(OP.i32Sub).set(left).local(result).end();
}
