// Where the bytes of an archive go as it is written.
// Knows nothing of formats.

import { Growing } from "../../sdk/assembly/growing";

/** Takes bytes in their order. */
export abstract class Sink {
  abstract write(from: usize, length: i32): void;

  /** Nothing is written after it. */
  abstract finish(): void;
}

/** Keeps bytes as they are. */
export class PlainSink extends Sink {
  constructor(private out: Growing) {
    super();
  }

  write(from: usize, length: i32): void {
    memory.copy(this.out.add(length), from, length);
  }

  finish(): void {}
}
