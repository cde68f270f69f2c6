// A bounded cursor over bytes that nobody has checked: it never reads past its end and never allocates by a claimed size.
// It must not know what the bytes mean.

import { AdmissionError } from "../../errors.ts";
import { ADMISSION_LIMITS } from "../../limits.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Where a run of bytes lies in the file. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Reads LEB128 integers, names and ranges. Errors: COMPONENT_INVALID with the offset in the whole file. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;

  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  fail(message: string, offset: number = this.offset): never {
    throw new AdmissionError("COMPONENT_INVALID", message, offset);
  }

  byte(what: string): number {
    const value = this.offset < this.end ? this.bytes[this.offset] : undefined;
    if (value === undefined) this.fail(`the bytes end inside ${what}`);
    this.offset++;
    return value;
  }

  /** The next byte, not consumed; undefined at the end. */
  peek(): number | undefined {
    return this.offset < this.end ? this.bytes[this.offset] : undefined;
  }

  u32(what: string): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte(what);
      if (shift === 28 && byte > 0x0f) this.fail(`${what} does not fit 32 bits`, start);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail(`${what} does not fit 32 bits`, start);
  }

  /** The length of a vector: no more elements than bytes that are left, since each takes at least one. */
  count(what: string): number {
    const start = this.offset;
    const count = this.u32(`the number of ${what}`);
    if (count > this.end - this.offset) this.fail(`${count} ${what} are announced, more than fit`, start);
    return count;
  }

  range(what: string): Range {
    const start = this.offset;
    const size = this.u32(`the size of ${what}`);
    if (size > this.end - this.offset) this.fail(`${what} is said to have ${size} bytes, more than there are`, start);
    const range = { start: this.offset, end: this.offset + size };
    this.offset = range.end;
    return range;
  }

  name(what: string): string {
    const range = this.range(what);
    const size = range.end - range.start;
    if (size > ADMISSION_LIMITS.nameBytes) {
      const limit = ADMISSION_LIMITS.nameBytes;
      const message = `${what} has ${size} bytes; at most ${limit} are allowed`;
      throw new AdmissionError("COMPONENT_TOO_COMPLEX", message, range.start, { data: { limit: "nameBytes" } });
    }
    try {
      return decoder.decode(this.bytes.subarray(range.start, range.end));
    } catch {
      return this.fail(`${what} is not valid UTF-8`, range.start);
    }
  }

  /** Reads `count` elements in a row. */
  vector<T>(what: string, element: () => T): T[] {
    const elements: T[] = [];
    for (let left = this.count(what); left > 0; left--) elements.push(element());
    return elements;
  }
}
