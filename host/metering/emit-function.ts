// Writes the metered body of one function: the original bytes, with every event worked in.
// It must not know how events were found.

import * as E from "./events.ts";
import type { FunctionScan } from "./function-scan.ts";
import type { FunctionType } from "./module.ts";
import { NAN_F32, NAN_F32X4, NAN_F64, OP, TYPE } from "./operators.ts";
import {
  DEPTH_GUARD_SHIFT,
  FAT_FRAME_UNITS,
  FUEL_ONE,
  FUEL_SHIFT,
  frameUnits,
  STATE,
  STATE_CHECK_FAILED,
  WORD,
} from "./word.ts";
import type { Writer } from "./writer.ts";

/** One run of declared locals: how many, and the bytes of their type. */
export interface LocalGroup {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

export interface FunctionSource {
  readonly scan: FunctionScan;
  readonly type: FunctionType;
  readonly typeIndex: number;
  readonly locals: readonly LocalGroup[];
  /** How many parameters and locals are v128. */
  readonly vectors: number;
  /** Where the operators of the body start. */
  readonly start: number;
}

const F32_NAN = [0x43, 0x00, 0x00, 0xc0, 0x7f];
const F64_NAN = [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
const F32X4_NAN = [0xfd, 12, 0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f];
const F64X2_NAN = [0xfd, 12, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
const F32X4_EQ = [0xfd, 65];
const F64X2_EQ = [0xfd, 71];
const BITSELECT = [0xfd, 82];
// events that begin by pushing the word
const PUSHES: ReadonlySet<number> = new Set([E.ADD, E.SAVE, E.RETURN, E.FINISH, E.CALL, E.CALL_BORDER, E.CALL_SAVED]);

/** Writes bodies, one after the other. */
export class FunctionEmitter {
  readonly #out: Writer;
  #source!: FunctionSource;
  #scan!: FunctionScan;
  #word = 0;
  #frame = 0;
  #index = 0;
  #grown = 0;
  /** The word is on the stack, and not yet in its local. */
  #held = false;
  #temporaries: number[] = [];
  #f32 = 0;
  #f64 = 0;
  #v128 = 0;

  constructor(out: Writer) {
    this.#out = out;
  }

  get #metered(): boolean {
    return this.#scan.plan.fuel || this.#scan.plan.depth;
  }

  /** Appends the body of a function whose events are complete. */
  emit(source: FunctionSource): void {
    const { scan } = source;
    this.#source = source;
    this.#scan = scan;
    this.#word = scan.plan.registers ? scan.parameters : scan.locals;
    const operandSlots = scan.maxHeight * (scan.hasVectors ? 2 : 1);
    this.#frame = scan.plan.depth ? frameUnits(scan.locals + source.vectors + operandSlots) : 0;
    this.#allocate();
    this.#writeLocals();
    this.#open();
    this.#writeBody();
    this.#close();
  }

  #allocate(): void {
    const scan = this.#scan;
    const needed = { f32: false, f64: false, v128: false };
    const { kind, frames, argument, length } = scan.events;
    for (let i = 0; i < length; i++) {
      if (kind[i] === E.NAN_LOCAL) kind[i] = scan.nans.isArithmetic(frames[i] as number) ? E.NAN : E.NAN_OFF;
      if (kind[i] !== E.NAN) continue;
      const nanClass = argument[i] as number;
      needed[nanClass === NAN_F32 ? "f32" : nanClass === NAN_F64 ? "f64" : "v128"] = true;
    }
    const first = scan.locals + (this.#metered ? 1 : 0);
    this.#temporaries = [];
    const take = (type: number, wanted: boolean): number => {
      if (wanted) this.#temporaries.push(type);
      return first + this.#temporaries.length - 1;
    };
    this.#index = take(TYPE.i32, scan.hasBulk || scan.hasGrowth || scan.usesIndex);
    this.#grown = take(TYPE.i32, scan.hasGrowth);
    this.#f32 = take(TYPE.f32, needed.f32);
    this.#f64 = take(TYPE.f64, needed.f64);
    this.#v128 = take(TYPE.v128, needed.v128);
  }

  // In registers, the word is a parameter in the place of the first declared local, which moves behind the last.
  #writeLocals(): void {
    const out = this.#out;
    const { locals, scan } = this.#source;
    const bytes = scan.reader.bytes;
    const registers = scan.plan.registers;
    const moved = registers ? locals.find((group) => group.count > 0) : undefined;
    const groups = locals.map((group) => (group === moved ? { ...group, count: group.count - 1 } : group));
    const kept = groups.filter((group) => group.count > 0);
    const ownWord = this.#metered && !registers ? 1 : 0;
    out.u32(kept.length + (moved === undefined ? 0 : 1) + ownWord + this.#temporaries.length);
    for (const group of kept) {
      out.u32(group.count);
      out.raw(bytes, group.start, group.end);
    }
    if (moved !== undefined) {
      out.u8(1);
      out.raw(bytes, moved.start, moved.end);
    }
    if (ownWord === 1) out.u8u8(1, TYPE.i64);
    for (const type of this.#temporaries) out.u8u8(1, type);
  }

  // An outer block ends where the code of a failed check begins; an inner one takes branches to the function's label.
  #open(): void {
    if (!this.#metered) return;
    const out = this.#out;
    const { plan } = this.#scan;
    if (!plan.registers) {
      this.#global(OP.globalGet, WORD);
      if (plan.fuel) this.#add(FUEL_ONE);
      out.op(OP.localSet, this.#word);
    }
    out.u8u8(OP.block, TYPE.empty);
    this.#entryCheck();
    if (!this.#scan.leavesByBranch) return;
    out.u8(OP.block);
    this.#resultType();
  }

  #resultType(): void {
    const { type, typeIndex, scan } = this.#source;
    const { start, end, count } = type.results;
    if (count === 0) this.#out.u8(TYPE.empty);
    else if (count === 1) this.#out.raw(scan.reader.bytes, start, end);
    else this.#out.s64(scan.plan.resultType(typeIndex));
  }

  // The guard of depth is shifted onto that of fuel, so that one test of the sign finds either.
  #entryCheck(): void {
    const out = this.#out;
    const { fuel, depth } = this.#scan.plan;
    out.op(OP.localGet, this.#word);
    if (depth) {
      if (this.#frame >= FAT_FRAME_UNITS) this.#add(this.#frame);
      this.#constant(DEPTH_GUARD_SHIFT);
      out.u8(OP.i64Shl);
    }
    if (depth && fuel) {
      out.op(OP.localGet, this.#word);
      out.u8(OP.i64Or);
    }
    this.#negative();
    out.op(OP.brIf, 0);
  }

  #negative(): void {
    this.#out.u8u8(OP.i64Const, 0);
    this.#out.u8(OP.i64LtS);
  }

  #constant(value: number): void {
    this.#out.u8(OP.i64Const);
    this.#out.s64(value);
  }

  #add(amount: number): void {
    if (amount === 0) return;
    this.#constant(amount);
    this.#out.u8(OP.i64Add);
  }

  #global(op: number, which: number): void {
    this.#out.op(op, this.#scan.plan.info.importedGlobals + which);
  }

  #close(): void {
    const out = this.#out;
    if (this.#metered) {
      out.u8(OP.end);
      out.op(OP.localGet, this.#word);
      this.#global(OP.globalSet, WORD);
      out.u8u8(OP.i32Const, STATE_CHECK_FAILED);
      this.#global(OP.globalSet, STATE);
      out.u8(OP.unreachable);
    }
    out.u8(OP.end);
  }

  #writeBody(): void {
    const { events, reader } = this.#scan;
    const metered = this.#metered;
    let copied = this.#source.start;
    for (let i = 0; i < events.length; i++) {
      const kind = events.kind[i] as number;
      if (kind === E.NAN_OFF) continue;
      const at = events.at[i] as number;
      if (this.#held && (at > copied || !PUSHES.has(kind))) this.#settleHeld();
      if (at > copied) this.#out.raw(reader.bytes, copied, at);
      copied = at + (events.skip[i] as number);
      if (metered || kind === E.DROP || kind >= E.NAN || kind === E.GROW || kind === E.INDEX) this.#event(i, kind);
      else if (kind !== E.FINISH && kind !== E.FINISH_DEAD) this.#out.raw(reader.bytes, at, copied);
    }
  }

  #event(i: number, kind: number): void {
    const { events } = this.#scan;
    const argument = events.argument[i] as number;
    const amount = (events.amount[i] as number) + (kind >= E.NAN ? 0 : (events.frames[i] as number) * this.#frame);
    const out = this.#out;
    switch (kind) {
      case E.ADD:
        this.#charge(amount);
        return;
      case E.CHECK:
        this.#check(argument);
        return;
      case E.INDEX:
        out.u32(argument);
        return;
      case E.DROP:
        if (argument === 1) out.u8(OP.unreachable);
        return;
      case E.GROW:
        out.op(OP.call, argument);
        return;
      case E.GROW_CHARGED:
        this.#grow(amount, argument, i);
        return;
      case E.BULK:
        this.#bulk(amount, argument);
        return;
      case E.ELSE_ADD:
        out.u8(OP.else);
        this.#charge(amount);
        return;
      case E.CATCH:
        this.#catch();
        return;
      case E.MERGE:
        this.#merge();
        return;
      case E.NAN:
        this.#settle(argument);
        return;
      case E.FINISH:
        this.#finish(amount);
        return;
      case E.FINISH_DEAD:
        return;
      default:
        this.#leave(kind, amount, argument, i);
        return;
    }
  }

  #leave(kind: number, amount: number, argument: number, i: number): void {
    const out = this.#out;
    switch (kind) {
      case E.CALL:
        this.#push(amount);
        out.op(OP.call, argument);
        this.#held = true;
        return;
      case E.CALL_PRIVATE:
      case E.RETURN_CALL_PRIVATE:
        this.#callPrivate(kind, amount, argument, i);
        return;
      case E.CALL_BORDER:
        this.#save(amount);
        out.op(OP.call, argument);
        this.#load();
        return;
      case E.CALL_SAVED:
        this.#save(amount);
        this.#original(i);
        this.#load();
        return;
      case E.SAVE:
        this.#save(amount);
        return;
      case E.RETURN:
        this.#handBack(amount);
        out.u8(OP.return);
        return;
      default:
        if (this.#scan.plan.registers) this.#push(amount);
        else this.#save(amount);
        out.op(OP.returnCall, argument);
    }
  }

  #original(i: number): void {
    const { events, reader } = this.#scan;
    const at = events.at[i] as number;
    this.#out.raw(reader.bytes, at, at + (events.skip[i] as number));
  }

  // a word that a call has just handed back is on the stack already
  #push(amount: number): void {
    if (!this.#held) this.#out.op(OP.localGet, this.#word);
    this.#held = false;
    this.#add(amount);
  }

  #settleHeld(): void {
    if (this.#held) this.#out.op(OP.localSet, this.#word);
    this.#held = false;
  }

  #charge(amount: number): void {
    if (amount === 0) return;
    this.#push(amount);
    this.#out.op(OP.localSet, this.#word);
  }

  #save(amount: number): void {
    this.#push(amount);
    this.#global(OP.globalSet, WORD);
  }

  #load(): void {
    this.#global(OP.globalGet, WORD);
    this.#out.op(OP.localSet, this.#word);
  }

  #handBack(amount: number): void {
    if (this.#scan.plan.registers) this.#push(amount);
    else this.#save(amount);
  }

  #finish(amount: number): void {
    if (this.#scan.leavesByBranch || this.#scan.catchesAtEnd) this.#settleHeld();
    if (this.#scan.leavesByBranch) this.#out.u8(OP.end);
    if (this.#scan.catchesAtEnd) this.#merge();
    this.#handBack(amount);
    this.#out.u8(OP.return);
  }

  // `depth` frames are open, the function's own among them
  #check(depth: number): void {
    this.#out.op(OP.localGet, this.#word);
    this.#negative();
    this.#out.op(OP.brIf, depth - (this.#scan.leavesByBranch ? 0 : 1));
  }

  #bulk(amount: number, depth: number): void {
    const out = this.#out;
    out.op(OP.localTee, this.#index);
    this.#addCount(amount);
    out.op(OP.localGet, this.#index);
    this.#check(depth);
  }

  #grow(depth: number, helper: number, i: number): void {
    const out = this.#out;
    out.op(OP.localTee, this.#index);
    if (helper < 0) this.#original(i);
    else out.op(OP.call, helper);
    out.op(OP.localTee, this.#grown);
    out.u8u8(OP.i32Const, 0x7f); // -1
    out.u8u8(0x47, OP.if); // i32.ne
    out.u8(TYPE.empty);
    out.op(OP.localGet, this.#index);
    this.#addCount(0);
    if (depth > 0) this.#check(depth + 1);
    out.u8(OP.end);
    out.op(OP.localGet, this.#grown);
  }

  // adds a count of i32 that is on the stack
  #addCount(amount: number): void {
    const out = this.#out;
    out.u8(OP.i64ExtendI32U);
    this.#constant(FUEL_SHIFT);
    out.u8(OP.i64Shl);
    this.#add(amount);
    out.op(OP.localGet, this.#word);
    out.u8(OP.i64Add);
    out.op(OP.localSet, this.#word);
  }

  #callPrivate(kind: number, amount: number, type: number, i: number): void {
    const { events, reader } = this.#scan;
    const out = this.#out;
    out.op(OP.localSet, this.#index);
    this.#push(amount);
    out.op(OP.localGet, this.#index);
    out.op(kind === E.CALL_PRIVATE ? OP.callIndirect : OP.returnCallIndirect, type);
    const from = reader.slice((events.at[i] as number) + 1, reader.end);
    from.u32();
    out.u32(from.u32());
    this.#held = kind === E.CALL_PRIVATE;
  }

  // the fuel of the global, the depth of the local
  #arrived(): void {
    const out = this.#out;
    this.#global(OP.globalGet, WORD);
    this.#constant(-FUEL_ONE);
    out.u8(OP.i64And);
    out.op(OP.localGet, this.#word);
    this.#constant(FUEL_ONE - 1);
    out.u8u8(OP.i64And, OP.i64Or);
  }

  #catch(): void {
    this.#arrived();
    this.#out.op(OP.localSet, this.#word);
  }

  // fuel only rises: the greater word is the later one
  #merge(): void {
    const out = this.#out;
    this.#arrived();
    out.op(OP.localGet, this.#word);
    this.#arrived();
    out.op(OP.localGet, this.#word);
    out.u8u8(OP.i64GtU, OP.select);
    out.op(OP.localSet, this.#word);
  }

  #settle(nanClass: number): void {
    const out = this.#out;
    const vector = nanClass !== NAN_F32 && nanClass !== NAN_F64;
    const local = vector ? this.#v128 : nanClass === NAN_F32 ? this.#f32 : this.#f64;
    const nan = vector ? (nanClass === NAN_F32X4 ? F32X4_NAN : F64X2_NAN) : nanClass === NAN_F32 ? F32_NAN : F64_NAN;
    out.op(OP.localTee, local);
    out.raw(Uint8Array.from(nan));
    out.op(OP.localGet, local);
    out.op(OP.localGet, local);
    if (vector) {
      out.raw(Uint8Array.from(nanClass === NAN_F32X4 ? F32X4_EQ : F64X2_EQ));
      out.raw(Uint8Array.from(BITSELECT));
    } else out.u8u8(nanClass === NAN_F32 ? OP.f32Eq : OP.f64Eq, OP.select);
  }
}
