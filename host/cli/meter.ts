// `glovebox meter`: rewrites one core module, for those who want metering and nothing else.
// A client of the entry of metering; it must not know how rewriting is done.

import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { GloveboxError, moduleText } from "../index.ts";
import { type MeteredModule, type MeterOptions, MODULE_LIMITS, meter, type Scheme } from "../metering/index.ts";
import { safeJson } from "../telemetry/index.ts";
import { OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { type MeteringSummary, renderMetering } from "./render/metering.ts";
import { readModule } from "./source-file.ts";

/** The protections that `--no-...` turns off, as they are told. */
const PROTECTIONS = ["fuel", "depth", "growth", "nan"] as const;

export interface MeterCommandOptions extends Readonly<Record<(typeof PROTECTIONS)[number], boolean>> {
  readonly output?: string;
  readonly print?: boolean;
  readonly json?: boolean;
  readonly scheme: Scheme;
  readonly relaxedSimd?: boolean;
  readonly offsets?: boolean;
  readonly keepSections?: boolean;
  /** `name=value`. */
  readonly limit?: readonly string[];
}

/** Meters a core module; writes it where that is asked for, and shows what was done, or its text. Errors: those of `meter`, FILE_UNREADABLE, USAGE_INVALID. */
export async function meterFile(file: string, options: MeterCommandOptions, io: Io): Promise<number> {
  const module = await readModule(file);
  const metered = meter(module, meterOptions(options));
  if (options.output !== undefined) await write(options.output, metered.bytes);
  if (options.print) {
    io.out.write(await moduleText(metered.bytes));
    return OK;
  }
  const summary = summaryOf(file, module, metered, options);
  io.out.write(options.json ? `${safeJson(summary, 2)}\n` : renderMetering(io.out.view, summary));
  return OK;
}

function meterOptions(options: MeterCommandOptions): MeterOptions {
  const { scheme, fuel, depth, growth, nan, limit = [] } = options;
  const { relaxedSimd = false, offsets = false, keepSections = false } = options;
  return { scheme, fuel, depth, growth, nan, relaxedSimd, offsets, strip: !keepSections, limits: limitsOf(limit) };
}

function limitsOf(settings: readonly string[]): MeterOptions["limits"] & object {
  const names = Object.keys(MODULE_LIMITS);
  const entries = settings.map((setting) => {
    const [, name = "", value = ""] = /^(\w+)=(\d{1,15})$/.exec(setting) ?? [];
    if (names.includes(name)) return [name, Number(value)] as const;
    throw new GloveboxError("USAGE_INVALID", `--limit ${setting} names no limit with a number`, {
      hint: `NAME=NUMBER, where NAME is one of ${names.join(", ")}`,
    });
  });
  return Object.fromEntries(entries);
}

async function write(output: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(output, bytes);
  } catch (cause) {
    throw new GloveboxError("FILE_UNREADABLE", `${output} cannot be written`, { cause });
  }
}

function summaryOf(
  file: string,
  module: Uint8Array,
  metered: MeteredModule,
  options: MeterCommandOptions,
): MeteringSummary {
  return {
    file: resolve(file),
    output: options.output === undefined ? null : resolve(options.output),
    scheme: metered.scheme,
    protections: PROTECTIONS.filter((name) => options[name]),
    bytes_before: module.length,
    bytes_after: metered.bytes.length,
    functions: metered.functions,
    imported_functions: metered.importedFunctions,
    runs_at_start: metered.hasStart,
    memories: metered.memories.map(({ min, max = null }) => ({ min, max })),
    tables: metered.tables.map(({ min, max = null }) => ({ min, max })),
    imports: metered.imports.map(({ kind, module: from, name }) => ({ kind, module: from, name })),
    exports: metered.exports.map(({ kind, name }) => ({ kind, name })),
  };
}
