// Random modules: original, registers and globals do the same; fuel is the same; exhaustion comes at the same count.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RandomModule, type RandomOptions, randomModule } from "./random-module.ts";
import { call, compile, type Exports, ending, type Instance, instantiate, type SCHEMES } from "./support.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 700);
const SEED = process.env.FUZZ_SEED === undefined ? 20261122 : Number(process.env.FUZZ_SEED);
const BUDGET = 300_000n;

// canonical NaNs may differ from the engine's own, so that only their being NaN is compared
function plain(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String) : String(value);
}

function original(module: RandomModule, upTo: number): string[] {
  const exports = new WebAssembly.Instance(compile(module.bytes), {}).exports as Exports;
  return module.calls.slice(0, upTo).map(({ name, values }) => {
    try {
      return `${plain(exports[name]?.(...values))}`;
    } catch (error) {
      return error instanceof RangeError ? "engine stack" : "trap";
    }
  });
}

interface Trace {
  readonly outcomes: readonly string[];
  readonly fuels: readonly bigint[];
  readonly instance: Instance;
}

function trace(module: RandomModule, scheme: (typeof SCHEMES)[number], fuel: bigint): Trace {
  const instance = instantiate(module.bytes, { scheme, nan: false, validate: false }, { fuel });
  const outcomes: string[] = [];
  const fuels: bigint[] = [];
  for (const { name, values } of module.calls) {
    try {
      const outcome = call(instance, name, ...values);
      outcomes.push(outcome.kind === "returned" ? `${plain(outcome.value)}` : ending(outcome));
      if (outcome.kind === "returned" || outcome.report.code !== "TRAP") fuels.push(outcome.fuel);
      if (outcome.kind === "trapped") break;
    } catch {
      outcomes.push("exception");
      break;
    }
  }
  return { outcomes, fuels, instance };
}

function checkModule(seed: number, size: number, exceptions: RandomOptions["exceptions"]): void {
  const module = randomModule(seed, size, { exceptions });
  const registers = trace(module, "registers", BUDGET);
  const globals = trace(module, "globals", BUDGET);
  expect(registers.outcomes).toEqual(globals.outcomes);
  expect(registers.fuels).toEqual(globals.fuels);
  const last = registers.outcomes.at(-1) ?? "";
  const cut = last.endsWith("_EXHAUSTED") || last === "MEMORY_LIMIT" || last === "exception";
  const whole = registers.outcomes.length - (cut ? 1 : 0);
  const expected = original(module, whole).map((outcome) => (outcome === "trap" ? "TRAP" : outcome));
  expect(registers.outcomes.slice(0, whole)).toEqual(expected);
  if (!cut && last !== "TRAP") expect(registers.instance.memory()).toEqual(globals.instance.memory());
  checkBudgets(module, registers);
}

// with less fuel than a run needs, both schemes end at the same count, which is never below the budget
function checkBudgets(module: RandomModule, whole: Trace): void {
  const total = whole.fuels.reduce((sum, fuel) => sum + fuel, 0n);
  for (const share of [3n, 7n]) {
    const fuel = (total * share) / 10n;
    const registers = trace(module, "registers", fuel);
    const globals = trace(module, "globals", fuel);
    expect(registers.outcomes).toEqual(globals.outcomes);
    expect(registers.fuels).toEqual(globals.fuels);
    if (registers.outcomes.at(-1) === "FUEL_EXHAUSTED") expect(registers.instance.meter.consumed >= fuel).toBe(true);
  }
}

describe.each(["none", "legacy", "tables"] as const)("random modules, exceptions: %s", (exceptions) => {
  test("B19: original, registers and globals give the same results, traps, memory, fuel and exhaustion", () => {
    const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 60 }), (seed, size) => checkModule(seed, size, exceptions)),
      { numRuns: RUNS, seed: SEED },
    );
  }, 600_000);
});
