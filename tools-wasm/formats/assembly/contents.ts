// The bytes of the files in an archive, decompressed and checked one at a time.
// Knows nothing of where they go.

import { Crc32 } from "./crc32";
import { Entries, Entry } from "./entries";
import { Inflater } from "./inflate";

/** The contents of entries, which share one block of memory. */
export class Contents {
  private crc: Crc32 = new Crc32();
  private room: usize = 0;
  private roomSize: i32 = 0;

  constructor(private entries: Entries) {}

  /** Decompresses every file once, so that a damaged one is found before any is used. */
  check(): void {
    const all = this.entries.all;
    for (let i = 0; i < all.length && this.entries.problem === null; i++) {
      if (all[i].compressed != -1 && !all[i].isDirectory) this.of(all[i]);
    }
  }

  /** Where the bytes of a file are, until the next call. A problem is that of the entries. */
  of(entry: Entry): usize {
    let bytes = entry.address;
    if (entry.compressed >= 0) {
      if (entry.size > this.roomSize) {
        this.roomSize = entry.size;
        this.room = heap.alloc(this.roomSize);
      }
      const inflater = new Inflater(bytes, bytes + entry.compressed, this.room, this.room + entry.size);
      const isWhole = inflater.run() && inflater.out == this.room + entry.size;
      if (!isWhole) this.entries.corrupt("the compressed bytes of an entry are damaged");
      bytes = this.room;
    }
    if (entry.compressed != -1 && this.entries.problem === null && this.crc.of(bytes, entry.size) != entry.crc) {
      this.entries.corrupt("the checksum of an entry is wrong");
    }
    return bytes;
  }
}
