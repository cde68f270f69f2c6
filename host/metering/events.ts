// What the scan of one function found: where the rewriter must put, change or leave out something.
// It must not know why, nor how it is written.

/** Add `amount` (and `frames` times the frame's units) to the meter word. */
export const ADD = 0;
/** Stop here when the budget is used up. */
export const CHECK = 1;
/** Replace an immediate by `argument`. */
export const INDEX = 2;
/** Leave bytes out; `argument` 1 puts an `unreachable` in their place. */
export const DROP = 3;
/** Call function `argument`, handing over the word. */
export const CALL = 4;
/** Call function `argument`, handing over the word through the global. */
export const CALL_BORDER = 5;
/** Make the call that stands here, handing over the word through the global. */
export const CALL_SAVED = 6;
/** Call through a private table, handing over the word; `argument` is the type. */
export const CALL_PRIVATE = 7;
/** Leave by a tail call. */
export const RETURN_CALL = 8;
export const RETURN_CALL_PRIVATE = 9;
/** Save the word in the global, before code that leaves by an exception, a trap or a border. */
export const SAVE = 10;
export const RETURN = 11;
/** The end of the body, reached with `amount` to add. */
export const FINISH = 12;
/** The end of the body, which nothing reaches. */
export const FINISH_DEAD = 13;
/** Charge by the count on top of the stack, then check. */
export const BULK = 14;
/** Call helper `argument` instead of growing. */
export const GROW = 15;
/** The same, or the operator itself when there is none, and charge for what was added; check when `amount`, the open frames, is not 0. */
export const GROW_CHARGED = 22;
/** Give the implied other arm of an `if` its charge. */
export const ELSE_ADD = 16;
/** An exception arrives: take the fuel of its thrower. */
export const CATCH = 17;
/** A label that exceptions and branches both reach. */
export const MERGE = 18;
/** A NaN that need not be settled so far. */
export const NAN_OFF = 19;
/** Settle the NaN on top of the stack; `argument` is its class. */
export const NAN = 20;
/** The same, when local `frames` holds only arithmetic results. */
export const NAN_LOCAL = 21;

/** Write relaxed vector operator `argument` in its deterministic form. */
export const RELAXED = 23;

/** A list of events in the order of the code, kept in columns so that a large module costs no objects. */
export class Events {
  at: Int32Array = new Int32Array(256);
  skip: Int32Array = new Int32Array(256);
  kind: Uint8Array = new Uint8Array(256);
  amount: Float64Array = new Float64Array(256);
  frames: Int32Array = new Int32Array(256);
  argument: Int32Array = new Int32Array(256);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(kind: number, at: number, skip: number, amount: number, frames: number, argument: number): number {
    const index = this.length;
    if (index === this.at.length) this.#grow();
    this.length = index + 1;
    this.at[index] = at;
    this.skip[index] = skip;
    this.kind[index] = kind;
    this.amount[index] = amount;
    this.frames[index] = frames;
    this.argument[index] = argument;
    return index;
  }

  #grow(): void {
    const size = this.at.length * 2;
    const copy = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.at = copy(new Int32Array(size), this.at);
    this.skip = copy(new Int32Array(size), this.skip);
    this.kind = copy(new Uint8Array(size), this.kind);
    this.amount = copy(new Float64Array(size), this.amount);
    this.frames = copy(new Int32Array(size), this.frames);
    this.argument = copy(new Int32Array(size), this.argument);
  }
}
