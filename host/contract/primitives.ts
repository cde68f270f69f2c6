// Does a JSON value fit a primitive WIT type?
// A leaf.

import {
  BIG_INTEGERS,
  type BigInteger,
  DECIMAL,
  SMALL_INTEGERS,
  type SmallInteger,
  SPECIAL_FLOATS,
} from "./numbers.ts";
import { sample } from "./sample.ts";
import type { WitType } from "./types.ts";

/** What is wrong with a value of a primitive type, in words; null when it fits. */
export function primitiveProblem(type: WitType, value: unknown): string | null {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? null : `expected true or false, got ${sample(value)}`;
    case "string":
      return typeof value === "string" ? wellFormed(value) : `expected a string, got ${sample(value)}`;
    case "char":
      return typeof value === "string" && isChar(value) ? null : `expected one character, got ${sample(value)}`;
    case "f32":
    case "f64":
      return floatProblem(type.kind, value);
    case "u64":
    case "s64":
      return bigProblem(type.kind, value);
    default:
      return smallProblem(type.kind as SmallInteger, value);
  }
}

function smallProblem(kind: SmallInteger, value: unknown): string | null {
  const [least, most] = SMALL_INTEGERS[kind];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return null;
  return `expected a whole number from ${least} to ${most} (${kind}), got ${sample(value)}`;
}

function bigProblem(kind: BigInteger, value: unknown): string | null {
  const [least, most] = BIG_INTEGERS[kind];
  const fits = (number: bigint): boolean => number >= least && number <= most;
  if (typeof value === "number" && Number.isSafeInteger(value) && fits(BigInt(value))) return null;
  if (typeof value === "string" && DECIMAL.test(value) && fits(BigInt(value))) return null;
  return `expected a whole number from ${least} to ${most} (${kind}; as a string of digits when above 2^53), got ${sample(value)}`;
}

function floatProblem(kind: "f32" | "f64", value: unknown): string | null {
  if (typeof value === "string" && SPECIAL_FLOATS.has(value)) return null;
  if (typeof value === "number" && Number.isFinite(kind === "f32" ? Math.fround(value) : value)) return null;
  return `expected a number (${kind}), or "NaN", "Infinity" or "-Infinity", got ${sample(value)}`;
}

function wellFormed(value: string): string | null {
  return value.isWellFormed() ? null : "the string holds half of a surrogate pair, which is not Unicode text";
}

function isChar(value: string): boolean {
  const [first, second] = value;
  return first !== undefined && second === undefined && first.isWellFormed();
}
