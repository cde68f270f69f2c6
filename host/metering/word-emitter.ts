// Writes the code that reads, charges, saves and hands on the meter word within one function.
// It must not know operators of the guest.

import { OP } from "./operators.ts";
import { FUEL_ONE, FUEL_SHIFT, WORD } from "./word.ts";
import type { Writer } from "./writer.ts";

/** The word of one function: a local, a value just handed back on the stack, or the shared global. */
export class WordEmitter {
  readonly #out: Writer;
  local = 0;
  #registers = false;
  #firstGlobal = 0;
  /** The word is on the stack, and not yet in its local. */
  #held = false;

  constructor(out: Writer) {
    this.#out = out;
  }

  begin(local: number, registers: boolean, firstGlobal: number): void {
    this.local = local;
    this.#registers = registers;
    this.#firstGlobal = firstGlobal;
    this.#held = false;
  }

  /** A call has left the word on the stack. */
  hold(): void {
    this.#held = true;
  }

  /** Whether the i64 on the stack has its sign set, as an i32. */
  negative(): void {
    this.#out.u8u8(OP.i64Const, 0);
    this.#out.u8(OP.i64LtS);
  }

  /** Pushes an i64. */
  constant(value: number): void {
    this.#out.u8(OP.i64Const);
    this.#out.s64(value);
  }

  /** Adds to the i64 on the stack. */
  add(amount: number): void {
    if (amount === 0) return;
    this.constant(amount);
    this.#out.u8(OP.i64Add);
  }

  /** Reads or writes one of the shared globals. */
  global(op: number, which: number): void {
    this.#out.op(op, this.#firstGlobal + which);
  }

  /** Pushes the word with something added; one that a call has just left on the stack is there already. */
  push(amount: number): void {
    if (!this.#held) this.#out.op(OP.localGet, this.local);
    this.#held = false;
    this.add(amount);
  }

  /** Puts a word that a call has left on the stack into its local. */
  settleHeld(): void {
    if (this.#held) this.#out.op(OP.localSet, this.local);
    this.#held = false;
  }

  /** Adds to the word. */
  charge(amount: number): void {
    if (amount === 0) return;
    this.push(amount);
    this.#out.op(OP.localSet, this.local);
  }

  /** Puts the word, with something added, into the shared global. */
  save(amount: number): void {
    this.push(amount);
    this.global(OP.globalSet, WORD);
  }

  /** Takes the word from the shared global. */
  load(): void {
    this.global(OP.globalGet, WORD);
    this.#out.op(OP.localSet, this.local);
  }

  /** Gives the word back to the caller, behind the results. */
  handBack(amount: number): void {
    if (this.#registers) this.push(amount);
    else this.save(amount);
  }

  /** Adds the i32 on the stack, as fuel, and `amount` to the word. */
  addCount(amount: number): void {
    const out = this.#out;
    out.u8(OP.i64ExtendI32U);
    this.constant(FUEL_SHIFT);
    out.u8(OP.i64Shl);
    this.add(amount);
    out.op(OP.localGet, this.local);
    out.u8(OP.i64Add);
    out.op(OP.localSet, this.local);
  }

  // the fuel of the global, the depth of the local
  #arrived(): void {
    const out = this.#out;
    this.global(OP.globalGet, WORD);
    this.constant(-FUEL_ONE);
    out.u8(OP.i64And);
    out.op(OP.localGet, this.local);
    this.constant(FUEL_ONE - 1);
    out.u8u8(OP.i64And, OP.i64Or);
  }

  /** An exception has arrived: takes the fuel of its thrower and the depth of this function. */
  takeThrown(): void {
    this.#arrived();
    this.#out.op(OP.localSet, this.local);
  }

  /** The same, where branches arrive as well: fuel only rises, so the greater word is the later one. */
  mergeThrown(): void {
    const out = this.#out;
    this.#arrived();
    out.op(OP.localGet, this.local);
    this.#arrived();
    out.op(OP.localGet, this.local);
    out.u8u8(OP.i64GtU, OP.select);
    out.op(OP.localSet, this.local);
  }
}
