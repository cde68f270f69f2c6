// Metering: core WebAssembly bytes in, core WebAssembly bytes out that count fuel and obey limits on any engine.
// It must not know components, files or plans.

import { GloveboxError } from "../errors.ts";
import { type MeterOptions, MODULE_LIMITS } from "./limits.ts";
import type { MeteredModule, NamedExtern } from "./metered-module.ts";
import type { ModuleInfo, TableEntry } from "./module.ts";
import { readFunctionNames } from "./names.ts";
import { readModule } from "./read-module.ts";
import { Reader } from "./reader.ts";
import { rewriteCode } from "./rewrite-code.ts";
import { ModuleWriter } from "./rewrite-module.ts";
import { Rewriting, type RewritingOptions } from "./rewriting.ts";

export { type MeterOptions, MODULE_LIMITS, type ModuleLimits, type Scheme } from "./limits.ts";
export { Meter, type MeterBudget } from "./meter.ts";
export type { MeteredModule, NamedExtern, TracedModule } from "./metered-module.ts";
export type { ExternKind, Limits } from "./module.ts";
export { stackHolds } from "./stack-probe.ts";
export type { TrapKind, TrapReport } from "./trap.ts";
export type { TrapPlace } from "./trap-place.ts";
export { METER_MODULE } from "./word.ts";

/** Changes whenever the same module would be rewritten to other bytes: part of every cache key. */
export const METERING_VERSION = "4";

/**
 * Rewrites a core module so that it counts fuel and obeys its limits; pure: the same bytes and options give the same result.
 * Errors: `COMPONENT_INVALID` (malformed), `UNSUPPORTED_FEATURE` (threads, relaxed SIMD, memory64, garbage collection, stack switching),
 * `COMPONENT_TOO_COMPLEX` (a limit of `options.limits`), `COMPONENT_NAME_REJECTED`; each with the byte offset. `ARGUMENT_INVALID` for a label that is none.
 */
export function meter(module: Uint8Array, options: MeterOptions = {}): MeteredModule {
  const reader = new Reader(module, options.offsetBase ?? 0);
  const limits = { ...MODULE_LIMITS, ...options.limits };
  const rename = options.rename ?? false;
  const info = readModule(reader, limits, rename);
  requireLabel(options.label);
  const { rewriting, bytes } = rewrite(reader, info, options, {
    scheme: needsGlobals(info) ? "globals" : (options.scheme ?? "registers"),
    fuel: options.fuel ?? true,
    depth: options.depth ?? true,
    growth: options.growth ?? true,
    nan: options.nan ?? true,
    relaxed: options.relaxedSimd ?? false,
    offsets: options.offsets ?? false,
    limits,
  });
  if (options.validate ?? true) requireValid(reader, module);
  return {
    bytes,
    scheme: rewriting.registers ? "registers" : "globals",
    memories: info.memories.filter((memory) => !memory.imported).map(({ min, max }) => ({ min, max })),
    tables: info.tables.filter((table) => !table.imported).map(({ min, max }) => ({ min, max })),
    hasStart: info.start >= 0,
    imports: info.imports.map((entry, index) =>
      named(entry.kind, entry.module, entry.name, rename ? ["i", `i${index}`] : undefined),
    ),
    exports: info.exports.map((entry, index) =>
      named(entry.kind, "", entry.name, rename ? ["", `e${index}`] : undefined),
    ),
    label: options.label,
    names: namesOf(reader, info),
    functions: info.functions.length,
    importedFunctions: info.importedFunctions,
  };
}

function requireLabel(label: string | undefined): void {
  if (label === undefined || /^[\w.-]{1,64}$/.test(label)) return;
  throw new GloveboxError(
    "ARGUMENT_INVALID",
    `the label ${JSON.stringify(label)} holds other than letters, digits, _ . -`,
  );
}

function named(
  kind: NamedExtern["kind"],
  module: string,
  name: string,
  replaced: readonly [string, string] | undefined,
): NamedExtern {
  const [newModule, newName] = replaced ?? [module, name];
  return { kind, module, name, newModule, newName };
}

function rewrite(
  reader: Reader,
  info: ModuleInfo,
  meterOptions: MeterOptions,
  options: RewritingOptions,
): { rewriting: Rewriting; bytes: Uint8Array } {
  let privateTables = hasPrivateTables(reader, info);
  let { scheme } = options;
  for (;;) {
    const rewriting = new Rewriting(reader, info, { ...options, scheme }, privateTables);
    const code = rewriteCode(reader, rewriting, info.sections.get(10));
    if (rewriting.retry === undefined) {
      const bytes = new ModuleWriter(reader, rewriting, meterOptions).write(code);
      if (rewriting.retry === undefined) return { rewriting, bytes };
    }
    if (rewriting.retry === "with globals") scheme = "globals";
    privateTables = false;
  }
}

// types at the engines' limit have no room for the word
function needsGlobals(info: ModuleInfo): boolean {
  return info.types.some(({ parameters, results }) => parameters.count >= 1000 || results.count >= 1000);
}

// Tables that nothing outside can reach, of plain function references: what is in them, only element segments put there.
function hasPrivateTables(reader: Reader, info: ModuleInfo): boolean {
  const exported = new Set(info.exports.filter((entry) => entry.kind === "table").map((entry) => entry.index));
  const typed = (table: TableEntry): boolean => {
    const byte = reader.bytes[table.start];
    return byte === 0x63 || byte === 0x64;
  };
  return info.tables.every(
    (table, index) => !typed(table) && !(table.functions && (table.imported || exported.has(index))),
  );
}

// Only what the engine takes for valid is ever handed out: then no guest can name what was appended.
function requireValid(reader: Reader, module: Uint8Array): void {
  const source = module as Uint8Array<ArrayBuffer>;
  if (WebAssembly.validate(source)) return;
  let message = "the engine refuses this module";
  let at = 0;
  try {
    new WebAssembly.Module(source);
  } catch (error) {
    if (error instanceof Error) message = error.message;
    at = Number(/@\+(\d+)/.exec(message)?.[1] ?? 0);
  }
  reader.malformed(message, at);
}

function namesOf(reader: Reader, info: ModuleInfo): ReadonlyMap<number, string> {
  const section = info.customs.find((custom) => custom.name === "name");
  return section === undefined ? new Map() : readFunctionNames(reader.slice(section.start, section.end));
}
