// Follows a path such as `.lines[0]` through a WIT type. It must not know what the path is of.

import { snakeCase } from "../../contract/names.ts";
import { printType } from "../../contract/print.ts";
import { didYouMean } from "../../contract/suggest.ts";
import type { WitType } from "../../contract/types.ts";

/** Where a path leads, and what has to be so at run time for a value to be there; or why it leads nowhere. */
export type TypePath =
  | { readonly ok: true; readonly type: WitType; readonly doubts: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** The type at the end of `path`. */
export function typeAt(root: WitType, path: readonly (string | number)[]): TypePath {
  let type = root;
  const doubts: string[] = [];
  for (const segment of path) {
    if (type.kind === "option") {
      doubts.push(`the value before ${shown(segment)} is not null`);
      type = type.value;
    }
    const next = stepInto(type, segment);
    if (!next.ok) return next;
    doubts.push(...next.doubts);
    type = next.type;
  }
  return { ok: true, type, doubts };
}

function shown(segment: string | number): string {
  return typeof segment === "number" ? `[${segment}]` : `.${segment}`;
}

function stepInto(type: WitType, segment: string | number): TypePath {
  switch (type.kind) {
    case "list":
      if (typeof segment !== "number") break;
      return { ok: true, type: type.element, doubts: [`the list has more than ${segment} items`] };
    case "tuple":
      return found(type, typeof segment === "number" ? type.elements[segment] : undefined, segment, []);
    case "record": {
      const field = type.fields.find(({ name }) => snakeCase(name) === segment);
      const names = type.fields.map(({ name }) => snakeCase(name));
      return found(type, field?.type, segment, names);
    }
    case "variant": {
      const branch = type.cases.find(({ name }) => snakeCase(name) === segment);
      const names = type.cases.filter((one) => one.type !== null).map(({ name }) => snakeCase(name));
      return found(type, branch?.type ?? undefined, segment, names, `the case is ${segment}`);
    }
    case "result": {
      const branch = segment === "ok" ? type.ok : segment === "err" ? type.err : null;
      return found(type, branch ?? undefined, segment, ["ok", "err"], `the result is ${segment}`);
    }
  }
  return { ok: false, message: `${printType(type)} has no ${shown(segment)}` };
}

function found(
  holder: WitType,
  type: WitType | undefined,
  segment: string | number,
  known: readonly string[],
  doubt?: string,
): TypePath {
  if (type !== undefined) return { ok: true, type, doubts: doubt === undefined ? [] : [doubt] };
  const listed =
    known.length === 0 ? "" : `; it has ${known.slice(0, 20).join(", ")}.${didYouMean(String(segment), known)}`;
  return { ok: false, message: `${printType(holder)} has no ${shown(segment)}${listed}` };
}

/** Whether a value of one type may turn out to fit another that does not hold all of its values. */
export function mayFit(from: WitType, to: WitType): boolean {
  if (from.kind === "option") return mayFit(from.value, to) || sameKind(from.value, to);
  if (to.kind === "option") return mayFit(from, to.value);
  if (from.kind === "list" && to.kind === "list") return mayFit(from.element, to.element);
  if (from.kind === "string") return to.kind === "enum" || to.kind === "char";
  return (INTEGERS.has(from.kind) && INTEGERS.has(to.kind)) || (from.kind === "f64" && to.kind === "f32");
}

const INTEGERS: ReadonlySet<string> = new Set(["u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"]);

function sameKind(from: WitType, to: WitType): boolean {
  return from.kind === to.kind || (to.kind === "option" && from.kind === to.value.kind);
}
