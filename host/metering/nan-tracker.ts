// Finds out which NaNs must get their bits fixed: those that leave float arithmetic by a store, a call, a cast, a merge.
// It must not know control flow or fuel.

import * as E from "./events.ts";
import { NAN_F32, NAN_F64, TYPE } from "./operators.ts";

/** The bits of the operand are what the program made them: they must be kept. */
export const RAW = 0;
/** The operand may be settled or not, it makes no difference. */
export const SETTLED = -1;

// how often facts about locals are carried on before the rest is taken for raw
const MAX_ROUNDS = 8;

/** An operand's tag is RAW, SETTLED, or 1 + the event that would settle it. */
export class NanTracker {
  readonly #events: E.Events;
  readonly #enabled: boolean;
  #tags = new Int32Array(256);
  /** The class of arithmetic of each float local, 0 for the others. */
  #classes = new Uint8Array(64);
  /** Locals that may hold bits which must be kept. */
  #raw = new Uint8Array(64);
  #sets: number[] = [];

  constructor(events: E.Events, enabled: boolean) {
    this.#events = events;
    this.#enabled = enabled;
  }

  begin(parameters: number, localTypes: Uint8Array, localCount: number): void {
    if (this.#classes.length < localCount) {
      this.#classes = new Uint8Array(localCount * 2);
      this.#raw = new Uint8Array(localCount * 2);
    }
    for (let local = 0; local < localCount; local++) {
      const type = localTypes[local];
      this.#classes[local] = type === TYPE.f64 ? NAN_F64 : type === TYPE.f32 ? NAN_F32 : 0;
      this.#raw[local] = local < parameters ? 1 : 0;
    }
    this.#sets.length = 0;
  }

  put(height: number, tag: number): void {
    if (height >= this.#tags.length) {
      const grown = new Int32Array(this.#tags.length * 2);
      grown.set(this.#tags);
      this.#tags = grown;
    }
    this.#tags[height] = tag;
  }

  tag(height: number): number {
    return this.#tags[height] as number;
  }

  /** The operands from one height up to another are used for their bits. */
  settle(from: number, to: number): void {
    for (let height = from; height < to; height++) {
      const tag = this.#tags[height] as number;
      if (tag > 0) this.#activate(tag - 1);
    }
  }

  /** Settles those operands whose arithmetic is of another class. */
  settleOthers(from: number, to: number, nanClass: number): void {
    for (let height = from; height < to; height++) {
      const tag = this.#tags[height] as number;
      if (tag > 0 && this.#events.argument[tag - 1] !== nanClass) this.#activate(tag - 1);
    }
  }

  #activate(event: number): void {
    if (this.#events.kind[event] === E.NAN_OFF) {
      this.#events.kind[event] = (this.#events.frames[event] as number) < 0 ? E.NAN : E.NAN_LOCAL;
    }
  }

  /** The tag of an arithmetic result that ends at `at`. */
  result(nanClass: number, at: number): number {
    if (!this.#enabled) return RAW;
    return 1 + this.#events.push(E.NAN_OFF, at, 0, 0, -1, nanClass);
  }

  /** The tag of a local that was read up to `at`. */
  read(local: number, at: number): number {
    const nanClass = this.#classes[local] as number;
    if (!this.#enabled || nanClass === 0 || this.#raw[local] === 1) return RAW;
    return 1 + this.#events.push(E.NAN_OFF, at, 0, 0, local, nanClass);
  }

  /** A local was written with the operand of a tag. */
  write(local: number, tag: number): void {
    if (!this.#enabled) return;
    if (this.#classes[local] === 0) {
      if (tag > 0) this.#activate(tag - 1);
      return;
    }
    if (tag === RAW) this.#raw[local] = 1;
    if (tag > 0) this.#sets.push(local, tag - 1);
  }

  /** Whether a local holds only arithmetic results; asked when the whole function is known. */
  isArithmetic(local: number): boolean {
    return this.#raw[local] === 0;
  }

  /** Decides for every local: settled where it is written, when it may hold raw bits too, else where its bits are used. */
  finish(): void {
    this.#carryRaw();
    for (let i = 0; i < this.#sets.length; i += 2) {
      if (this.#raw[this.#sets[i] as number] === 1) this.#activate(this.#sets[i + 1] as number);
    }
  }

  // a local that is written from a raw local is raw
  #carryRaw(): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!this.#carryOnce()) return;
    }
    for (let i = 0; i < this.#sets.length; i += 2) {
      if ((this.#events.frames[this.#sets[i + 1] as number] as number) >= 0) this.#raw[this.#sets[i] as number] = 1;
    }
  }

  #carryOnce(): boolean {
    let changed = false;
    for (let i = 0; i < this.#sets.length; i += 2) {
      const target = this.#sets[i] as number;
      const source = this.#events.frames[this.#sets[i + 1] as number] as number;
      if (source >= 0 && this.#raw[source] === 1 && this.#raw[target] === 0) {
        this.#raw[target] = 1;
        changed = true;
      }
    }
    return changed;
  }
}
