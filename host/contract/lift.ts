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
type Lift = (value: unknown) => JsonValue;

/** Turns what generated code gave into a JSON value of `type`, with all fields present and no prototypes. Errors: RESULT_INVALID when it does not fit. */
export function lift(type: WitType, value: unknown): JsonValue {
  return lifter(type)(value);
}

/** The function that lifts values of one type; names are worked out once, not for each element of a list. */
function lifter(type: WitType): Lift {
  switch (type.kind) {
    case "bool":
      return (value) => (typeof value === "boolean" ? value : misfit(type));
    case "string":
      return (value) => (typeof value === "string" && value.isWellFormed() ? value : misfit(type));
    case "char":
      return (value) => (isCharacter(value) ? value : misfit(type));
    case "f32":
    case "f64":
      return (value) => (typeof value === "number" ? liftFloat(value) : misfit(type));
    case "u64":
    case "s64":
      return bigLifter(type.kind);
    case "list":
      return listLifter(type);
    case "option":
      return optionLifter(type);
    case "tuple":
      return tupleLifter(type);
    case "result":
      return resultLifter(type);
    case "record":
      return recordLifter(type);
    case "variant":
      return variantLifter(type);
    case "enum":
      return enumLifter(type);
    case "flags":
      return flagsLifter(type);
    case "handle":
      return () => misfit(type);
    default:
      return smallLifter(type.kind);
  }
}

function misfit(type: WitType): never {
  const message = `the tool returned something that is not a ${printType(type)}, against its own contract`;
  throw new GloveboxError("RESULT_INVALID", message, { data: { type: printType(type) } });
}

function isCharacter(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && [...value].length === 1;
}

function liftFloat(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

function smallLifter(kind: SmallInteger): Lift {
  const [least, most] = SMALL_INTEGERS[kind];
  return (value) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    return misfit({ kind });
  };
}

function bigLifter(kind: BigInteger): Lift {
  const [least, most] = BIG_INTEGERS[kind];
  return (value) => {
    if (typeof value !== "bigint" || value < least || value > most) return misfit({ kind });
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  };
}

function listLifter(type: Kind<"list">): Lift {
  if (type.element.kind === "u8") return (value) => (value instanceof Uint8Array ? toBase64(value) : misfit(type));
  const liftElement = lifter(type.element);
  return (value) => {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return misfit(type);
    return Array.from(value as ArrayLike<unknown>, liftElement);
  };
}

function optionLifter(type: Kind<"option">): Lift {
  const inner = lifter(type.value);
  const some: Lift = type.value.kind === "option" ? (value) => bare([["some", inner(value)]]) : inner;
  if (!isNullable(type.value)) return (value) => (value === undefined ? null : some(value));
  return (value) => {
    const { tag, val } = tagged(type, value);
    return tag === "none" ? null : tag === "some" ? some(val) : misfit(type);
  };
}

function tupleLifter(type: Kind<"tuple">): Lift {
  const lifters = type.elements.map(lifter);
  return (value) => {
    if (!Array.isArray(value) || value.length !== lifters.length) return misfit(type);
    return lifters.map((liftElement, index) => liftElement(value[index]));
  };
}

function resultLifter(type: Kind<"result">): Lift {
  const nothing: Lift = () => null;
  const lifters = { ok: type.ok ? lifter(type.ok) : nothing, err: type.err ? lifter(type.err) : nothing };
  return (value) => {
    const { tag, val } = tagged(type, value);
    return tag === "ok" || tag === "err" ? bare([[tag, lifters[tag](val)]]) : misfit(type);
  };
}

function recordLifter(type: Kind<"record">): Lift {
  const parts = type.fields.map((field) => [snakeCase(field.name), camelCase(field.name), lifter(field.type)] as const);
  return (value) => {
    if (typeof value !== "object" || value === null) return misfit(type);
    const properties: Record<string, JsonValue> = Object.create(null);
    for (const [key, property, liftField] of parts) properties[key] = liftField(own(value, property));
    return properties;
  };
}

function variantLifter(type: Kind<"variant">): Lift {
  const known = new Map<unknown, readonly [key: string, lift: Lift | null]>(
    type.cases.map((one) => [one.name, [snakeCase(one.name), one.type && lifter(one.type)]]),
  );
  return (value) => {
    const { tag, val } = tagged(type, value);
    const [key, liftPayload] = known.get(tag) ?? misfit(type);
    return liftPayload === null ? key : bare([[key, liftPayload(val)]]);
  };
}

function enumLifter(type: Kind<"enum">): Lift {
  const known = new Map<unknown, string>(type.cases.map((name) => [name, snakeCase(name)]));
  return (value) => known.get(value) ?? misfit(type);
}

function flagsLifter(type: Kind<"flags">): Lift {
  const names = type.flags.map((name) => [snakeCase(name), camelCase(name)] as const);
  return (value) => {
    if (typeof value !== "object" || value === null) return misfit(type);
    return names.filter(([, property]) => own(value, property) === true).map(([key]) => key);
  };
}

function tagged(type: WitType, value: unknown): { readonly tag: unknown; readonly val: unknown } {
  if (typeof value !== "object" || value === null) return misfit(type);
  return { tag: own(value, "tag"), val: own(value, "val") };
}

/** A property of the value itself, never of a prototype. */
function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function bare(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  const properties: Record<string, JsonValue> = Object.create(null);
  for (const [key, value] of entries) properties[key] = value;
  return properties;
}
