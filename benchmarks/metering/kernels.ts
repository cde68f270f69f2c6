// The sixteen kernels of the metering benchmark: where they are, and how much work each is given.

import { readFileSync } from "node:fs";
import { Meter, type MeterOptions, meter } from "../../host/metering/index.ts";

export interface Kernel {
  readonly name: string;
  readonly module: Uint8Array;
  /** The parameter that makes it run for some tens of milliseconds. */
  readonly work: number;
}

const AMPLE = { fuel: 1n << 47n, stackBytes: 512 * 1024, memoryBytes: 2 ** 30, tableElements: 1_000_000 };
const C: Readonly<Record<string, number>> = {
  sha256: 60_000,
  gemm: 30,
  fib: 32,
  quicksort: 15,
  sieve: 60,
  search: 80,
  mandelbrot: 400,
  trees: 60,
  interpreter: 8_000_000,
  copy: 4000,
  collatz: 200_000,
};
const ASSEMBLYSCRIPT: Readonly<Record<string, number>> = {
  nbody: 200_000,
  json: 600,
  hashmap: 2_000_000,
  strings: 1500,
  ackermann: 600,
};

function from(file: string, kernels: Readonly<Record<string, number>>): Kernel[] {
  const module = new Uint8Array(readFileSync(new URL(`kernels/${file}`, import.meta.url)));
  return Object.entries(kernels).map(([name, work]) => ({ name, module, work }));
}

/** All kernels, C first. */
export const KERNELS: readonly Kernel[] = [...from("kernels-c.wasm", C), ...from("kernels-as.wasm", ASSEMBLYSCRIPT)];

/** Compiles a kernel once, metered or (without options) as it is; the result makes a fresh instance, to be run with an amount of work. */
export function prepare({ name, module }: Kernel, options?: MeterOptions): () => (work: number) => unknown {
  const bytes = options === undefined ? module : meter(module, options).bytes;
  const compiled = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  return () => {
    const imports = options === undefined ? {} : new Meter(AMPLE).imports();
    return new WebAssembly.Instance(compiled, imports).exports[name] as (work: number) => unknown;
  };
}
