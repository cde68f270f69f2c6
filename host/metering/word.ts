// The meter word: fuel and call depth packed into one i64, and the imports by which modules share it.
// It must not know how code is rewritten.

/** The module name under which metered modules import what they share. No guest may import from it. */
export const METER_MODULE = "glovebox:meter";

/**
 * The globals that every metered module imports, in this order, behind the guest's own imported globals:
 * the meter word; the memory pages and the table elements that may still be taken; what was refused.
 */
export const METER_GLOBALS: readonly { readonly name: string; readonly type: "i64" | "i32" }[] = [
  { name: "word", type: "i64" },
  { name: "pages", type: "i32" },
  { name: "elements", type: "i32" },
  { name: "state", type: "i32" },
];

export const WORD = 0;
export const PAGES = 1;
export const ELEMENTS = 2;
export const STATE = 3;

/** Bits of the `state` global. */
export const STATE_CHECK_FAILED = 1;
export const STATE_MEMORY_REFUSED = 2;
export const STATE_TABLE_REFUSED = 4;
export const STATE_HOST_REFUSED = 8;

// bit 63      fuel guard: set when the fuel used has reached the budget
// bits 14-62  fuel used, counted up from 2^49 - budget
// bit 13      depth guard: set when the stack used has reached its limit, or when the host stopped the call
// bits 0-12   stack used in units of 64 bytes, counted up from 2^13 - limit

/** Where fuel starts in the word. A lower place would make charges shorter, and the units of stack coarser. */
export const FUEL_SHIFT = 14;
/** One unit of fuel in the word. */
export const FUEL_ONE: number = 2 ** FUEL_SHIFT;
/** The largest budget that the word can hold. */
export const MAX_FUEL: bigint = 1n << BigInt(63 - FUEL_SHIFT);
/** One unit of stack in the word, in bytes. */
export const STACK_UNIT = 64;
export const DEPTH_GUARD: number = FUEL_ONE / 2;
/** How far to the left the guard of depth lies behind that of fuel. */
export const DEPTH_GUARD_SHIFT: number = 64 - FUEL_SHIFT;
/** The largest stack that the word can hold, in bytes. */
export const MAX_STACK_BYTES: number = DEPTH_GUARD * STACK_UNIT;
export const FUEL_GUARD: bigint = 1n << 63n;

// what is added between two checks must not reach the fuel
const MAX_FRAME_UNITS = 7800;

/** The units of stack that one frame takes: 96 bytes, and 8 for each slot (parameter, local, operand; v128 takes two). */
export function frameUnits(slots: number): number {
  return Math.min(MAX_FRAME_UNITS, Math.ceil((96 + 8 * slots) / STACK_UNIT));
}

/** The units of stack that a call through a table takes besides the frames: the wrapper at the border. */
export function indirectUnits(parameters: number): number {
  return Math.ceil((64 + 16 * parameters) / STACK_UNIT);
}

/** The units of stack that a call of an import takes: the engine's and the host's frames. */
export const IMPORT_UNITS: number = 1024 / STACK_UNIT;

/** A frame of at least so many units is counted before it is entered; the margin of the engine's stack covers the others. */
export const FAT_FRAME_UNITS: number = 2048 / STACK_UNIT;
