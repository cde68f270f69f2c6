// Memory as the canonical ABI sees it: what the host may ask the guest for, and when it is all given back.
// Knows nothing of interfaces, strings or files.

import { OBJECT, TOTAL_OVERHEAD } from "rt/common";

let landing: usize = 0;
let landingSize: usize = 0;

/**
 * Where the host puts what it lowers. Every block carries the header of an AssemblyScript string of its size, so a
 * UTF-16 string that the host wrote is an AssemblyScript string already: it is lifted without a copy.
 */
export function cabi_realloc(old: usize, oldSize: usize, _align: usize, size: usize): usize {
  if (old == 0) {
    if (size > landingSize) return __new(size, idof<String>());
    landingSize = 0;
    return landing;
  }
  if (size <= oldSize) {
    changetype<OBJECT>(old - TOTAL_OVERHEAD).rtSize = <u32>size;
    return old;
  }
  const block = __new(size, idof<String>());
  memory.copy(block, old, oldSize);
  return block;
}

/** The next list of bytes that the host returns, if it is not longer than `size`, is written to `address`. */
export function landNextAt(address: usize, size: usize): void {
  landing = address;
  landingSize = size;
}

/** Takes back an unused `landNextAt`. */
export function landAnywhere(): void {
  landingSize = 0;
}

/**
 * Gives back everything that was allocated, for a host that calls an instance more than once (from `cabi_post_...`).
 * A call is one arena: no global may hold on to an object.
 */
export function endCall(): void {
  heap.reset();
}
