// What a person wants to know about a tool before trusting it: what it offers, what it can reach, and what it cannot be asked.
// It must not load or run anything.

import { snakeCase } from "../contract/names.ts";
import { partsOf } from "../contract/parts.ts";
import { printAction, printShape, printType } from "../contract/print.ts";
import type { Action, Effect, WitType } from "../contract/types.ts";
import type { SkippedFunction } from "./contract.ts";
import type { ToolDescription } from "./tool.ts";

/** What a tool can reach, by the interfaces that it really imports. */
export type Capability = "files" | "clock" | "random" | "environment" | "network" | "standard streams";

export interface InspectedAction {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  /** One line: `file.read(path: string, lines?: u32) -> list<string> ! file-error`. */
  readonly signature: string;
  /** The allowed failures, one line each: `not_found(string)`. */
  readonly errors: readonly string[];
  readonly effect: Effect;
  readonly idempotent: boolean;
  readonly fuel: number | null;
  readonly max_execution_seconds: number | null;
  readonly pipe: string | null;
  readonly paths: Readonly<Record<string, "read" | "write">>;
  readonly urls: readonly string[];
}

/** A tool at a glance; what `tool inspect --json` prints. */
export interface Inspection {
  readonly name: string;
  readonly version: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly digest: string;
  readonly bytes: number;
  readonly capabilities: readonly Capability[];
  readonly imports: readonly string[];
  readonly actions: readonly InspectedAction[];
  /** Named types that the signatures mention, one line each. */
  readonly types: Readonly<Record<string, string>>;
  readonly skipped: readonly SkippedFunction[];
}

const CAPABILITIES: readonly (readonly [prefix: string, capability: Capability])[] = [
  ["wasi:filesystem/", "files"],
  ["wasi:clocks/", "clock"],
  ["wasi:random/", "random"],
  ["wasi:cli/environment", "environment"],
  ["wasi:cli/std", "standard streams"],
  ["wasi:http/", "network"],
  ["wasi:sockets/", "network"],
];

/** Describes a tool for a person, from what is known about it. */
export function inspectTool(tool: ToolDescription): Inspection {
  const used = tool.imports.filter(({ functions }) => functions.length > 0).map(({ name }) => name);
  const reached = CAPABILITIES.filter(([prefix]) => used.some((name) => name.startsWith(prefix)));
  return {
    name: tool.identity.name,
    version: tool.version,
    title: tool.title,
    description: tool.description,
    digest: tool.identity.digest,
    bytes: tool.bytes,
    capabilities: [...new Set(reached.map(([, capability]) => capability))],
    imports: tool.imports.map(({ name }) => name),
    actions: tool.actions.map(inspectAction),
    types: namedTypes(tool.actions),
    skipped: tool.skipped,
  };
}

function inspectAction(action: Action): InspectedAction {
  const { name, title, description, effect, idempotent, fuel, pipe, paths, urls } = action;
  const errors = action.error === null ? [] : casesOf(action.error);
  const signature = printAction(action);
  const max_execution_seconds = action.maxExecutionSeconds;
  return {
    name,
    title,
    description,
    signature,
    errors,
    effect,
    idempotent,
    fuel,
    max_execution_seconds,
    pipe,
    paths,
    urls,
  };
}

function casesOf(error: WitType): readonly string[] {
  if (error.kind === "enum") return error.cases.map(snakeCase);
  if (error.kind !== "variant") return [printType(error)];
  return error.cases.map(({ name, type }) => {
    const label = snakeCase(name);
    return type === null ? label : `${label}(${printType(type)})`;
  });
}

function namedTypes(actions: readonly Action[]): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const { parameters, output, error } of actions) {
    for (const type of [...parameters.map((one) => one.type), output, error]) collect(type, found);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(type: WitType | null, found: Map<string, string>): void {
  if (type === null) return;
  if ("name" in type && type.name !== null) {
    if (found.has(type.name)) return;
    found.set(type.name, printShape(type));
  }
  for (const part of partsOf(type)) collect(part, found);
}
