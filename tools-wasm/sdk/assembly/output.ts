// Text that is put together from pieces, up to a limit.
// Knows nothing of where the pieces come from.

import { Growing } from "./growing";

/** More characters than this are neither taken nor made. */
export const MAX_UNITS: i32 = 4 * 1024 * 1024;

/** UTF-16 text that grows. What comes after the limit is dropped, and `full` says so. */
export class Output {
  full: bool = false;
  private units: Growing;

  constructor(expected: i32) {
    this.units = new Growing((<usize>max(expected, 32) << 1) + 64);
  }

  get address(): usize {
    return this.units.address;
  }

  get length(): i32 {
    return <i32>(this.units.length >> 1);
  }

  /** Adds the text from `from` to `to`. */
  add(from: usize, to: usize): void {
    const size = to - from;
    if (this.units.length + size > <usize>MAX_UNITS << 1) this.full = true;
    else memory.copy(this.units.add(size), from, size);
  }

  addText(text: string): void {
    const from = changetype<usize>(text);
    this.add(from, from + (<usize>text.length << 1));
  }
}
