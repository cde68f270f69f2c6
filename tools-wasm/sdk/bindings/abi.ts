// The generated file `abi.ts`: for each type that is used, functions that read it from memory, write it there, and make it of
// core values (component-model CanonicalABI.md). Knows nothing of which functions a world has.

import type { Type } from "../wit/model.ts";
import { ArmBody, addSwitch, Body, cast, fieldsOf, payloadOf, recast, tagOf } from "./code.ts";
import {
  casesOf,
  flagsSize,
  flatten,
  offsetsOf,
  type Payload,
  partsOf,
  payloadOffset,
  sizeOf,
  tagSize,
} from "./layout.ts";
import { type Names, optionIsNull, valueName } from "./names.ts";

/** Numbers that lie in memory as AssemblyScript's arrays hold them. */
const DIRECT = new Set(["bool", "u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64", "char"]);
const LOADED: Readonly<Record<string, string>> = {
  bool: "u8",
  char: "u32",
  s8: "i8",
  s16: "i16",
  s32: "i32",
  s64: "i64",
};

/** Where handles of a resource come from and go to. */
export interface HandleCode {
  lift(type: Type & { kind: "handle" }, handle: string): string;
  lower(type: Type & { kind: "handle" }, value: string): string;
}

/** Collects the functions of `abi.ts`; each type has one of each kind. */
export class Abi {
  /** Exported functions of the file, in the order in which they were asked for. */
  readonly functions: string[] = [];
  readonly #names: Names;
  readonly #handles: HandleCode;
  readonly #known = new Map<string, string>();

  constructor(names: Names, handles: HandleCode) {
    this.#names = names;
    this.#handles = handles;
  }

  type(type: Type): string {
    return this.#names.type(type, null);
  }

  /** An expression for the value at an address. */
  load(type: Type, at: string, offset: number): string {
    if (DIRECT.has(type.kind)) {
      const loaded = `load<${LOADED[type.kind] ?? type.kind}>(${address(at, offset)})`;
      return type.kind === "bool" ? `${loaded} != 0` : loaded;
    }
    if (type.kind === "enum" || type.kind === "flags") {
      return `<${this.type(type)}>load<u${8 * enumSize(type)}>(${address(at, offset)})`;
    }
    if (type.kind === "handle") return this.#handles.lift(type, `load<i32>(${address(at, offset)})`);
    if (type.kind === "string" || type.kind === "list") {
      return this.lift(type, [`load<i32>(${address(at, offset)})`, `load<i32>(${address(at, offset + 4)})`]);
    }
    return `${this.#function("load", type, () => this.#loader(type))}(${offset === 0 ? at : `${at} + ${offset}`})`;
  }

  /** A statement that writes a value to an address. */
  store(type: Type, at: string, offset: number, value: string): string {
    if (DIRECT.has(type.kind))
      return `store<${LOADED[type.kind] ?? type.kind}>(${at}, ${type.kind === "bool" ? `<u8>${value}` : value}${offset === 0 ? "" : `, ${offset}`});`;
    if (type.kind === "enum" || type.kind === "flags") {
      const size = `u${8 * enumSize(type)}`;
      return `store<${size}>(${at}, <${size}>${value}, ${offset});`;
    }
    if (type.kind === "handle") return `store<i32>(${at}, ${this.#handles.lower(type, value)}, ${offset});`;
    const target = offset === 0 ? at : `${at} + ${offset}`;
    if (type.kind === "string") return `storeString(${target}, ${value});`;
    return `${this.#function("store", type, () => this.#storer(type))}(${target}, ${value});`;
  }

  /** An expression for the value of core values, which must not be evaluated twice. */
  lift(type: Type, flats: readonly string[]): string {
    const [first = "0", second = "0"] = flats;
    switch (type.kind) {
      case "bool":
        return `${first} != 0`;
      case "string":
        return `liftString(<usize>${first}, ${second})`;
      case "handle":
        return this.#handles.lift(type, first);
      case "f32":
      case "f64":
      case "s32":
      case "s64":
        return first;
      case "list":
      case "option":
      case "result":
      case "variant":
      case "record":
      case "tuple":
        return `${this.#function("lift", type, () => this.#lifter(type))}(${flats.join(", ")})`;
      default:
        return `<${this.type(type)}>${first}`;
    }
  }

  /** Core values for a value: statements go to `body`. */
  lower(type: Type, value: string, body: Body): readonly string[] {
    switch (type.kind) {
      case "f32":
      case "f64":
        return [value];
      case "u64":
      case "s64":
        return [`<i64>${value}`];
      case "string": {
        const text = body.bind(value);
        return [`<i32>changetype<usize>(${text})`, `${text}.length`];
      }
      case "list": {
        const list = body.bind(value);
        return [`<i32>${this.#listAddress(type, list)}`, `${list}.length`];
      }
      case "handle":
        return [this.#handles.lower(type, value)];
      case "record":
      case "tuple": {
        const whole = body.bind(value);
        return fieldsOf(type).flatMap(([field, one]) => this.lower(one, `${whole}.${field}`, body));
      }
      case "option":
      case "result":
      case "variant":
        return this.#lowerCases(type, body.bind(value), body);
      default:
        return [`<i32>${value}`];
    }
  }

  #function(kind: "load" | "store" | "lift" | "lower", type: Type, make: () => readonly string[]): string {
    const key = `${kind} ${this.type(type)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = `${kind}_${this.#known.size}`;
    this.#known.set(key, name);
    const [head = "", ...lines] = make();
    this.functions.push([`export function ${name}${head} {`, ...lines, "}"].join("\n"));
    return name;
  }

  #loader(type: Type): readonly string[] {
    const body = new Body();
    const cases = casesOf(type);
    if (cases === null) {
      const { starts } = offsetsOf(partsOf(type) ?? []);
      const values = fieldsOf(type).map(([, one], index) => this.load(one, "at", starts[index] ?? 0));
      body.add(`return new ${this.type(type)}(${values.join(", ")});`);
    } else {
      const payload = payloadOffset(cases);
      const arms = cases.map((one) => (one === null ? null : this.load(one, "at", payload)));
      this.#makeCases(type, `load<u${8 * tagSize(cases.length)}>(at)`, arms, body);
    }
    return [`(at: usize): ${this.type(type)}`, ...body.lines];
  }

  #storer(type: Type): readonly string[] {
    const body = new Body();
    const cases = casesOf(type);
    if (type.kind === "list") {
      body.add(`store<usize>(at, ${this.#listAddress(type, "value")});`, "store<i32>(at, value.length, 4);");
    } else if (cases === null) {
      const { starts } = offsetsOf(partsOf(type) ?? []);
      fieldsOf(type).forEach(([field, one], index) => {
        body.add(this.store(one, "at", starts[index] ?? 0, `value.${field}`));
      });
    } else {
      const payload = payloadOffset(cases);
      const tag = `u${8 * tagSize(cases.length)}`;
      const arms = cases.map((one, index) =>
        one === null ? [] : [this.store(one, "at", payload, payloadOf(type, index, "value"))],
      );
      body.add(`store<${tag}>(at, <${tag}>${tagOf(type, "value")});`);
      addSwitch(tagOf(type, "value"), arms, body);
    }
    return [`(at: usize, value: ${this.type(type)}): void`, ...body.lines];
  }

  #lifter(type: Type): readonly string[] {
    const body = new Body();
    const flats = flatten(type);
    const head = `(${flats.map((flat, index) => `f${index}: ${flat}`).join(", ")}): ${this.type(type)}`;
    const cases = casesOf(type);
    if (type.kind === "list") return [head, ...this.#listLifter(type.element, this.type(type))];
    if (cases !== null) {
      const arms = cases.map((one) => (one === null ? null : this.lift(one, recast(flatten(one), flats.slice(1)))));
      this.#makeCases(type, "f0", arms, body);
      return [head, ...body.lines];
    }
    let next = 0;
    const values = fieldsOf(type).map(([, one]) => {
      const from = next;
      next += flatten(one).length;
      return this.lift(
        one,
        flats.slice(from, next).map((_, index) => `f${from + index}`),
      );
    });
    body.add(`return new ${this.type(type)}(${values.join(", ")});`);
    return [head, ...body.lines];
  }

  #listLifter(element: Type, list: string): readonly string[] {
    const body = new Body();
    const size = sizeOf(element);
    body.add(`const list = new ${list}(f1);`);
    if (DIRECT.has(element.kind)) {
      body.add(`memory.copy(list.dataStart, <usize>f0, ${size} * <usize>f1);`);
    } else {
      body.add("for (let i = 0; i < f1; i++) {", `  const at = <usize>f0 + ${size} * <usize>i;`);
      body.add(`  unchecked((list[i] = ${this.load(element, "at", 0)}));`, "}");
    }
    body.add("return list;");
    return body.lines;
  }

  /** Lists of numbers go to the host as they are. */
  #listAddress({ element }: Extract<Type, { element: Type }>, list: string): string {
    if (DIRECT.has(element.kind)) return `${list}.dataStart`;
    const type: Type = { kind: "list", element };
    const name = this.#function("lower", type, () => {
      const body = new Body();
      const size = sizeOf(element);
      body.add(`const target = heap.alloc(${size} * <usize>list.length);`);
      body.add("for (let i = 0; i < list.length; i++) {", `  const at = target + ${size} * <usize>i;`);
      body.add(`  ${this.store(element, "at", 0, "list[i]")}`, "}", "return target;");
      return [`(list: ${this.type(type)}): usize`, ...body.lines];
    });
    return `${name}(${list})`;
  }

  /** Returns the case that `tag` says, with its payload. */
  #makeCases(type: Type, tag: string, arms: readonly (string | null)[], body: Body): void {
    const made = arms.map((payload, index) => `return ${this.#make(type, index, payload)};`);
    if (made.length <= 2) {
      body.add(...(made.length === 2 ? [`if (${tag} == 0) ${made[0]}`] : []), made.at(-1) ?? "");
      return;
    }
    body.add(`switch (${tag}) {`);
    made.forEach((line, index) => {
      body.add(index === made.length - 1 ? "  default:" : `  case ${index}:`, `    ${line}`);
    });
    body.add("}");
  }

  #make(type: Type, index: number, payload: string | null): string {
    const name = this.type(type);
    if (type.kind === "option") {
      if (optionIsNull(type)) return payload ?? "null";
      const inner = this.type(type.element);
      return payload === null ? `Option.none<${inner}>()` : `Option.some<${inner}>(${payload})`;
    }
    if (type.kind === "result") {
      const [ok, err] = [type.ok, type.err].map((one) => (one === null ? "Unit" : this.type(one)));
      return `Result.${index === 0 ? "ok" : "err"}<${ok}, ${err}>(${payload ?? "unit"})`;
    }
    const one = type.kind === "variant" ? type.cases[index] : undefined;
    return `${name}.${valueName(one?.name ?? "")}(${payload ?? ""})`;
  }

  #lowerCases(type: Type, value: string, body: Body): readonly string[] {
    const flats = flatten(type).slice(1);
    const results = flats.map((flat) => {
      const name = body.fresh();
      body.add(`let ${name}: ${flat} = 0;`);
      return name;
    });
    const arms = (casesOf(type) ?? []).map((one: Payload, index) => {
      if (one === null) return [];
      const arm = new ArmBody(body);
      const lowered = this.lower(one, payloadOf(type, index, value), arm);
      lowered.forEach((expression, flat) => {
        const [from, to] = [flatten(one)[flat] ?? "i32", flats[flat] ?? "i32"];
        arm.add(`${results[flat]} = ${cast(expression, from, to)};`);
      });
      return arm.lines.map((line) => line.slice(2));
    });
    addSwitch(tagOf(type, value), arms, body);
    return [tagOf(type, value), ...results];
  }
}

function address(at: string, offset: number): string {
  return offset === 0 ? at : `${at}, ${offset}`;
}

function enumSize(type: Extract<Type, { cases: unknown }>): number {
  return type.kind === "flags" ? flagsSize(type.cases.length) : tagSize(type.cases.length);
}
