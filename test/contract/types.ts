// WIT types for tests, written short.

import fc from "fast-check";
import type { PrimitiveKind, WitType } from "../../host/contract/types.ts";
import { PRIMITIVES } from "../../tools-wasm/sdk/wit/syntax.ts";

export const t = (kind: PrimitiveKind): WitType => ({ kind });
export const list = (element: WitType): WitType => ({ kind: "list", element });
export const option = (value: WitType): WitType => ({ kind: "option", value });
export const tuple = (...elements: WitType[]): WitType => ({ kind: "tuple", elements });
export const result = (ok: WitType | null, err: WitType | null): WitType => ({ kind: "result", ok, err });
export const enumeration = (...cases: string[]): WitType => ({ kind: "enum", name: "choice", cases });
export const flags = (...names: string[]): WitType => ({ kind: "flags", name: "marks", flags: names });

export function record(fields: Readonly<Record<string, WitType>>, name: string | null = "thing"): WitType {
  return { kind: "record", name, fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })) };
}

export function variant(cases: Readonly<Record<string, WitType | null>>): WitType {
  return { kind: "variant", name: "shape", cases: Object.entries(cases).map(([name, type]) => ({ name, type })) };
}

const names = fc.uniqueArray(fc.constantFrom("a", "b-c", "then", "constructor", "to-json", "x1-y2"), {
  minLength: 1,
  maxLength: 4,
});

/** Any type that a plan can hold a value of, nested a few levels. */
export const anyType: fc.Arbitrary<WitType> = fc.letrec<{ type: WitType }>((tie) => {
  const inner = tie("type");
  const leaf: fc.Arbitrary<WitType> = fc.oneof(
    fc.constantFrom(...PRIMITIVES.map(t)),
    names.map((cases) => enumeration(...cases)),
    names.map((all) => flags(...all)),
  );
  const maybe = fc.option(inner);
  const fields = names.chain((keys) => fc.tuple(...keys.map(() => inner)).map((types) => zip(keys, types)));
  const cases = names.chain((keys) => fc.tuple(...keys.map(() => maybe)).map((types) => zip(keys, types)));
  return {
    type: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      inner.map(list),
      inner.map(option),
      fc.array(inner, { minLength: 1, maxLength: 3 }).map((elements) => tuple(...elements)),
      fc.tuple(maybe, maybe).map(([ok, err]) => result(ok, err)),
      fields.map((all) => record(all)),
      cases.map(variant),
    ),
  };
}).type;

function zip<T>(keys: readonly string[], values: readonly T[]): Record<string, T> {
  return Object.fromEntries(keys.map((key, index) => [key, values[index]])) as Record<string, T>;
}
