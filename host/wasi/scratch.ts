// One array that file reads of a call land in, so that reading allocates nothing.

const FIRST_BYTES = 64 * 1024;

/** Gives the first `length` bytes of an array that grows as needed; what was in it before is overwritten. */
export function scratchBuffer(): (length: number) => Uint8Array {
  let buffer = new Uint8Array(0);
  return (length) => {
    if (buffer.length < length) buffer = new Uint8Array(Math.max(length, FIRST_BYTES));
    return buffer.subarray(0, length);
  };
}
