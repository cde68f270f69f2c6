// The walk behind validation: a WIT type and a JSON value, side by side.
// It must not know what the value is for.

import { snakeCase } from "./names.ts";
import { primitiveProblem } from "./primitives.ts";
import { printType } from "./print.ts";
import { isObject, sample } from "./sample.ts";
import { didYouMean } from "./suggest.ts";
import type { WitField, WitType } from "./types.ts";

/** One thing wrong with a value. */
export interface Problem {
  /** JSON pointer from the root of what was checked. */
  readonly pointer: string;
  readonly message: string;
}

/** Judges a value that is not known yet (a reference): its problems, or null to have it checked as any other. */
export type Open = (value: unknown, type: WitType, pointer: string) => readonly Problem[] | null;

export interface WalkOptions {
  /** Put before every pointer. */
  readonly pointer?: string;
  readonly open?: Open;
  /** Stop after so many; default 100. */
  readonly maxProblems?: number;
}

type Kind<K extends WitType["kind"]> = Extract<WitType, { readonly kind: K }>;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A pointer one step further in. */
export function step(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

const NONE: readonly Problem[] = [];

/** Compares values with types; each method gives the problems of its part, in order, never many more than `maxProblems`. */
export class Walk {
  readonly #open: Open | undefined;
  readonly #maxProblems: number;
  /** The fields of each record that was met, by their names in JSON. */
  readonly #types = new Map<readonly WitField[], ReadonlyMap<string, WitType>>();

  constructor({ open, maxProblems = 100 }: WalkOptions) {
    this.#open = open;
    this.#maxProblems = maxProblems;
  }

  value(type: WitType, value: unknown, pointer: string): readonly Problem[] {
    return this.#open?.(value, type, pointer) ?? this.#known(type, value, pointer);
  }

  /** Checks named parts: missing, unknown and wrong ones. */
  fields(
    fields: readonly WitField[],
    value: Readonly<Record<string, unknown>>,
    pointer: string,
    what: string,
  ): readonly Problem[] {
    const types = this.#typesOf(fields);
    const present = this.#each(Object.keys(value), (key) => {
      const type = types.get(key);
      if (type !== undefined) return this.value(type, value[key], step(pointer, key));
      return unknownName(what, key, [...types.keys()], step(pointer, key));
    });
    const missing = this.#each(types, ([name, type]) => {
      if (type.kind === "option" || Object.hasOwn(value, name)) return NONE;
      return wrong(pointer, `the ${what} "${name}" (${printType(type)}) is missing`);
    });
    return missing.length === 0 ? present : [...present, ...missing];
  }

  #typesOf(fields: readonly WitField[]): ReadonlyMap<string, WitType> {
    const known = this.#types.get(fields) ?? new Map(fields.map(({ name, type }) => [snakeCase(name), type]));
    this.#types.set(fields, known);
    return known;
  }

  #known(type: WitType, value: unknown, pointer: string): readonly Problem[] {
    switch (type.kind) {
      case "list":
        return this.#list(type, value, pointer);
      case "option":
        return this.#option(type, value, pointer);
      case "tuple":
        return this.#tuple(type, value, pointer);
      case "result":
        return this.#result(type, value, pointer);
      case "record":
        return isObject(value) ? this.fields(type.fields, value, pointer, "field") : expected(type, value, pointer);
      case "variant":
        return this.#variant(type, value, pointer);
      case "enum":
        return enumProblems(type, value, pointer);
      case "flags":
        return this.#flags(type, value, pointer);
      case "handle":
        return wrong(pointer, `a handle of the resource ${type.resource} cannot be written as data`);
      default:
        return primitiveProblems(type, value, pointer);
    }
  }

  #each<T>(items: Iterable<T>, check: (item: T, index: number) => readonly Problem[]): readonly Problem[] {
    let found: Problem[] | null = null;
    let index = 0;
    for (const item of items) {
      const problems = check(item, index++);
      if (problems.length === 0) continue;
      found ??= [];
      found.push(...problems);
      if (found.length >= this.#maxProblems) break;
    }
    return found ?? NONE;
  }

  #list(type: Kind<"list">, value: unknown, pointer: string): readonly Problem[] {
    if (type.element.kind === "u8" && typeof value === "string") {
      if (BASE64.test(value)) return NONE;
      return wrong(pointer, `expected bytes as base64, but this is not base64: ${sample(value)}`);
    }
    if (!Array.isArray(value)) return expected(type, value, pointer);
    return this.#each(value, (element, index) => this.value(type.element, element, step(pointer, index)));
  }

  #option(type: Kind<"option">, value: unknown, pointer: string): readonly Problem[] {
    if (value === null) return NONE;
    if (type.value.kind !== "option") return this.value(type.value, value, pointer);
    if (isObject(value) && only(value, "some")) return this.value(type.value, value.some, step(pointer, "some"));
    return expected(type, value, pointer, 'null or { "some": value } (an option of an option)');
  }

  #tuple(type: Kind<"tuple">, value: unknown, pointer: string): readonly Problem[] {
    if (!Array.isArray(value) || value.length !== type.elements.length) {
      return expected(type, value, pointer, `an array of exactly ${type.elements.length}: ${printType(type)}`);
    }
    return this.#each(type.elements, (element, index) => this.value(element, value[index], step(pointer, index)));
  }

  #result(type: Kind<"result">, value: unknown, pointer: string): readonly Problem[] {
    for (const key of ["ok", "err"] as const) {
      if (isObject(value) && only(value, key)) return this.#payload(type[key], value[key], step(pointer, key), key);
    }
    return expected(type, value, pointer, 'either { "ok": value } or { "err": value }');
  }

  #payload(type: WitType | null, value: unknown, pointer: string, name: string): readonly Problem[] {
    if (type !== null) return this.value(type, value, pointer);
    if (value === null) return NONE;
    return wrong(pointer, `"${name}" takes no value here: write null, got ${sample(value)}`);
  }

  #variant(type: Kind<"variant">, value: unknown, pointer: string): readonly Problem[] {
    const names = type.cases.map((one) => snakeCase(one.name));
    const [key, more] = typeof value === "string" ? [value] : isObject(value) ? Object.keys(value) : [];
    if (key === undefined || more !== undefined) {
      return expected(type, value, pointer, `one case of ${describe(type)}: ${names.slice(0, 30).join(", ")}`);
    }
    const found = type.cases[names.indexOf(key)];
    if (found === undefined) return unknownName("case", key, names, pointer);
    if (typeof value === "string") {
      if (found.type === null) return NONE;
      return wrong(pointer, `the case "${key}" carries ${printType(found.type)}: write { "${key}": value }`);
    }
    if (found.type === null) return wrong(pointer, `the case "${key}" carries no value: write just "${key}"`);
    return isObject(value) ? this.value(found.type, value[key], step(pointer, key)) : NONE;
  }

  #flags(type: Kind<"flags">, value: unknown, pointer: string): readonly Problem[] {
    const names = type.flags.map(snakeCase);
    if (!Array.isArray(value)) return expected(type, value, pointer, `an array of some of: ${names.join(", ")}`);
    const seen = new Set<unknown>();
    return this.#each(value, (flag, index) => {
      const at = step(pointer, index);
      if (typeof flag !== "string" || !names.includes(flag)) return unknownName("flag", String(flag), names, at);
      if (seen.has(flag)) return wrong(at, `the flag "${flag}" is there twice`);
      seen.add(flag);
      return NONE;
    });
  }
}

function wrong(pointer: string, message: string): readonly Problem[] {
  return [{ pointer, message }];
}

function expected(type: WitType, value: unknown, pointer: string, what: string = describe(type)): readonly Problem[] {
  return wrong(pointer, `expected ${what}, got ${sample(value)}`);
}

function unknownName(what: string, name: string, names: readonly string[], pointer: string): readonly Problem[] {
  const known = names.length === 0 ? "none is known" : `there are: ${names.slice(0, 30).join(", ")}`;
  return wrong(pointer, `there is no ${what} ${sample(name)}; ${known}.${didYouMean(name, names)}`);
}

function enumProblems(type: Kind<"enum">, value: unknown, pointer: string): readonly Problem[] {
  const names = type.cases.map(snakeCase);
  if (typeof value !== "string") return expected(type, value, pointer, `one of: ${names.join(", ")}`);
  return names.includes(value) ? NONE : unknownName("case", value, names, pointer);
}

function primitiveProblems(type: WitType, value: unknown, pointer: string): readonly Problem[] {
  const message = primitiveProblem(type, value);
  return message === null ? NONE : wrong(pointer, message);
}

function only(value: Readonly<Record<string, unknown>>, key: string): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === key;
}

function describe(type: WitType): string {
  switch (type.kind) {
    case "list":
      return type.element.kind === "u8" ? "bytes (base64, or an array of numbers)" : `an array: ${printType(type)}`;
    case "record":
      return `an object${type.name === null ? "" : ` (${type.name})`}`;
    default:
      return printType(type);
  }
}
