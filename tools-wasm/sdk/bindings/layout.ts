// How values lie in memory and in core parameters (component-model CanonicalABI.md: alignment, size, flattening).
// Knows nothing of a language.

import type { Case, Type } from "../wit/model.ts";

export type Flat = "i32" | "i64" | "f32" | "f64";

/** How many core parameters a function may have before they go through memory. */
export const MAX_FLAT_PARAMETERS = 16;

const SIZES: Readonly<Record<string, number>> = {
  ...{ bool: 1, u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, char: 4, f32: 4, u64: 8, s64: 8, f64: 8 },
};

/** The case of a type that is one of several: option, result, variant. */
export type Payload = Type | null;

/** The payloads of the cases of an option, a result or a variant, in order; null for other types. */
export function casesOf(type: Type): readonly Payload[] | null {
  if (type.kind === "option") return [null, type.element];
  if (type.kind === "result") return [type.ok, type.err];
  return type.kind === "variant" ? type.cases.map((one: Case) => one.type) : null;
}

/** The parts of a record or a tuple; null for other types. */
export function partsOf(type: Type): readonly Type[] | null {
  if (type.kind === "record") return type.fields.map((field) => field.type);
  return type.kind === "tuple" ? type.elements : null;
}

export function alignOf(type: Type): number {
  const cases = casesOf(type);
  if (cases !== null) return Math.max(tagSize(cases.length), ...cases.map((one) => (one === null ? 1 : alignOf(one))));
  const parts = partsOf(type);
  if (parts !== null) return Math.max(1, ...parts.map(alignOf));
  if (type.kind === "enum") return tagSize(type.cases.length);
  return type.kind === "flags" ? flagsSize(type.cases.length) : (SIZES[type.kind] ?? 4);
}

export function sizeOf(type: Type): number {
  const cases = casesOf(type);
  if (cases !== null) {
    const largest = Math.max(0, ...cases.map((one) => (one === null ? 0 : sizeOf(one))));
    return aligned(payloadOffset(cases) + largest, alignOf(type));
  }
  const parts = partsOf(type);
  if (parts !== null) return aligned(offsetsOf(parts).end, alignOf(type));
  if (type.kind === "enum" || type.kind === "flags") return alignOf(type);
  return type.kind === "string" || type.kind === "list" ? 8 : (SIZES[type.kind] ?? 4);
}

/** Where each of several values begins that follow each other, and where the last one ends. */
export function offsetsOf(types: readonly Type[]): { readonly starts: readonly number[]; readonly end: number } {
  let end = 0;
  const starts = types.map((type) => {
    const start = aligned(end, alignOf(type));
    end = start + sizeOf(type);
    return start;
  });
  return { starts, end };
}

/** The bytes of the tag of one of so many cases. */
export function tagSize(cases: number): 1 | 2 | 4 {
  return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}

export function flagsSize(flags: number): 1 | 2 | 4 {
  return flags <= 8 ? 1 : flags <= 16 ? 2 : 4;
}

export function payloadOffset(cases: readonly Payload[]): number {
  const align = Math.max(1, ...cases.map((one) => (one === null ? 1 : alignOf(one))));
  return aligned(tagSize(cases.length), align);
}

/** The core values that a type becomes. */
export function flatten(type: Type): readonly Flat[] {
  const parts = partsOf(type);
  if (parts !== null) return parts.flatMap(flatten);
  const cases = casesOf(type);
  if (cases !== null) return ["i32", ...joined(cases)];
  if (type.kind === "string" || type.kind === "list") return ["i32", "i32"];
  if (type.kind === "f32" || type.kind === "f64") return [type.kind];
  return type.kind === "u64" || type.kind === "s64" ? ["i64"] : ["i32"];
}

function joined(cases: readonly Payload[]): readonly Flat[] {
  const all = cases.map((one) => (one === null ? [] : flatten(one)));
  const length = Math.max(0, ...all.map((flats) => flats.length));
  return Array.from({ length }, (_, index) => {
    const here = all.flatMap((flats) => flats[index] ?? []);
    return here.reduce(join);
  });
}

function join(a: Flat, b: Flat): Flat {
  if (a === b) return a;
  return (a === "i32" || a === "f32") && (b === "i32" || b === "f32") ? "i32" : "i64";
}

function aligned(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}
