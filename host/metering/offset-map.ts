// From a byte of a metered module back to the byte of the author's: recorded while code is written, kept in a custom section.
// It must not know operators, nor who asks.

import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** The custom section of a metered module that tells where its code came from. */
export const OFFSETS_SECTION = "glovebox.offsets";

/** A place in the author's code. */
export interface Place {
  /** The function's index among those that the module defines. */
  readonly ordinal: number;
  /** The byte in the author's file. */
  readonly offset: number;
}

/**
 * Records runs of bytes that were copied. The section is LEB128 numbers: the base of offsets, the start and the size of the code;
 * then for each function the gaps before it in the original and in the result, and for each run its length and the bytes put in front of the
 * next, doubled, plus 1 where bytes were left out, whose number follows; 0 ends a function.
 */
export class OffsetRecorder {
  readonly #out = new Writer(1024);
  readonly #runs = new Writer(1024);
  /** Where the run that is not written yet starts in the original and in the result, and how long it is. */
  #from = 0;
  #to = 0;
  #length = 0;
  #functionFrom = 0;
  #functionTo = 0;
  /** Where the last function ended. */
  #endFrom = 0;
  #endTo = 0;

  /** The operators of a function begin, at `from` in the original and `to` in the body that is being written. */
  begin(from: number, to: number): void {
    this.#runs.clear();
    this.#functionFrom = from;
    this.#functionTo = to;
    this.#from = from;
    this.#to = to;
    this.#length = 0;
  }

  /** `length` bytes from `from` are about to be copied to `to`. */
  copy(from: number, to: number, length: number): void {
    const dropped = from - this.#from - this.#length;
    const added = to - this.#to - this.#length;
    if (dropped !== added) {
      if (dropped === 0 && length === 0) return;
      this.#runs.u32(this.#length);
      this.#runs.u32(added * 2 + (dropped > 0 ? 1 : 0));
      if (dropped > 0) this.#runs.u32(dropped);
      this.#from = from;
      this.#to = to;
      this.#length = length;
    } else this.#length += dropped + length;
  }

  /** The operators of a function have ended; its body was put at `body` of the code. */
  end(body: number): void {
    this.#out.u32(this.#functionFrom - this.#endFrom);
    this.#out.u32(body + this.#functionTo - this.#endTo);
    this.#out.raw(this.#runs.view());
    this.#out.u32(this.#length);
    this.#out.u32(0);
    this.#endFrom = this.#from + this.#length;
    this.#endTo = body + this.#to + this.#length;
  }

  /** What the section holds, when the code of the author's functions takes `size` bytes from `start` of the metered module. */
  section(base: number, start: number, size: number): Uint8Array {
    const out = new Writer(this.#out.length + 15);
    for (const number of [base, start, size]) out.u32(number);
    out.raw(this.#out.view());
    return out.bytes();
  }
}

/**
 * Where the author's code stands that became what is at `offset` of a metered module: the operator; for what was put behind a
 * function, where failed checks end, the function's first. Nothing for appended functions, and for what is no such section.
 */
export function findPlace(section: Uint8Array, offset: number): Place | undefined {
  try {
    return search(new Reader(section, 0), offset);
  } catch {
    return undefined;
  }
}

function search(reader: Reader, offset: number): Place | undefined {
  let from = reader.u32();
  let to = reader.u32();
  if (offset >= to + reader.u32()) return undefined;
  let before: Place | undefined;
  for (let ordinal = 0; reader.pos < reader.end; ordinal++) {
    from += reader.u32();
    to += reader.u32();
    if (offset < to) return before;
    before = { ordinal, offset: from };
    for (;;) {
      const length = reader.u32();
      if (offset < to + length) return { ordinal, offset: from + offset - to };
      from += length;
      to += length;
      const step = reader.u32();
      if (step === 0) break;
      to += Math.floor(step / 2);
      if (offset < to) return { ordinal, offset: from };
      if (step % 2 === 1) from += reader.u32();
    }
  }
  return before;
}
