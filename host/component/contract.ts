// World -> contract: the functions that plans can call, those they cannot and why, and what the component imports.
// It must not know manifests, grants or how a call runs.

import { isCommand } from "../contract/command.ts";
import { snakeCase } from "../contract/names.ts";
import { partsOf } from "../contract/parts.ts";
import type { Parameter, WitType } from "../contract/types.ts";
import { AdmissionError } from "../errors.ts";
import type { AdmissionLimits } from "../limits.ts";
import type { Exports, Extern, FunctionShape, World } from "./binary/world.ts";
import { checkFunctionName } from "./names.ts";

/** One exported function that a plan can call. */
export interface ContractFunction {
  readonly interface: string | null;
  readonly function: string;
  readonly parameters: readonly Parameter[];
  readonly output: WitType | null;
  readonly error: WitType | null;
  readonly fallible: boolean;
}

/** An exported function that no plan can call. */
export interface SkippedFunction {
  readonly interface: string | null;
  readonly function: string;
  readonly reason: string;
}

/** An interface that the component really imports, and which of its functions. */
export interface ImportedInterface {
  readonly name: string;
  readonly functions: readonly string[];
}

/** All that can be read off a component's types: plain data, in the order of the component. */
export interface Contract {
  readonly functions: readonly ContractFunction[];
  readonly skipped: readonly SkippedFunction[];
  readonly imports: readonly ImportedInterface[];
}

/** Derives the contract. Errors: COMPONENT_TOO_COMPLEX when there are more exported functions than the limits allow, COMPONENT_NAME_REJECTED. */
export function contractOf(world: World, limits: AdmissionLimits): Contract {
  const found = world.exports.flatMap((extern) => exportedFunctions(extern));
  const first = found[limits.exports];
  if (first !== undefined) {
    const message = `the component exports ${found.length} functions; at most ${limits.exports} are allowed`;
    throw new AdmissionError("COMPONENT_TOO_COMPLEX", message, first.offset, { data: { limit: "exports" } });
  }
  const functions: ContractFunction[] = [];
  const skipped: SkippedFunction[] = [];
  for (const one of found) {
    checkFunctionName(one.function, one.offset);
    const reason = whyNotCallable(one);
    const where = { interface: one.interface, function: one.function };
    if (reason === null) functions.push({ ...where, ...signature(one.shape) });
    else skipped.push({ ...where, reason });
  }
  return { functions, skipped, imports: world.imports.flatMap(importedInterface) };
}

interface Found {
  readonly interface: string | null;
  readonly function: string;
  readonly shape: FunctionShape;
  readonly offset: number;
}

function exportedFunctions({ name, entity, offset }: Extern): Found[] {
  if (entity.sort === "func") return [{ interface: null, function: name, shape: entity.shape, offset }];
  if (entity.sort !== "instance") return [];
  return functionsOf(entity.exports).map(([inner, shape]) => ({ interface: name, function: inner, shape, offset }));
}

function functionsOf(exports: Exports): [string, FunctionShape][] {
  return [...exports].flatMap(([name, entity]): [string, FunctionShape][] =>
    entity.sort === "func" ? [[name, entity.shape]] : [],
  );
}

function importedInterface({ name, entity }: Extern): ImportedInterface[] {
  if (entity.sort !== "instance") return [];
  return [{ name, functions: functionsOf(entity.exports).map(([inner]) => inner) }];
}

function whyNotCallable(found: Found): string | null {
  const { function: name, shape } = found;
  if (isInitialiser(found)) return "its toolchain has called it when the component was made";
  if (name.startsWith("[")) return "it belongs to a resource, and a plan cannot hold one";
  if (isCommand(found) && !isRunShape(shape)) return "it is not the run that wasi:cli says it is";
  const types = [...shape.parameters.map(({ type }) => type), ...(shape.result === null ? [] : [shape.result])];
  const resource = types.map(handleIn).find((found) => found !== null);
  return resource === undefined ? null : `it takes or gives a handle of the resource ${resource}`;
}

/** The parameters of what componentize-qjs, and componentize-py, export for themselves. */
const INITIALISERS: readonly string[] = ["shim script entry-path disable-gc", "app-name symbols stub-wasi"];

/** What runs before the memory is recorded that a component starts with: an `init` of no package, and not of the author. */
function isInitialiser({ interface: owner, function: name, shape }: Found): boolean {
  if (name !== "init" || owner?.includes(":")) return false;
  return INITIALISERS.includes(shape.parameters.map((parameter) => parameter.name).join(" "));
}

/** `run: func() -> result` */
function isRunShape({ parameters, result }: FunctionShape): boolean {
  return parameters.length === 0 && result?.kind === "result" && result.ok === null && result.err === null;
}

function handleIn(type: WitType): string | null {
  if (type.kind === "handle") return type.resource;
  for (const part of partsOf(type)) {
    const found = handleIn(part);
    if (found !== null) return found;
  }
  return null;
}

function signature(shape: FunctionShape): Pick<ContractFunction, "parameters" | "output" | "error" | "fallible"> {
  const parameters = shape.parameters.map(({ name, type }) => ({ name: snakeCase(name), type }));
  const { result } = shape;
  if (result?.kind !== "result") return { parameters, output: result, error: null, fallible: false };
  return { parameters, output: result.ok, error: result.err, fallible: true };
}
