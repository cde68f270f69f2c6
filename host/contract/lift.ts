// The JavaScript values that jco's generated code lifts out of a component -> JSON. Nothing about them is believed.
// It must not know components.

import { GloveboxError } from "../errors.ts";
import { toBase64 } from "./base64.ts";
import { isNullable } from "./lower.ts";
import { camelCase, snakeCase } from "./names.ts";
import { BIG_INTEGERS, type BigInteger, SMALL_INTEGERS, type SmallInteger } from "./numbers.ts";
import { printType } from "./print.ts";
import type { JsonValue, WitType } from "./types.ts";

type Kind<K extends WitType["kind"]> = Extract<WitType, { readonly kind: K }>;

/** Turns what generated code gave into a JSON value of `type`, with all fields present and no prototypes. Errors: RESULT_INVALID when it does not fit. */
export function lift(type: WitType, value: unknown): JsonValue {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? value : misfit(type);
    case "string":
      return typeof value === "string" && value.isWellFormed() ? value : misfit(type);
    case "char":
      return typeof value === "string" && value.isWellFormed() && [...value].length === 1 ? value : misfit(type);
    case "f32":
    case "f64":
      return typeof value === "number" ? liftFloat(value) : misfit(type);
    case "u64":
    case "s64":
      return liftBig(type.kind, value);
    case "list":
      return liftList(type, value);
    case "option":
      return liftOption(type, value);
    case "tuple":
      return liftTuple(type, value);
    case "result":
      return liftResult(type, value);
    case "record":
      return liftRecord(type, value);
    case "variant":
      return liftVariant(type, value);
    case "enum":
      return typeof value === "string" && type.cases.includes(value) ? snakeCase(value) : misfit(type);
    case "flags":
      return liftFlags(type, value);
    case "handle":
      return misfit(type);
    default:
      return liftSmall(type.kind, value);
  }
}

function misfit(type: WitType): never {
  const message = `the tool returned something that is not a ${printType(type)}, against its own contract`;
  throw new GloveboxError("RESULT_INVALID", message, { data: { type: printType(type) } });
}

function liftFloat(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

function liftSmall(kind: SmallInteger, value: unknown): JsonValue {
  const [least, most] = SMALL_INTEGERS[kind];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  return misfit({ kind });
}

function liftBig(kind: BigInteger, value: unknown): JsonValue {
  const [least, most] = BIG_INTEGERS[kind];
  if (typeof value !== "bigint" || value < least || value > most) return misfit({ kind });
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function liftList(type: Kind<"list">, value: unknown): JsonValue {
  if (value instanceof Uint8Array && type.element.kind === "u8") return toBase64(value);
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return misfit(type);
  if (type.element.kind === "u8") return misfit(type);
  return Array.from(value as ArrayLike<unknown>, (element) => lift(type.element, element));
}

function liftOption(type: Kind<"option">, value: unknown): JsonValue {
  if (!isNullable(type.value)) return value === undefined ? null : some(type, value);
  const { tag, val } = tagged(type, value);
  return tag === "none" ? null : tag === "some" ? some(type, val) : misfit(type);
}

function some({ value: inner }: Kind<"option">, value: unknown): JsonValue {
  const lifted = lift(inner, value);
  return inner.kind === "option" ? bare([["some", lifted]]) : lifted;
}

function liftTuple(type: Kind<"tuple">, value: unknown): JsonValue {
  if (!Array.isArray(value) || value.length !== type.elements.length) return misfit(type);
  return type.elements.map((element, index) => lift(element, value[index]));
}

function liftResult(type: Kind<"result">, value: unknown): JsonValue {
  const { tag, val } = tagged(type, value);
  if (tag !== "ok" && tag !== "err") return misfit(type);
  const payload = type[tag];
  return bare([[tag, payload === null ? null : lift(payload, val)]]);
}

function liftRecord(type: Kind<"record">, value: unknown): JsonValue {
  if (typeof value !== "object" || value === null) return misfit(type);
  return bare(type.fields.map((field) => [snakeCase(field.name), lift(field.type, own(value, camelCase(field.name)))]));
}

function liftVariant(type: Kind<"variant">, value: unknown): JsonValue {
  const { tag, val } = tagged(type, value);
  const found = type.cases.find(({ name }) => name === tag) ?? misfit(type);
  const key = snakeCase(found.name);
  return found.type === null ? key : bare([[key, lift(found.type, val)]]);
}

function liftFlags(type: Kind<"flags">, value: unknown): JsonValue {
  if (typeof value !== "object" || value === null) return misfit(type);
  return type.flags.filter((name) => own(value, camelCase(name)) === true).map(snakeCase);
}

function tagged(type: WitType, value: unknown): { readonly tag: unknown; readonly val: unknown } {
  if (typeof value !== "object" || value === null) return misfit(type);
  return { tag: own(value, "tag"), val: own(value, "val") };
}

/** A property of the value itself, never of a prototype. */
function own(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function bare(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  const properties: Record<string, JsonValue> = Object.create(null);
  for (const [key, value] of entries) properties[key] = value;
  return properties;
}
