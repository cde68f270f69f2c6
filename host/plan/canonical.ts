// The one text that a JSON value has, so that equal plans have equal hashes.

import type { JsonValue } from "../contract/types.ts";

/** The JSON Canonicalization Scheme (RFC 8785): keys sorted by UTF-16 units, numbers and strings as ECMAScript writes them. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const object = value as Readonly<Record<string, JsonValue>>;
  const entries = Object.keys(object).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] ?? null)}`).join(",")}}`;
}
