// A cursor over the bytes of a module that never reads past its end and never trusts a count.
// It must not know what the bytes mean.

import { AdmissionError, type ErrorCode } from "../errors.ts";

/** Reads the primitive encodings of the WebAssembly binary format (core specification, section 5.2). */
export class Reader {
  readonly bytes: Uint8Array;
  /** Where the module starts in its file: added to every offset that is reported. */
  readonly base: number;
  pos: number;
  end: number;

  constructor(bytes: Uint8Array, base: number, pos = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.base = base;
    this.pos = pos;
    this.end = end;
  }

  /** A reader of a part, which must lie inside this one. */
  slice(start: number, end: number): Reader {
    return new Reader(this.bytes, this.base, start, end);
  }

  fail(code: ErrorCode, message: string, at: number = this.pos): never {
    throw new AdmissionError(code, message, this.base + at);
  }

  malformed(message: string, at: number = this.pos): never {
    this.fail("COMPONENT_INVALID", message, at);
  }

  unsupported(feature: string, at: number): never {
    this.fail("UNSUPPORTED_FEATURE", `${feature} is not supported`, at);
  }

  u8(): number {
    if (this.pos >= this.end) this.malformed("the module ends too early");
    return this.bytes[this.pos++] as number;
  }

  skip(count: number): void {
    if (count > this.end - this.pos) this.malformed("the module ends too early", this.end);
    this.pos += count;
  }

  u32(): number {
    const first = this.u8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    const last = this.u8();
    if (last > 0x0f) this.malformed("an integer is too long", this.pos - 1);
    return ((value >>> 0) + last * 0x10000000) >>> 0;
  }

  /** A signed 32-bit integer. */
  s32(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value << (25 - shift)) >> (25 - shift);
    }
    const last = this.u8();
    const sign = last & 0x78;
    if (last > 0x7f || (sign !== 0 && sign !== 0x78)) this.malformed("an integer is too long", this.pos - 1);
    return value | (last << 28);
  }

  /** A signed 33-bit integer: a block type or a heap type. */
  s33(): number {
    const first = this.u8();
    if (first < 0x80) return first & 0x40 ? first - 0x80 : first;
    let value = first & 0x7f;
    let scale = 128;
    for (let count = 1; count < 5; count++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return byte & 0x40 ? value - scale : value;
    }
    return this.malformed("an integer is too long", this.pos - 1);
  }

  skipS64(): void {
    for (let count = 0; count < 10; count++) {
      if (this.u8() < 0x80) return;
    }
    this.malformed("an integer is too long", this.pos - 1);
  }

  /** The number of items of a vector; each item takes at least `itemBytes`, so more than fit is malformed. */
  count(what: string, itemBytes = 1): number {
    const at = this.pos;
    const count = this.u32();
    if (count * itemBytes > this.end - this.pos) this.malformed(`more ${what} are announced than fit`, at);
    return count;
  }
}
