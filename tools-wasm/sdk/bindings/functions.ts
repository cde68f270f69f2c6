// The code of one function in each direction: an import that is called like any function, an export that calls the author's.
// Knows nothing of files.

import type { Field, Module, Type, WitFunction } from "../wit/model.ts";
import type { Abi } from "./abi.ts";
import { Body } from "./code.ts";
import { alignOf, type Flat, flatten, MAX_FLAT_PARAMETERS, offsetsOf, sizeOf } from "./layout.ts";
import { className, type Names, valueName } from "./names.ts";
import { docComment, mentions } from "./types.ts";

/** A core function's parameters and result, and whether they go through memory. */
interface CoreSignature {
  readonly parameters: readonly Flat[];
  readonly spilled: boolean;
  readonly result: Flat | null;
  /** Whether the result is in memory. */
  readonly indirect: boolean;
}

/** The canonical name of a function: `[method]file.read`. */
export function canonicalName({ name, of }: WitFunction): string {
  if (of === null) return name;
  return of.as === "constructor" ? `[constructor]${of.resource.name}` : `[${of.as}]${of.resource.name}.${name}`;
}

function coreSignature(parameters: readonly Field[], result: Type | null): CoreSignature {
  const flats = parameters.flatMap(({ type }) => flatten(type));
  const spilled = flats.length > MAX_FLAT_PARAMETERS;
  const results = result === null ? [] : flatten(result);
  const [first = null] = results;
  const indirect = results.length > 1;
  return { parameters: spilled ? ["i32"] : flats, spilled, result: indirect ? null : first, indirect };
}

/** What an import becomes: the declaration of the core function, and a function or method that calls it. */
export interface ImportCode {
  readonly declaration: string;
  readonly wrapper: string;
}

/** The code of an import; `core` is a name for the core function. */
export function importCode(one: WitFunction, module: Module, core: string, abi: Abi, names: Names): ImportCode {
  const { parameters, result, of } = one;
  const signature = coreSignature(parameters, result);
  const declared = signature.parameters.map((flat, index) => `p${index}: ${flat}`);
  if (signature.indirect) declared.push("result: usize");
  const from = module.interface ?? "$root";
  const declaration = [
    `@external("${from}", "${canonicalName(one)}")`,
    `declare function ${core}(${declared.join(", ")}): ${signature.result ?? "void"};`,
  ].join("\n");
  const body = importBody(one, signature, core, abi);
  const isMethod = of?.as === "method";
  const visible = isMethod ? parameters.slice(1) : parameters;
  // Constructors are static: `new` makes an object around a handle that is there already.
  const keyword = of === null ? "export function " : isMethod ? "" : "static ";
  const name = of?.as === "constructor" ? "create" : methodName(one);
  const head = `${keyword}${name}${names.signature(visible, result, module.key)} {`;
  const indent = of === null ? "" : "  ";
  const lines = [head, ...body.lines, "}"].map((line) => indent + line);
  return { declaration, wrapper: docComment(one.docs, indent) + lines.join("\n") };
}

function methodName({ name, of }: WitFunction): string {
  const plain = valueName(name);
  return of !== null && ["handle", "drop", "create", "dropHandle"].includes(plain) ? `${plain}_` : plain;
}

function importBody({ parameters, result, of }: WitFunction, signature: CoreSignature, core: string, abi: Abi): Body {
  const body = new Body();
  const values = parameters.map(({ name }, index) => (of?.as === "method" && index === 0 ? "this" : valueName(name)));
  let args: string[];
  if (signature.spilled) {
    const { starts, end } = offsetsOf(parameters.map(({ type }) => type));
    const target = body.bind(`heap.alloc(${end})`);
    parameters.forEach(({ type }, index) => {
      body.add(abi.store(type, target, starts[index] ?? 0, values[index] ?? ""));
    });
    args = [`<i32>${target}`];
  } else {
    args = parameters.flatMap(({ type }, index) => abi.lower(type, values[index] ?? "", body));
  }
  if (result === null) {
    body.add(`${core}(${args.join(", ")});`);
  } else if (signature.indirect) {
    const area = body.bind(`memory.data(${sizeOf(result)}, ${alignOf(result)})`);
    body.add(`${core}(${[...args, area].join(", ")});`, `return ${abi.load(result, area, 0)};`);
  } else {
    const found = signature.result === null ? [] : [body.bind(`${core}(${args.join(", ")})`)];
    body.add(`return ${abi.lift(result, found)};`);
  }
  return body;
}

/** The exported function `name`, which calls the author's function, method or constructor in `implementation`. */
export function exportCode(one: WitFunction, module: Module, name: string, implementation: string, abi: Abi): string {
  const { parameters, result, of } = one;
  const signature = coreSignature(parameters, result);
  const body = new Body();
  const values = exportArguments(parameters, signature, abi);
  const [self = "", ...others] = values;
  const resource = of === null ? "" : `${implementation}.${className(of.resource.name)}`;
  const call =
    of === null
      ? `${implementation}.${valueName(one.name)}(${values.join(", ")})`
      : of.as === "constructor"
        ? `new ${resource}(${values.join(", ")})`
        : of.as === "static"
          ? `${resource}.${valueName(one.name)}(${values.join(", ")})`
          : `${self}.${valueName(one.name)}(${others.join(", ")})`;
  const borrows = parameters.some(({ type }) =>
    mentions(type, (part) => part.kind === "handle" && !part.owned && part.resource.module !== module.key),
  );
  finishExport(body, call, result, borrows, abi);
  const declared = signature.parameters.map((flat, index) => `p${index}: ${flat}`).join(", ");
  const returned = signature.indirect ? "usize" : (signature.result ?? "void");
  const exported = `${module.interface === null ? "" : `${module.interface}#`}${canonicalName(one)}`;
  return [`@exported("${exported}")`, `export function ${name}(${declared}): ${returned} {`, ...body.lines, "}"].join(
    "\n",
  );
}

function exportArguments(parameters: readonly Field[], signature: CoreSignature, abi: Abi): readonly string[] {
  if (signature.spilled) {
    const { starts } = offsetsOf(parameters.map(({ type }) => type));
    return parameters.map(({ type }, index) => abi.load(type, "<usize>p0", starts[index] ?? 0));
  }
  let next = 0;
  return parameters.map(({ type }) => {
    const from = next;
    next += flatten(type).length;
    return abi.lift(
      type,
      signature.parameters.slice(from, next).map((_, index) => `p${from + index}`),
    );
  });
}

function finishExport(body: Body, call: string, result: Type | null, borrows: boolean, abi: Abi): void {
  const after = borrows ? ["dropBorrowed();"] : [];
  if (result === null) {
    body.add(`${call};`, ...after);
    return;
  }
  const value = body.fresh();
  body.add(`const ${value}: ${abi.type(result)} = ${call};`, ...after);
  if (flatten(result).length > 1) {
    const area = body.bind(`memory.data(${sizeOf(result)}, ${alignOf(result)})`);
    body.add(abi.store(result, area, 0, value), `return ${area};`);
  } else {
    body.add(`return ${abi.lower(result, value, body)[0] ?? "0"};`);
  }
}
