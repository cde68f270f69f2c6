// Records `found-line`, as the canonical ABI holds a list of them, with lines of context around each match.
// Knows nothing of patterns, nor of where lines come from.

import { Growing } from "../../sdk/assembly/growing";
import { storeString } from "../../sdk/assembly/strings";

// file at 0, number at 8, text at 12, matched at 20.
const RECORD_SIZE: usize = 24;

/** The lines found so far, and those that may become context of the next one. */
export class FoundLines {
  static readonly most: i32 = 100_000;

  private records: Growing = new Growing(64 * RECORD_SIZE);
  private file: string = "";
  private number: u32 = 0;
  private after: u32 = 0;
  /** Addresses of the ends of the last lines that were not taken, oldest first, from `first` on. */
  private waiting: usize[] = [];
  private first: i32 = 0;

  constructor(private context: u32) {}

  get address(): usize {
    return this.records.address;
  }

  get count(): i32 {
    return <i32>(this.records.length / RECORD_SIZE);
  }

  /** What is taken from now on is in the file `name`. */
  startFile(name: string): void {
    this.file = name;
    this.number = 0;
    this.after = 0;
    this.forget();
  }

  /** Takes the next line of the file; false when there are too many. The text is copied if it is kept. */
  take(start: usize, end: usize, matched: bool): bool {
    this.number++;
    if (matched) {
      const count = this.waiting.length - this.first;
      for (let i = this.first; i < this.waiting.length; i += 2) {
        const behind = <u32>(this.waiting.length - i) >> 1;
        this.add(this.number - behind, this.waiting[i], this.waiting[i + 1], false);
      }
      if (count > 0) this.forget();
      this.add(this.number, start, end, true);
      this.after = this.context;
    } else if (this.after > 0) {
      this.after--;
      this.add(this.number, start, end, false);
    } else if (this.context > 0) this.wait(start, end);
    return this.count <= FoundLines.most;
  }

  private wait(start: usize, end: usize): void {
    this.waiting.push(start);
    this.waiting.push(end);
    if (<u32>(this.waiting.length - this.first) >> 1 > this.context) this.first += 2;
    // Those that are no longer needed are shifted out now and then.
    if (this.first < 1024 || this.first << 1 < this.waiting.length) return;
    this.waiting.copyWithin(0, this.first);
    this.waiting.length -= this.first;
    this.first = 0;
  }

  private forget(): void {
    this.waiting.length = 0;
    this.first = 0;
  }

  private add(number: u32, start: usize, end: usize, matched: bool): void {
    const size = end - start;
    const text = heap.alloc(size);
    memory.copy(text, start, size);
    const record = this.records.add(RECORD_SIZE);
    storeString(record, this.file);
    store<u32>(record, number, 8);
    store<usize>(record, text, 12);
    store<u32>(record, <u32>(size >> 1), 16);
    store<u8>(record, u8(matched), 20);
  }
}
