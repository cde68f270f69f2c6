// The state of reading one function: operand heights, control frames, the fuel not yet charged, and the events found.
// It must not know single operators.

import * as E from "./events.ts";
import type { ModuleLimits } from "./limits.ts";
import type { ModuleInfo } from "./module.ts";
import { NanTracker } from "./nan-tracker.ts";
import type { Reader } from "./reader.ts";
import { FUEL_ONE } from "./word.ts";

// kinds of control frames
export const FUNCTION = 0;
export const BLOCK = 1;
export const LOOP = 2;
export const IF = 3;
export const ELSE = 4;
export const TRY = 5;
export const CATCHING = 6;

// what a first scan tells a second one of a label
const SETTLED = 1;
const CATCHES = 2;

/** What the scan of a function asks of the module that is being written. */
export interface ModulePlan {
  readonly info: ModuleInfo;
  readonly limits: ModuleLimits;
  readonly fuel: boolean;
  readonly depth: boolean;
  readonly growth: boolean;
  readonly nan: boolean;
  /** Whether relaxed vector operators are written in their deterministic form; otherwise they are refused. */
  readonly relaxed: boolean;
  /** Whether functions hand over the word as a parameter and a result. */
  readonly registers: boolean;
  /** Whether nothing outside can reach the module's tables, and the code only calls through them. */
  readonly privateTables: boolean;
  /** The function to call, or to refer to in a table that only this module can reach, instead of function `index`. */
  internal(index: number): number;
  /** The function that anyone can call instead of function `index`; it is declared as a reference. */
  reference(index: number): number;
  /** The type that functions of type `index` have inside the module. */
  internalType(index: number): number;
  /** The type of a block without parameters that has the results of type `index`. */
  resultType(index: number): number;
  /** The function to call instead of growing. */
  growHelper(kind: "memory" | "table", index: number): number;
  /** The code does something that private tables cannot serve: the module is rewritten anew without. */
  notPrivate(): void;
  /** The code does something that needs the word in the global at every call: the module is rewritten anew so. */
  needGlobals(): void;
}

/** Reads one operator, whose code stood at `at`. */
export type Handler = (scan: FunctionScan, at: number) => void;

/** Reads functions, one after the other. */
export class FunctionScan {
  readonly reader: Reader;
  readonly plan: ModulePlan;
  readonly events: E.Events = new E.Events();
  readonly nans: NanTracker;
  readonly unit: number;

  alive = true;
  done = false;
  height = 0;
  maxHeight = 0;
  /** Not yet charged: fuel and stack units as the word counts them, and -1 when a frame is still to be released. */
  pending = 0;
  frames = 0;

  parameters = 0;
  locals = 0;
  hasVectors = false;
  hasBulk = false;
  hasGrowth = false;
  usesIndex = false;
  relaxedTemporaries = 0;
  /** Whether a branch leaves by the function's own label. */
  leavesByBranch = false;
  catchesAtEnd = false;

  /** An `i32.const` that ended right here, for bulk operations of constant size. */
  constantEnd = -1;
  constant = 0;

  depth = 0;
  readonly kind: number[] = [];
  readonly base: number[] = [];
  readonly blockParameters: number[] = [];
  readonly blockResults: number[] = [];
  readonly reached: boolean[] = [];
  readonly labelSet: boolean[] = [];
  readonly label: number[] = [];
  readonly labelFrames: number[] = [];
  readonly head: number[] = [];
  readonly headFrames: number[] = [];
  readonly ordinal: number[] = [];
  readonly catches: boolean[] = [];

  #ordinals = 0;
  #flags = new Uint8Array(256);
  /** Release frames right after calls: the function has handlers, which rely on it. */
  releaseEarly = false;
  /** Let nothing be pending at any label. */
  settleAll = false;
  rescan = false;

  constructor(reader: Reader, plan: ModulePlan) {
    this.reader = reader;
    this.plan = plan;
    this.unit = plan.fuel ? FUEL_ONE : 0;
    this.nans = new NanTracker(this.events, plan.nan);
  }

  /** Gets ready for a function; `again` keeps what an earlier scan of it found out. */
  begin(parameters: number, results: number, localTypes: Uint8Array, localCount: number, again: boolean): void {
    if (!again) {
      this.#flags.fill(0, 0, this.#ordinals);
      this.releaseEarly = false;
      this.settleAll = false;
    }
    this.events.clear();
    this.nans.begin(parameters, localTypes, localCount);
    this.alive = true;
    this.done = false;
    this.height = 0;
    this.maxHeight = 0;
    this.pending = 0;
    this.frames = 0;
    this.parameters = parameters;
    this.locals = localCount;
    this.hasVectors = false;
    this.hasBulk = false;
    this.hasGrowth = false;
    this.usesIndex = false;
    this.relaxedTemporaries = 0;
    this.leavesByBranch = false;
    this.catchesAtEnd = false;
    this.constantEnd = -1;
    this.depth = 0;
    this.#ordinals = 0;
    this.rescan = false;
    this.open(FUNCTION, 0, results);
  }

  push(tag: number): void {
    this.nans.put(this.height, tag);
    if (++this.height > this.maxHeight) this.maxHeight = this.height;
  }

  pushMany(count: number): void {
    for (let i = 0; i < count; i++) this.push(0);
  }

  /** Takes operands whose bits matter from here on. */
  pop(count: number): void {
    this.require(count);
    this.nans.settle(this.height - count, this.height);
    this.height -= count;
  }

  /** Takes operands whose bits do not matter any more. */
  forget(count: number): void {
    this.require(count);
    this.height -= count;
  }

  require(count: number): void {
    if (this.height - count < (this.base[this.depth - 1] as number)) {
      this.reader.malformed("an operator finds too few operands", this.reader.pos - 1);
    }
  }

  /** The pending amount, which the caller now charges. */
  take(): number {
    const amount = this.pending;
    this.pending = 0;
    return amount;
  }

  /** Opens a control frame whose parameters are on the stack. */
  open(kind: number, parameters: number, results: number): void {
    const frame = this.depth++;
    if (frame > this.plan.limits.nesting) {
      this.reader.fail(
        "COMPONENT_TOO_COMPLEX",
        `blocks nest deeper than ${this.plan.limits.nesting}`,
        this.reader.pos - 1,
      );
    }
    const ordinal = this.#ordinals++;
    this.kind[frame] = kind;
    this.base[frame] = this.height - parameters;
    this.blockParameters[frame] = parameters;
    this.blockResults[frame] = results;
    this.reached[frame] = false;
    this.head[frame] = this.pending;
    this.headFrames[frame] = this.frames;
    this.ordinal[frame] = ordinal;
    const flags = this.#flags[ordinal] ?? 0;
    this.catches[frame] = (flags & CATCHES) !== 0;
    this.labelSet[frame] = kind === LOOP || flags !== 0 || this.settleAll;
    this.label[frame] = 0;
    this.labelFrames[frame] = 0;
  }

  /** The frame that label `index` names. */
  frameOf(index: number, at: number): number {
    if (index >= this.depth) this.reader.malformed(`label ${index} does not exist`, at);
    return this.depth - 1 - index;
  }

  /** The number of values that a branch to a frame carries. */
  arity(frame: number): number {
    return (this.kind[frame] === LOOP ? this.blockParameters[frame] : this.blockResults[frame]) as number;
  }

  /** A branch from here to a frame: what is pending there is agreed on by the first that comes, charged by the others. */
  edge(frame: number, at: number): void {
    this.reached[frame] = true;
    if (this.labelSet[frame]) {
      this.settleTo(this.label[frame] as number, this.labelFrames[frame] as number, at);
      return;
    }
    this.labelSet[frame] = true;
    this.label[frame] = this.pending;
    this.labelFrames[frame] = this.frames;
  }

  /** Charges so that just so much stays pending. */
  settleTo(pending: number, frames: number, at: number): void {
    const amount = this.pending - pending;
    const released = this.frames - frames;
    if (amount !== 0 || released !== 0) this.events.push(E.ADD, at, 0, amount, released, 0);
    this.pending = pending;
    this.frames = frames;
  }

  /** Remembers, for another scan of this function, that nothing may be pending at a label. */
  needSettled(frame: number, catches: boolean): void {
    const ordinal = this.ordinal[frame] as number;
    const flags = catches ? SETTLED | CATCHES : SETTLED;
    if (ordinal >= this.#flags.length) {
      const grown = new Uint8Array(Math.max(this.#flags.length * 2, ordinal + 1));
      grown.set(this.#flags);
      this.#flags = grown;
    }
    const before = this.#flags[ordinal] as number;
    this.#flags[ordinal] = before | flags;
  }
}
