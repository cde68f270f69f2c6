// Does every value of one WIT type fit another? This is how the types of a plan's steps are connected before it runs.
// It must not know plans.

import { printType } from "./print.ts";
import type { WitType } from "./types.ts";

export type Assignable = { readonly ok: true } | { readonly ok: false; readonly why: string };

type Kind<K extends WitType["kind"]> = Extract<WitType, { readonly kind: K }>;

const YES: Assignable = { ok: true };

/** The numbers that hold every value of a number type, besides itself. */
const WIDER: Readonly<Partial<Record<WitType["kind"], readonly WitType["kind"][]>>> = {
  u8: ["u16", "u32", "u64", "s16", "s32", "s64", "f32", "f64"],
  s8: ["s16", "s32", "s64", "f32", "f64"],
  u16: ["u32", "u64", "s32", "s64", "f32", "f64"],
  s16: ["s32", "s64", "f32", "f64"],
  u32: ["u64", "s64", "f64"],
  s32: ["s64", "f64"],
  f32: ["f64"],
  char: ["string"],
};

function no(from: WitType, to: WitType, why?: string): Assignable {
  const plain = `${printType(from)} does not fit ${printType(to)}`;
  return { ok: false, why: why === undefined ? plain : `${plain}: ${why}` };
}

/** Says whether each value of `from`, written as JSON, is a value of `to`; otherwise why not. Names of types do not matter, those of fields and cases do. */
export function assignable(from: WitType, to: WitType): Assignable {
  if (to.kind === "option") return toOption(from, to);
  if (from.kind === "option") return no(from, to, "it may be null");
  if (from.kind !== to.kind) return fits(from, to) ? YES : no(from, to);
  switch (from.kind) {
    case "list":
      return lists(from, to as Kind<"list">);
    case "tuple":
      return tuples(from, to as Kind<"tuple">);
    case "result":
      return results(from, to as Kind<"result">);
    case "record":
      return records(from, to as Kind<"record">);
    case "variant":
      return variants(from, to as Kind<"variant">);
    case "enum":
      return subset(from, to, from.cases, (to as Kind<"enum">).cases);
    case "flags":
      return subset(from, to, from.flags, (to as Kind<"flags">).flags);
    case "handle":
      return no(from, to, "a plan cannot hold a handle");
    default:
      return YES;
  }
}

function fits(from: WitType, to: WitType): boolean {
  if (from.kind === "enum" && to.kind === "string") return true;
  return WIDER[from.kind]?.includes(to.kind) ?? false;
}

function toOption(from: WitType, to: Kind<"option">): Assignable {
  const inner = from.kind === "option" ? from.value : from;
  // An option of an option is written differently, as { "some": value }.
  if ((inner.kind === "option") !== (to.value.kind === "option")) return no(from, to);
  return within(from, to, assignable(inner, to.value));
}

function lists(from: Kind<"list">, to: Kind<"list">): Assignable {
  // A list of bytes is written as base64, any other list as an array.
  if (from.element.kind === "u8" && to.element.kind !== "u8") return no(from, to);
  return within(from, to, assignable(from.element, to.element));
}

function within(from: WitType, to: WitType, inner: Assignable): Assignable {
  return inner.ok ? YES : no(from, to, inner.why);
}

function tuples(from: Kind<"tuple">, to: Kind<"tuple">): Assignable {
  if (from.elements.length !== to.elements.length) return no(from, to, "they differ in length");
  for (const [index, element] of from.elements.entries()) {
    const target = to.elements[index];
    const inner = target === undefined ? YES : assignable(element, target);
    if (!inner.ok) return no(from, to, inner.why);
  }
  return YES;
}

function payload(from: WitType | null, to: WitType | null): Assignable {
  if (from === null && to === null) return YES;
  if (from !== null && to !== null) return assignable(from, to);
  return { ok: false, why: "one carries a value and the other does not" };
}

function results(from: Kind<"result">, to: Kind<"result">): Assignable {
  const ok = payload(from.ok, to.ok);
  return within(from, to, ok.ok ? payload(from.err, to.err) : ok);
}

function records(from: Kind<"record">, to: Kind<"record">): Assignable {
  const targets = new Map(to.fields.map((field) => [field.name, field.type]));
  for (const { name, type } of from.fields) {
    const target = targets.get(name);
    if (target === undefined) return no(from, to, `there is no field ${name} in ${printType(to)}`);
    const inner = assignable(type, target);
    if (!inner.ok) return no(from, to, `in the field ${name}, ${inner.why}`);
    targets.delete(name);
  }
  for (const [name, type] of targets) {
    if (type.kind !== "option") return no(from, to, `the field ${name} is missing`);
  }
  return YES;
}

function variants(from: Kind<"variant">, to: Kind<"variant">): Assignable {
  for (const { name, type } of from.cases) {
    const target = to.cases.find((one) => one.name === name);
    if (target === undefined) return no(from, to, `there is no case ${name} in ${printType(to)}`);
    const inner = payload(type, target.type);
    if (!inner.ok) return no(from, to, `in the case ${name}, ${inner.why}`);
  }
  return YES;
}

function subset(from: WitType, to: WitType, names: readonly string[], known: readonly string[]): Assignable {
  const missing = names.find((name) => !known.includes(name));
  return missing === undefined ? YES : no(from, to, `${missing} is not known there`);
}
