// Messages between the parent and its child over a pipe: length first, so that a message that is too long is refused before it is kept.
// It must not know what the messages say. Node only.

import type { Writable } from "node:stream";
import { deserialize, serialize } from "node:v8";

const HEADER_BYTES = 4;
/** What a length can say. */
export const MAX_FRAME_BYTES: number = 0xffff_ffff;

/** Writes one message, whole. Errors: RangeError when it is longer than a length can say. */
export function writeFrame(out: Writable, message: unknown): void {
  const body = serialize(message);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(body.length);
  out.write(Buffer.concat([header, body]));
}

/** Puts messages together from what arrives. */
export class FrameReader {
  readonly #limit: () => number;
  #chunks: Buffer[] = [];
  #received = 0;
  #expected: number | null = null;

  /** `limit` is asked when a message begins: how many bytes it may have. */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** The messages that are complete with this chunk. Errors: RangeError for a message that is too long; whatever deserializing nonsense throws. */
  push(chunk: Buffer): readonly unknown[] {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    const messages: unknown[] = [];
    for (let message = this.#next(); message !== null; message = this.#next()) messages.push(deserialize(message));
    return messages;
  }

  #next(): Buffer | null {
    if (this.#expected === null) {
      if (this.#received < HEADER_BYTES) return null;
      const length = this.#take(HEADER_BYTES).readUInt32LE();
      if (length > this.#limit()) throw new RangeError(`a message of ${length} bytes is longer than it may be`);
      this.#expected = length;
    }
    if (this.#received < this.#expected) return null;
    const body = this.#take(this.#expected);
    this.#expected = null;
    return body;
  }

  #take(length: number): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    const rest = all.subarray(length);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#received = rest.length;
    return all.subarray(0, length);
  }
}
