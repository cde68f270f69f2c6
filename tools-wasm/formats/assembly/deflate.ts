// DEFLATE (RFC 1951): bytes in, compressed bytes out, block by block. The same bytes give the same blocks, however they are cut.
// Knows nothing of what is around the compressed bytes.

import { Growing } from "../../sdk/assembly/growing";
import { BlockWriter } from "./block-writer";
import { MatchFinder, MOST_LENGTH, WINDOW } from "./match-finder";

/** How many bytes are a block: as many as matches reach back, so that what was read moves by one of them at a time. */
const BLOCK: i32 = WINDOW;
/** A match that is this long is taken without looking whether the next byte starts a longer one. */
const GOOD_LENGTH: i32 = 32;
const LEAST_LENGTH: i32 = 3;

/** Compresses one stream. */
export class Deflater {
  /** The block before, and behind it the one that is filled. */
  private bytes: usize;
  private filled: i32 = 0;
  private finder: MatchFinder;
  private block: BlockWriter;

  constructor(out: Growing) {
    const bytes = heap.alloc(WINDOW + BLOCK + MOST_LENGTH);
    this.bytes = bytes;
    this.finder = new MatchFinder(bytes);
    this.block = new BlockWriter(out);
  }

  /** Starts another stream, which nothing of the one before gets into. */
  start(): void {
    this.filled = 0;
    this.finder.forget();
  }

  write(from: usize, length: i32): void {
    while (length > 0) {
      if (this.filled == BLOCK) this.compress(false);
      const taken = min(length, BLOCK - this.filled);
      memory.copy(this.bytes + WINDOW + this.filled, from, taken);
      this.filled += taken;
      from += taken;
      length -= taken;
    }
  }

  finish(): void {
    this.compress(true);
  }

  /** Writes the block that is filled, and starts the next one. */
  private compress(isLast: bool): void {
    this.findAll(WINDOW, WINDOW + this.filled);
    this.block.write(this.bytes + WINDOW, this.filled, isLast);
    if (isLast) return;
    memory.copy(this.bytes, this.bytes + WINDOW, WINDOW);
    this.finder.move();
    this.filled = 0;
  }

  /** Takes a match where it is found, unless the one that starts at the next byte is longer. */
  private findAll(start: i32, end: i32): void {
    const finder = this.finder;
    let lastLength = 0;
    let lastDistance = 0;
    let at = start;
    while (at < end) {
      let length = 0;
      if (lastLength < GOOD_LENGTH) length = finder.find(at, end, lastLength);
      finder.add(at, end);
      if (lastLength >= LEAST_LENGTH && length <= lastLength) {
        this.block.match(lastLength, lastDistance);
        const after = at - 1 + lastLength;
        while (++at < after) finder.add(at, end);
        lastLength = 0;
      } else {
        if (lastLength != 0) this.block.literal(load<u8>(this.bytes + at - 1));
        // 1: nothing was found, and the byte itself is still to be written.
        lastLength = max(length, 1);
        lastDistance = finder.distance;
        at++;
      }
    }
    if (lastLength != 0) this.block.literal(load<u8>(this.bytes + end - 1));
  }
}
