// The pieces that generated code is put together from: bodies with fresh names, switches over cases, conversions of core values.
// Knows nothing of which function is generated.

import type { Type } from "../wit/model.ts";
import { type Flat, partsOf } from "./layout.ts";
import { caseName, optionIsNull, valueName } from "./names.ts";

/** A function body under construction: statements, and fresh names. */
export class Body {
  readonly lines: string[] = [];
  #names = 0;

  add(...lines: readonly string[]): void {
    this.lines.push(...lines.map((line) => `  ${line}`));
  }

  fresh(): string {
    return `$${this.#names++}`;
  }

  /** A name for the value of an expression. */
  bind(expression: string): string {
    if (/^[$\w]+$/.test(expression)) return expression;
    const name = this.fresh();
    this.add(`const ${name} = ${expression};`);
    return name;
  }
}

/** A body inside another one, whose names it must not take. */
export class ArmBody extends Body {
  readonly #outer: Body;

  constructor(outer: Body) {
    super();
    this.#outer = outer;
  }

  override fresh(): string {
    return this.#outer.fresh();
  }
}

/** The parts of a record or a tuple, with the names of the fields that hold them. */
export function fieldsOf(type: Type): readonly (readonly [string, Type])[] {
  if (type.kind === "record") return type.fields.map(({ name, type: one }) => [valueName(name), one] as const);
  return (partsOf(type) ?? []).map((one, index) => [`f${index}`, one] as const);
}

/** An expression for which case a value is in. */
export function tagOf(type: Type, value: string): string {
  if (type.kind === "result") return `<i32>!${value}.isOk`;
  if (type.kind === "variant") return `<i32>${value}.kind`;
  return optionIsNull(type) ? `<i32>(${value} !== null)` : `<i32>${value}.isSome`;
}

/** An expression for the payload of a value that is in this case. */
export function payloadOf(type: Type, index: number, value: string): string {
  if (type.kind === "result") return `${value}.${index === 0 ? "value" : "error"}`;
  if (type.kind === "variant") return `${value}.as${caseName(type.cases[index]?.name ?? "")}`;
  return optionIsNull(type) ? `${value}!` : `${value}.value`;
}

/** Adds what is done in each case; nothing where there is nothing to do. */
export function addSwitch(tag: string, arms: readonly (readonly string[])[], body: Body): void {
  if (arms.every((lines) => lines.length === 0)) return;
  body.add(`switch (${tag}) {`);
  arms.forEach((lines, index) => {
    if (lines.length === 0) return;
    body.add(`  case ${index}: {`, ...lines.map((line) => `    ${line}`), "    break;", "  }");
  });
  body.add("}");
}

/** The core values of one case, taken from those that all cases share. */
export function recast(wanted: readonly Flat[], shared: readonly Flat[]): readonly string[] {
  return wanted.map((to, index) => cast(`f${index + 1}`, shared[index] ?? to, to));
}

/** One core value where another type is wanted: the bits stay. */
export function cast(expression: string, from: Flat, to: Flat): string {
  if (from === to) return expression;
  if (from === "f32" && to === "i32") return `reinterpret<i32>(${expression})`;
  if (from === "i32" && to === "f32") return `reinterpret<f32>(${expression})`;
  if (from === "f64" && to === "i64") return `reinterpret<i64>(${expression})`;
  if (from === "i64" && to === "f64") return `reinterpret<f64>(${expression})`;
  if (from === "f32" && to === "i64") return `<i64>reinterpret<u32>(${expression})`;
  if (from === "i64" && to === "f32") return `reinterpret<f32>(<i32>${expression})`;
  return to === "i64" ? `<i64><u32>(${expression})` : `<i32>${expression}`;
}
