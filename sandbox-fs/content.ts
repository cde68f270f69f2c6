// The bytes of a changed file: blocks over what the base holds. A fork shares them; a write copies one block.
// It must not know names, inodes or quotas.

import type { BaseEntry } from "./base.ts";
import type { FileContent } from "./changeset.ts";
import { type Owner, SortedMap } from "./sorted-map.ts";

/** One byte written into a large file of the base copies this much of it. */
export const BLOCK_BYTES: number = 65_536;

/** Reads bytes that a base file must have. */
export type BaseReader = (
  entry: BaseEntry,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => void;

class Block {
  readonly owner: Owner;
  readonly index: number;
  bytes: Uint8Array;
  length: number;

  constructor(owner: Owner, index: number, bytes: Uint8Array, length: number) {
    this.owner = owner;
    this.index = index;
    this.bytes = bytes;
    this.length = length;
  }
}

/** The bytes from `from` to `end`; no view is made where they are all of them. */
function part(bytes: Uint8Array, from: number, end: number): Uint8Array {
  return from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end);
}

const byNumber = (a: number, b: number): number => a - b;

/** The content of one file, written to by one owner at a time. Positions are below 2^53. */
export class Content implements FileContent {
  readonly owner: Owner;
  readonly #blocks: SortedMap<number, Block>;
  #base: BaseEntry | null;
  #baseLength: number;
  #size: number;
  #held: number;

  private constructor(owner: Owner, from: Content | null, base: BaseEntry | null) {
    this.owner = owner;
    this.#blocks = from === null ? new SortedMap(byNumber, owner) : from.#blocks.fork(owner);
    this.#base = from === null ? base : from.#base;
    this.#baseLength = from === null ? (base?.facts.size ?? 0) : from.#baseLength;
    this.#size = from === null ? this.#baseLength : from.#size;
    this.#held = from === null ? 0 : from.#held;
  }

  static empty(owner: Owner): Content {
    return new Content(owner, null, null);
  }

  static over(owner: Owner, base: BaseEntry): Content {
    return new Content(owner, null, base);
  }

  /** The same bytes for another owner; this one must not be written to any more. */
  fork(owner: Owner): Content {
    return new Content(owner, this, null);
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes that blocks hold, which is what counts against a quota. */
  get held(): number {
    return this.#held;
  }

  get base(): { readonly entry: BaseEntry; readonly length: number } | null {
    return this.#base === null ? null : { entry: this.#base, length: this.#baseLength };
  }

  *blocks(): Iterable<{ readonly position: number; readonly bytes: Uint8Array }> {
    for (const block of this.#blocks.values()) {
      yield { position: block.index * BLOCK_BYTES, bytes: block.bytes.subarray(0, block.length) };
    }
  }

  /** What `held` would grow by, if `length` bytes were written at `position`. */
  growth(position: number, length: number): number {
    let growth = 0;
    const last = Math.floor((position + length - 1) / BLOCK_BYTES);
    for (let index = Math.floor(position / BLOCK_BYTES); index <= last; index += 1) {
      const start = index * BLOCK_BYTES;
      const end = Math.min(position + length - start, BLOCK_BYTES);
      const block = this.#blocks.get(index);
      growth += Math.max(0, block === undefined ? Math.max(end, this.#baseIn(start)) : end - block.length);
    }
    return growth;
  }

  /** Writes all of `bytes`, or nothing when the base cannot be read. */
  write(bytes: Uint8Array, position: number, read: BaseReader): void {
    this.#prepareEnd(position, position + bytes.length, read);
    let done = 0;
    while (done < bytes.length) {
      const index = Math.floor((position + done) / BLOCK_BYTES);
      const from = position + done - index * BLOCK_BYTES;
      const length = Math.min(bytes.length - done, BLOCK_BYTES - from);
      const block = this.#writable(index, from, from + length, read);
      block.bytes.set(part(bytes, done, done + length), from);
      done += length;
    }
    this.#size = Math.max(this.#size, position + bytes.length);
  }

  /** Fills `buffer` from `position`; returns the bytes that there are. */
  read(buffer: Uint8Array, position: number, read: BaseReader): number {
    const length = Math.max(0, Math.min(buffer.length, this.#size - position));
    let done = 0;
    while (done < length) {
      const index = Math.floor((position + done) / BLOCK_BYTES);
      const block = this.#blocks.get(index);
      if (block === undefined) {
        done = this.#readBase(buffer, position, done, this.#runEnd(index, position, length), read);
        continue;
      }
      const from = position + done - index * BLOCK_BYTES;
      const end = Math.min(from + length - done, BLOCK_BYTES);
      const held = Math.min(end, block.length);
      if (from < held) buffer.set(part(block.bytes, from, held), done);
      if (end > Math.max(held, from)) buffer.fill(0, done + Math.max(held, from) - from, done + end - from);
      done += end - from;
    }
    return length;
  }

  /** Cuts or grows to `size`. Growing costs nothing: what no block holds is zeros. */
  truncate(size: number, read: BaseReader): void {
    const lastIndex = Math.floor(size / BLOCK_BYTES);
    const within = size - lastIndex * BLOCK_BYTES;
    if (size < this.#size) {
      const gone = [...this.#blocks.from(within === 0 ? lastIndex : lastIndex + 1)].map(([index]) => index);
      for (const index of gone) this.#drop(index);
      const last = within === 0 ? undefined : this.#blocks.get(lastIndex);
      if (last !== undefined && last.length > within) this.#shorten(last, within, read);
      this.#baseLength = Math.min(this.#baseLength, size);
    }
    this.#size = size;
    if (this.#baseLength === 0) this.#base = null;
  }

  /** Replaces one block, as an import does; `bytes` is taken over. Undefined drops the block. */
  replaceBlock(index: number, bytes: Uint8Array | undefined): void {
    this.#drop(index);
    if (bytes === undefined) return;
    this.#blocks.set(index, new Block(this.owner, index, bytes, bytes.length));
    this.#held += bytes.length;
  }

  /** Sets size and base length, as an import does; blocks are set apart from this. */
  reshape(size: number, baseLength: number): void {
    this.#size = size;
    this.#baseLength = baseLength;
    if (baseLength === 0) this.#base = null;
  }

  /** The blocks that differ from those of `before`, by index; undefined where there is none any more. */
  *blocksSince(before: Content | null): Iterable<{ readonly index: number; readonly bytes: Uint8Array | undefined }> {
    const old = before === null ? new SortedMap<number, Block>(byNumber, this.owner) : before.#blocks;
    for (const { key, after } of this.#blocks.changedSince(old)) {
      yield { index: key, bytes: after?.bytes.subarray(0, after.length) };
    }
  }

  /** How many bytes of the block that starts at `start` the base has. */
  #baseIn(start: number): number {
    return Math.max(0, Math.min(this.#baseLength - start, BLOCK_BYTES));
  }

  /** Of all blocks that are written whole or in part, only the first and the last take anything from the base. */
  #prepareEnd(position: number, end: number, read: BaseReader): void {
    const last = Math.floor((end - 1) / BLOCK_BYTES);
    const within = end - last * BLOCK_BYTES;
    if (last <= Math.floor(position / BLOCK_BYTES) || within >= this.#baseIn(last * BLOCK_BYTES)) return;
    this.#writable(last, 0, within, read);
  }

  #writable(index: number, from: number, end: number, read: BaseReader): Block {
    const block = this.#blocks.get(index);
    if (block !== undefined && block.owner === this.owner) {
      this.#grow(block, end);
      return block;
    }
    const start = index * BLOCK_BYTES;
    const old = block === undefined ? this.#baseIn(start) : block.length;
    const length = Math.max(old, end);
    const bytes = new Uint8Array(length);
    if (block !== undefined) bytes.set(block.bytes.subarray(0, old));
    else if (this.#base !== null && old > 0 && (from > 0 || end < old)) read(this.#base, bytes, 0, old, start);
    const fresh = new Block(this.owner, index, bytes, length);
    this.#blocks.set(index, fresh);
    this.#held += length - (block?.length ?? 0);
    return fresh;
  }

  /** Makes room in an owned block; capacity doubles, so that appending is linear. */
  #grow(block: Block, end: number): void {
    if (end <= block.length) return;
    if (end > block.bytes.length) {
      const bytes = new Uint8Array(Math.min(BLOCK_BYTES, Math.max(end, block.bytes.length * 2)));
      bytes.set(block.bytes.subarray(0, block.length));
      block.bytes = bytes;
    }
    this.#held += end - block.length;
    block.length = end;
  }

  #shorten(block: Block, length: number, read: BaseReader): void {
    const owned = this.#writable(block.index, 0, length, read);
    owned.bytes.fill(0, length, owned.length);
    this.#held -= owned.length - length;
    owned.length = length;
  }

  #drop(index: number): void {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    this.#blocks.delete(index);
    this.#held -= block.length;
  }

  /** Where the run without blocks that starts in block `index` ends, as an offset into the buffer. */
  #runEnd(index: number, position: number, length: number): number {
    const next = this.#blocks.size === 0 ? undefined : this.#blocks.firstFrom(index);
    return next === undefined ? length : Math.min(length, next[0] * BLOCK_BYTES - position);
  }

  #readBase(buffer: Uint8Array, position: number, done: number, end: number, read: BaseReader): number {
    const covered = Math.max(done, Math.min(end, this.#baseLength - position));
    if (this.#base !== null && covered > done) read(this.#base, buffer, done, covered - done, position + done);
    if (end > covered) buffer.fill(0, covered, end);
    return end;
  }
}
