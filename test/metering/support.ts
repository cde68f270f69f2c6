// What the metering tests share: modules from text, and one call of a metered module.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import {
  Meter,
  type MeterBudget,
  type MeteredModule,
  type MeterOptions,
  meter,
  type TrapReport,
} from "../../host/metering/index.ts";

export const SCHEMES = ["registers", "globals"] as const;

export const AMPLE: MeterBudget = {
  fuel: 1n << 40n,
  stackBytes: 512 * 1024,
  memoryBytes: 64 * 1024 * 1024,
  tableElements: 100_000,
};

/** Core wasm from the text format. */
export async function wat(text: string): Promise<Uint8Array> {
  return await parse(text);
}

export type Value = number | bigint;
export type Exports = Record<string, (...values: Value[]) => unknown>;

export interface Instance {
  readonly metered: MeteredModule;
  readonly meter: Meter;
  readonly exports: Exports;
  readonly raw: WebAssembly.Exports;
  readonly memory: () => Uint8Array;
}

/** Meters a module and instantiates it once. */
export function instantiate(
  module: Uint8Array,
  options: MeterOptions = {},
  budget: Partial<MeterBudget> = {},
  imports: WebAssembly.Imports = {},
): Instance {
  const metered = meter(module, options);
  const one = new Meter({ ...AMPLE, ...budget });
  one.admitModule(metered);
  const raw = new WebAssembly.Instance(compile(metered.bytes), one.imports(imports)).exports;
  const memory = (): Uint8Array => new Uint8Array((raw.memory as WebAssembly.Memory).buffer);
  return { metered, meter: one, exports: raw as Exports, raw, memory };
}

export function compile(bytes: Uint8Array): WebAssembly.Module {
  return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
}

export type Outcome =
  | { readonly kind: "returned"; readonly value: unknown; readonly fuel: bigint }
  | { readonly kind: "trapped"; readonly report: TrapReport; readonly fuel: bigint };

/** Calls an export and tells how it ended; what is not a trap is thrown on. */
export function call(instance: Instance, name: string, ...values: Value[]): Outcome {
  const before = instance.meter.consumed;
  try {
    const value = instance.exports[name]?.(...values);
    return { kind: "returned", value, fuel: instance.meter.consumed - before };
  } catch (error) {
    const report = instance.meter.explain(error, [instance.metered]);
    if (report === undefined) throw error;
    return { kind: "trapped", report, fuel: instance.meter.consumed - before };
  }
}

/** The code that a call ended with, or "returned". */
export function ending(outcome: Outcome): string {
  return outcome.kind === "returned" ? "returned" : outcome.report.code;
}
