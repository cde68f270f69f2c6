// JSON -> the JavaScript values that jco's generated code lowers into a component. What comes in has been validated.
// It must not know components; the shapes are those of jco's documentation of type mappings.

import { fromBase64 } from "./base64.ts";
import { camelCase, snakeCase } from "./names.ts";
import { SPECIAL_FLOATS } from "./numbers.ts";
import type { JsonValue, WitType } from "./types.ts";

type Kind<K extends WitType["kind"]> = Extract<WitType, { readonly kind: K }>;
type JsonObject = { readonly [key: string]: JsonValue };
type Lower = (value: JsonValue) => unknown;

/** Turns a value that fits `type` (see `checkValue`) into what generated code takes. What is made has no prototype, so no name in it can mean anything. */
export function lower(type: WitType, value: JsonValue): unknown {
  return lowerer(type)(value);
}

/** True when jco writes "no value" of this type as undefined; an option of such a type has to be tagged. */
export function isNullable(type: WitType): boolean {
  return type.kind === "option" && !isNullable(type.value);
}

/** The function that lowers values of one type; names are worked out once, not for each element of a list. */
function lowerer(type: WitType): Lower {
  switch (type.kind) {
    case "u64":
    case "s64":
      return (value) => BigInt(value as number | string);
    case "f32":
    case "f64":
      return (value) => (typeof value === "string" ? SPECIAL_FLOATS.get(value) : value);
    case "list":
      return listLowerer(type);
    case "option":
      return optionLowerer(type);
    case "tuple":
      return tupleLowerer(type);
    case "result":
      return resultLowerer(type);
    case "record":
      return recordLowerer(type);
    case "variant":
      return variantLowerer(type);
    case "enum":
      return (value) => type.cases.find((name) => snakeCase(name) === value);
    case "flags":
      return flagsLowerer(type);
    default:
      return (value) => value;
  }
}

function bare(properties: Record<string, unknown>): object {
  return Object.assign(Object.create(null), properties);
}

function listLowerer({ element }: Kind<"list">): Lower {
  const lowerElement = lowerer(element);
  if (element.kind !== "u8") return (value) => (value as readonly JsonValue[]).map((one) => lowerElement(one));
  return (value) => (typeof value === "string" ? fromBase64(value) : Uint8Array.from(value as readonly number[]));
}

function optionLowerer({ value: inner }: Kind<"option">): Lower {
  const lowerInner = lowerer(inner);
  const lowerSome: Lower =
    inner.kind === "option" ? (value) => lowerInner((value as JsonObject).some ?? null) : lowerInner;
  if (!isNullable(inner)) return (value) => (value === null ? undefined : lowerSome(value));
  return (value) => bare(value === null ? { tag: "none" } : { tag: "some", val: lowerSome(value) });
}

function tupleLowerer({ elements }: Kind<"tuple">): Lower {
  const lowerers = elements.map(lowerer);
  return (value) => lowerers.map((lowerElement, index) => lowerElement((value as readonly JsonValue[])[index] ?? null));
}

function resultLowerer({ ok, err }: Kind<"result">): Lower {
  const nothing: Lower = () => undefined;
  const lowerers = { ok: ok === null ? nothing : lowerer(ok), err: err === null ? nothing : lowerer(err) };
  return (value) => {
    const tag = Object.hasOwn(value as JsonObject, "ok") ? "ok" : "err";
    return bare({ tag, val: lowerers[tag]((value as JsonObject)[tag] ?? null) });
  };
}

function recordLowerer({ fields }: Kind<"record">): Lower {
  const parts = fields.map(({ name, type }) => [snakeCase(name), camelCase(name), lowerer(type)] as const);
  return (value) => {
    const properties: Record<string, unknown> = Object.create(null);
    for (const [key, property, lowerField] of parts) {
      const given = Object.hasOwn(value as JsonObject, key) ? (value as JsonObject)[key] : null;
      properties[property] = lowerField(given ?? null);
    }
    return properties;
  };
}

function variantLowerer({ cases }: Kind<"variant">): Lower {
  const known = new Map(cases.map(({ name, type }) => [snakeCase(name), { name, lower: type && lowerer(type) }]));
  return (value) => {
    const key = typeof value === "string" ? value : (Object.keys(value as JsonObject)[0] ?? "");
    const found = known.get(key);
    if (found === undefined) return undefined;
    if (found.lower === null) return bare({ tag: found.name });
    return bare({ tag: found.name, val: found.lower((value as JsonObject)[key] ?? null) });
  };
}

function flagsLowerer({ flags }: Kind<"flags">): Lower {
  const names = flags.map((name) => [snakeCase(name), camelCase(name)] as const);
  return (value) => {
    const set = new Set(value as readonly string[]);
    return bare(Object.fromEntries(names.map(([key, property]) => [property, set.has(key)])));
  };
}
