// Writes the metered body of one function: the original bytes, with every event worked in.
// It must not know how events were found.

import { settleNan } from "./emit-nan.ts";
import { writeRelaxed } from "./emit-relaxed.ts";
import * as E from "./events.ts";
import type { FunctionScan } from "./function-scan.ts";
import type { FunctionType } from "./module.ts";
import type { OffsetRecorder } from "./offset-map.ts";
import { NAN_F32, NAN_F64, OP, TYPE } from "./operators.ts";
import { DEPTH_GUARD_SHIFT, FAT_FRAME_UNITS, FUEL_ONE, frameUnits, STATE, STATE_CHECK_FAILED, WORD } from "./word.ts";
import { WordEmitter } from "./word-emitter.ts";
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

// events that begin by pushing the word
const PUSHES: ReadonlySet<number> = new Set([E.ADD, E.SAVE, E.RETURN, E.FINISH, E.CALL, E.CALL_BORDER, E.CALL_SAVED]);

/** Writes bodies, one after the other. */
export class FunctionEmitter {
  readonly #out: Writer;
  readonly #offsets: OffsetRecorder | undefined;
  #source!: FunctionSource;
  #scan!: FunctionScan;
  readonly #word: WordEmitter;
  #frame = 0;
  #index = 0;
  #grown = 0;
  #temporaries: number[] = [];
  #f32 = 0;
  #f64 = 0;
  #v128 = 0;
  #relaxed = 0;

  constructor(out: Writer, offsets: OffsetRecorder | undefined) {
    this.#out = out;
    this.#offsets = offsets;
    this.#word = new WordEmitter(out);
  }

  get #metered(): boolean {
    return this.#scan.plan.fuel || this.#scan.plan.depth;
  }

  /** Appends the body of a function whose events are complete. */
  emit(source: FunctionSource): void {
    const { scan } = source;
    this.#source = source;
    this.#scan = scan;
    const { registers, info } = scan.plan;
    this.#word.begin(registers ? scan.parameters : scan.locals, registers, info.importedGlobals);
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
    this.#relaxed = first + this.#temporaries.length;
    for (let i = 0; i < scan.relaxedTemporaries; i++) this.#temporaries.push(TYPE.v128);
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
      this.#word.global(OP.globalGet, WORD);
      if (plan.fuel) this.#word.add(FUEL_ONE);
      out.op(OP.localSet, this.#word.local);
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
    out.op(OP.localGet, this.#word.local);
    if (depth) {
      if (this.#frame >= FAT_FRAME_UNITS) this.#word.add(this.#frame);
      this.#word.constant(DEPTH_GUARD_SHIFT);
      out.u8(OP.i64Shl);
    }
    if (depth && fuel) {
      out.op(OP.localGet, this.#word.local);
      out.u8(OP.i64Or);
    }
    this.#word.negative();
    out.op(OP.brIf, 0);
  }

  #close(): void {
    const out = this.#out;
    if (this.#metered) {
      out.u8(OP.end);
      out.op(OP.localGet, this.#word.local);
      this.#word.global(OP.globalSet, WORD);
      out.u8u8(OP.i32Const, STATE_CHECK_FAILED);
      this.#word.global(OP.globalSet, STATE);
      out.u8(OP.unreachable);
    }
    out.u8(OP.end);
  }

  #writeBody(): void {
    const { events, reader } = this.#scan;
    const metered = this.#metered;
    let copied = this.#source.start;
    this.#offsets?.begin(copied, this.#out.length);
    for (let i = 0; i < events.length; i++) {
      const kind = events.kind[i] as number;
      if (kind === E.NAN_OFF) continue;
      const at = events.at[i] as number;
      if (at > copied || !PUSHES.has(kind)) this.#word.settleHeld();
      this.#offsets?.copy(copied, this.#out.length, at - copied);
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
        this.#word.charge(amount);
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
      case E.NAN:
        settleNan(out, argument, this.#nanLocal(argument));
        return;
      case E.RELAXED:
        writeRelaxed(out, argument, this.#relaxed);
        return;
      default:
        this.#turn(kind, amount, argument, i);
        return;
    }
  }

  #turn(kind: number, amount: number, argument: number, i: number): void {
    switch (kind) {
      case E.ELSE_ADD:
        this.#out.u8(OP.else);
        this.#word.charge(amount);
        return;
      case E.CATCH:
        this.#word.takeThrown();
        return;
      case E.MERGE:
        this.#word.mergeThrown();
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
        this.#word.push(amount);
        out.op(OP.call, argument);
        this.#word.hold();
        return;
      case E.CALL_PRIVATE:
      case E.RETURN_CALL_PRIVATE:
        this.#callPrivate(kind, amount, argument, i);
        return;
      case E.CALL_BORDER:
        this.#word.save(amount);
        out.op(OP.call, argument);
        this.#word.load();
        return;
      case E.CALL_SAVED:
        this.#word.save(amount);
        this.#original(i);
        this.#word.load();
        return;
      case E.SAVE:
        this.#word.save(amount);
        return;
      case E.RETURN:
        this.#word.handBack(amount);
        out.u8(OP.return);
        return;
      default:
        if (this.#scan.plan.registers) this.#word.push(amount);
        else this.#word.save(amount);
        out.op(OP.returnCall, argument);
    }
  }

  #original(i: number): void {
    const { events, reader } = this.#scan;
    const at = events.at[i] as number;
    this.#out.raw(reader.bytes, at, at + (events.skip[i] as number));
  }

  #finish(amount: number): void {
    if (this.#scan.leavesByBranch || this.#scan.catchesAtEnd) this.#word.settleHeld();
    if (this.#scan.leavesByBranch) this.#out.u8(OP.end);
    if (this.#scan.catchesAtEnd) this.#word.mergeThrown();
    this.#word.handBack(amount);
    this.#out.u8(OP.return);
  }

  // `depth` frames are open, the function's own among them
  #check(depth: number): void {
    this.#out.op(OP.localGet, this.#word.local);
    this.#word.negative();
    this.#out.op(OP.brIf, depth - (this.#scan.leavesByBranch ? 0 : 1));
  }

  #bulk(amount: number, depth: number): void {
    const out = this.#out;
    out.op(OP.localTee, this.#index);
    this.#word.addCount(amount);
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
    this.#word.addCount(0);
    if (depth > 0) this.#check(depth + 1);
    out.u8(OP.end);
    out.op(OP.localGet, this.#grown);
  }

  #callPrivate(kind: number, amount: number, type: number, i: number): void {
    const { events, reader } = this.#scan;
    const out = this.#out;
    out.op(OP.localSet, this.#index);
    this.#word.push(amount);
    out.op(OP.localGet, this.#index);
    out.op(kind === E.CALL_PRIVATE ? OP.callIndirect : OP.returnCallIndirect, type);
    const from = reader.slice((events.at[i] as number) + 1, reader.end);
    from.u32();
    out.u32(from.u32());
    if (kind === E.CALL_PRIVATE) this.#word.hold();
  }

  #nanLocal(nanClass: number): number {
    if (nanClass === NAN_F32) return this.#f32;
    return nanClass === NAN_F64 ? this.#f64 : this.#v128;
  }
}
