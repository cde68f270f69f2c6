// The modules whose fuel Wasmtime has counted: text cases, kernels, random modules.

import { readFileSync } from "node:fs";
import { FUEL_CASES } from "./fuel-cases.ts";
import { randomModule } from "./random-module.ts";
import { type Value, wat } from "./support.ts";

export interface CorpusModule {
  readonly title: string;
  readonly bytes: Uint8Array;
  /** Calls in order on one instance: the export, and its arguments as decimal numbers. */
  readonly calls: readonly (readonly [name: string, values: readonly number[]])[];
}

const kernel = (name: string): Uint8Array =>
  readFileSync(new URL(`../../benchmarks/metering/kernels/${name}`, import.meta.url));

const C_KERNELS: readonly (readonly [string, number])[] = [
  ["sha256", 30],
  ["gemm", 1],
  ["fib", 15],
  ["quicksort", 1],
  ["sieve", 1],
  ["search", 1],
  ["mandelbrot", 20],
  ["trees", 1],
  ["interpreter", 5000],
  ["copy", 3],
  ["collatz", 500],
];
const AS_KERNELS: readonly (readonly [string, number])[] = [
  ["nbody", 100],
  ["json", 1],
  ["hashmap", 3000],
  ["strings", 3],
  ["ackermann", 1],
];
const RANDOM_MODULES = 250;

const calls = (kernels: readonly (readonly [string, number])[]): CorpusModule["calls"] =>
  kernels.map(([name, n]) => [name, [n]]);

/** The whole corpus; the same on every machine. */
export async function corpus(): Promise<CorpusModule[]> {
  const modules: CorpusModule[] = [];
  for (const { title, wat: text, calls } of FUEL_CASES) {
    modules.push({ title, bytes: await wat(text), calls: calls.map((values) => ["f", values]) });
  }
  modules.push({ title: "kernels in C", bytes: kernel("kernels-c.wasm"), calls: calls(C_KERNELS) });
  modules.push({ title: "kernels in AssemblyScript", bytes: kernel("kernels-as.wasm"), calls: calls(AS_KERNELS) });
  for (let seed = 1; seed <= RANDOM_MODULES; seed++) {
    const random = randomModule(seed, 40, { exceptions: "none" });
    modules.push({
      title: `random module ${seed}`,
      bytes: random.bytes,
      calls: random.calls.map(({ name, values }) => [name, values.map(Number)]),
    });
  }
  return modules;
}

/** The arguments of a call as JavaScript takes them. */
export function argumentsOf(values: readonly number[], types: readonly string[]): Value[] {
  return values.map((value, index) => (types[index] === "i64" ? BigInt(value) : value));
}
