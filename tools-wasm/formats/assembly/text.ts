// Names and numbers in archives.
// Knows nothing of formats.

import { Utf8Encoder } from "../../sdk/assembly/utf8";
import { decodedSize, decodeUtf8 } from "../../sdk/assembly/utf8-decode";

/** The UTF-8 text of `length` bytes; null when it is none. */
export function textAt(address: usize, length: i32): string | null {
  const decoded = decodeUtf8(address, length, heap.alloc(decodedSize(length)));
  return decoded.problem < 0 ? decoded.text : null;
}

/** How many of `most` bytes come before a NUL. */
export function lengthBeforeNul(address: usize, most: i32): i32 {
  let length = 0;
  while (length < most && load<u8>(address + length) != 0) length++;
  return length;
}

/** The UTF-8 bytes of a name. */
export class Utf8Text {
  address: usize;
  length: i32;

  constructor(text: string) {
    const size = <usize>text.length * 3 + 16;
    this.address = heap.alloc(size);
    this.length = new Utf8Encoder(text).fill(this.address, size);
  }
}
