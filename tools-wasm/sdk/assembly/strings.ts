// Strings across the canonical ABI, in UTF-16 on both sides.
// Knows nothing of interfaces.

import { OBJECT, TOTAL_OVERHEAD } from "rt/common";

/** The string that the host lowered to `address`: the same memory where it fits, else a copy. */
export function liftString(address: usize, length: i32): string {
  if (length == 0) return "";
  const size = <u32>length << 1;
  if (changetype<OBJECT>(address - TOTAL_OVERHEAD).rtSize == size) return changetype<string>(address);
  return String.UTF16.decodeUnsafe(address, size);
}

/** Writes a string's address and length to `target`: the form it has inside records, lists and results. */
export function storeString(target: usize, text: string): void {
  store<usize>(target, changetype<usize>(text));
  store<u32>(target, <u32>text.length, 4);
}
