// Reads the type of a block.
// It must not know control flow.

import { TYPE } from "./operators.ts";
import { readValueType } from "./read-types.ts";
import type { Reader } from "./reader.ts";

/** No parameters, no results. */
export const NO_VALUES = -1;
/** No parameters, one result. */
export const ONE_RESULT = -2;

/** Reads a block type: a type index, or NO_VALUES or ONE_RESULT. */
export function readBlockType(reader: Reader): number {
  const byte = reader.bytes[reader.pos] as number;
  if (byte === TYPE.empty && reader.pos < reader.end) {
    reader.pos++;
    return NO_VALUES;
  }
  if (byte > 0x40 && byte < 0x80) {
    readValueType(reader);
    return ONE_RESULT;
  }
  const at = reader.pos;
  const index = reader.s33();
  if (index < 0) reader.malformed("this block type is unknown", at);
  return index;
}
