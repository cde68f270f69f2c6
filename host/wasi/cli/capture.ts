// What a guest writes to a standard stream: kept up to a limit, counted beyond it.
// It must not know which stream it is.

import type { Sink } from "../io/streams.ts";
import { escapeControls } from "../text.ts";

const FIRST_BYTES = 1024;

/** A sink that never fails and never grows beyond its limit. */
export class Capture implements Sink {
  readonly #limit: number;
  #kept = new Uint8Array(0);
  #length = 0;
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(bytes: Uint8Array): void {
    const taken = bytes.subarray(0, this.#limit - this.#length);
    this.#grow(this.#length + taken.length);
    this.#kept.set(taken, this.#length);
    this.#length += taken.length;
    this.#dropped += bytes.length - taken.length;
  }

  close(): void {
    // What was written outlives the stream.
  }

  /** Whether more was written than is kept. */
  get cut(): boolean {
    return this.#dropped > 0;
  }

  /** What was kept, as it was written. */
  bytes(): Uint8Array {
    return this.#kept.slice(0, this.#length);
  }

  /** What was kept as text with control characters escaped, and a marker where it was cut. */
  text(): string {
    const text = escapeControls(new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.bytes()));
    return this.#dropped === 0 ? text : `${text}\n[truncated: ${this.#dropped} more bytes]\n`;
  }

  #grow(needed: number): void {
    if (needed <= this.#kept.length) return;
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, 2 * this.#kept.length, FIRST_BYTES)));
    grown.set(this.#kept.subarray(0, this.#length));
    this.#kept = grown;
  }
}
