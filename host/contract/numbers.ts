// The ranges of WIT's numbers.
// A leaf.

export type SmallInteger = "u8" | "s8" | "u16" | "s16" | "u32" | "s32";
export type BigInteger = "u64" | "s64";

export const SMALL_INTEGERS: Readonly<Record<SmallInteger, readonly [least: number, most: number]>> = {
  u8: [0, 255],
  s8: [-128, 127],
  u16: [0, 65_535],
  s16: [-32_768, 32_767],
  u32: [0, 4_294_967_295],
  s32: [-2_147_483_648, 2_147_483_647],
};

export const BIG_INTEGERS: Readonly<Record<BigInteger, readonly [least: bigint, most: bigint]>> = {
  u64: [0n, 18_446_744_073_709_551_615n],
  s64: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

/** How JSON writes the numbers that it has no literal for. */
export const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** The one spelling of an integer as a string: no sign but `-`, no leading zeros. */
export const DECIMAL: RegExp = /^(?:0|-?[1-9][0-9]{0,19})$/;
