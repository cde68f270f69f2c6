// Bytes being written: a buffer that doubles, with the integer encodings of WebAssembly.
// It must not know what the bytes mean.

/** Appends bytes; `bytes()` is what was written so far. */
export class Writer {
  #buffer: Uint8Array;
  length = 0;

  constructor(capacity = 256) {
    this.#buffer = new Uint8Array(capacity);
  }

  #room(count: number): void {
    if (this.length + count <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.length + count));
    grown.set(this.#buffer.subarray(0, this.length));
    this.#buffer = grown;
  }

  clear(): void {
    this.length = 0;
  }

  /** A view of what was written, good until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.length);
  }

  u8(byte: number): void {
    if (this.length === this.#buffer.length) this.#room(1);
    this.#buffer[this.length++] = byte;
  }

  /** Two bytes: an operator and a small immediate, or two operators. */
  u8u8(first: number, second: number): void {
    if (this.length + 2 > this.#buffer.length) this.#room(2);
    this.#buffer[this.length++] = first;
    this.#buffer[this.length++] = second;
  }

  u32(value: number): void {
    this.#room(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.length++] = rest;
  }

  /** An operator with one unsigned immediate. */
  op(operator: number, immediate: number): void {
    if (immediate < 0x80) {
      this.u8u8(operator, immediate);
      return;
    }
    this.u8(operator);
    this.u32(immediate);
  }

  /** A signed LEB128 of an integer of at most 53 bits. */
  s64(value: number): void {
    this.#room(10);
    let rest = value;
    for (;;) {
      const next = Math.floor(rest / 128);
      const byte = rest - next * 128;
      rest = next;
      const last = (rest === 0 && byte < 0x40) || (rest === -1 && byte >= 0x40);
      this.#buffer[this.length++] = last ? byte : byte | 0x80;
      if (last) return;
    }
  }

  raw(source: Uint8Array, start = 0, end: number = source.length): void {
    const count = end - start;
    this.#room(count);
    if (count < 24) {
      const buffer = this.#buffer;
      let to = this.length;
      for (let i = start; i < end; i++) buffer[to++] = source[i] as number;
      this.length = to;
      return;
    }
    this.#buffer.set(source.subarray(start, end), this.length);
    this.length += count;
  }

  /** A vector of bytes: its length, then the bytes. */
  sized(part: Uint8Array): void {
    this.u32(part.length);
    this.raw(part);
  }

  text(value: string): void {
    this.sized(new TextEncoder().encode(value));
  }
}
