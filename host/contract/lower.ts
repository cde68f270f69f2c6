// JSON -> the JavaScript values that jco's generated code lowers into a component. What comes in has been validated.
// It must not know components; the shapes are those of jco's documentation of type mappings.

import { fromBase64 } from "./base64.ts";
import { camelCase, snakeCase } from "./names.ts";
import { SPECIAL_FLOATS } from "./numbers.ts";
import type { JsonValue, WitType } from "./types.ts";

type Kind<K extends WitType["kind"]> = Extract<WitType, { readonly kind: K }>;
type JsonObject = { readonly [key: string]: JsonValue };

/** Turns a value that fits `type` (see `checkValue`) into what generated code takes. What is made has no prototype, so no name in it can mean anything. */
export function lower(type: WitType, value: JsonValue): unknown {
  switch (type.kind) {
    case "u64":
    case "s64":
      return BigInt(value as number | string);
    case "f32":
    case "f64":
      return typeof value === "string" ? SPECIAL_FLOATS.get(value) : value;
    case "list":
      return lowerList(type, value);
    case "option":
      return lowerOption(type, value);
    case "tuple":
      return type.elements.map((element, index) => lower(element, (value as JsonValue[])[index] ?? null));
    case "result":
      return lowerResult(type, value as JsonObject);
    case "record":
      return lowerRecord(type, value as JsonObject);
    case "variant":
      return lowerVariant(type, value as string | JsonObject);
    case "enum":
      return type.cases.find((name) => snakeCase(name) === value);
    case "flags":
      return lowerFlags(type, value as readonly string[]);
    default:
      return value;
  }
}

/** True when jco writes "no value" of this type as undefined; an option of such a type has to be tagged. */
export function isNullable(type: WitType): boolean {
  return type.kind === "option" && !isNullable(type.value);
}

function bare(properties: Record<string, unknown>): object {
  return Object.assign(Object.create(null), properties);
}

function lowerList({ element }: Kind<"list">, value: JsonValue): unknown {
  if (element.kind !== "u8") return (value as readonly JsonValue[]).map((one) => lower(element, one));
  return typeof value === "string" ? fromBase64(value) : Uint8Array.from(value as readonly number[]);
}

function lowerOption({ value: inner }: Kind<"option">, value: JsonValue): unknown {
  const none = value === null;
  const present = inner.kind === "option" && !none ? (value as JsonObject).some : value;
  if (!isNullable(inner)) return none ? undefined : lower(inner, present ?? null);
  return none ? bare({ tag: "none" }) : bare({ tag: "some", val: lower(inner, present ?? null) });
}

function lowerResult({ ok, err }: Kind<"result">, value: JsonObject): unknown {
  const tag = Object.hasOwn(value, "ok") ? "ok" : "err";
  const type = tag === "ok" ? ok : err;
  return bare({ tag, val: type === null ? undefined : lower(type, value[tag] ?? null) });
}

function lowerRecord({ fields }: Kind<"record">, value: JsonObject): unknown {
  const properties = bare({}) as Record<string, unknown>;
  for (const { name, type } of fields) {
    const key = snakeCase(name);
    properties[camelCase(name)] = lower(type, Object.hasOwn(value, key) ? (value[key] ?? null) : null);
  }
  return properties;
}

function lowerVariant({ cases }: Kind<"variant">, value: string | JsonObject): unknown {
  const key = typeof value === "string" ? value : Object.keys(value)[0];
  const found = cases.find(({ name }) => snakeCase(name) === key);
  if (found === undefined) return undefined;
  if (typeof value === "string" || found.type === null) return bare({ tag: found.name });
  return bare({ tag: found.name, val: lower(found.type, value[key ?? ""] ?? null) });
}

function lowerFlags({ flags }: Kind<"flags">, value: readonly string[]): unknown {
  const properties = bare({}) as Record<string, unknown>;
  for (const name of flags) properties[camelCase(name)] = value.includes(snakeCase(name));
  return properties;
}
