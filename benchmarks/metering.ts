// What metering costs: time of kernels and real modules, speed of rewriting, size of the result. Times are CPU times of the
// thread, the least of many runs in turn, metered with every protection on against the module as it is.

import { type MeterOptions, MODULE_LIMITS, meter } from "../host/metering/index.ts";
import { atLeast, atMost, type Benchmark, type Figure, figure, geometricMean } from "./harness.ts";
import { type Fresh, leastCpu } from "./metering/cpu-time.ts";
import { KERNELS, type Kernel, prepare } from "./metering/kernels.ts";
import { largeModules, realModules } from "./metering/real-modules.ts";
import { againstWasmtime } from "./metering/wasmtime.ts";

const LARGE = { ...MODULE_LIMITS, nesting: 20_000, functionBodyBytes: 7_000_000, exports: 100_000, imports: 100_000 };
const ROUNDS = 40;

/** The cost of metering. */
export const benchmark: Benchmark = {
  name: "metering",
  about: "metered kernels and real modules against unmetered ones, rewriting speed, size",
  run: async () => [...kernels(), ...(await real()), ...rewriting(), ...wasmtime()],
};

function kernel(subject: Kernel): number {
  const fresh = (options?: MeterOptions): Fresh => {
    const start = prepare(subject, options);
    return () => {
      const run = start();
      return () => run(subject.work);
    };
  };
  const works = { plain: fresh(), metered: fresh({}) };
  if (works.plain()() !== works.metered()()) throw new Error(`${subject.name} gives another result when it is metered`);
  const { plain, metered } = leastCpu(works, ROUNDS);
  return metered / plain;
}

function kernels(): readonly Figure[] {
  const ratios: number[] = [];
  const figures: Figure[] = [];
  for (const subject of KERNELS) {
    const ratio = kernel(subject);
    ratios.push(ratio);
    figures.push(figure(subject.name, ratio, "x"));
  }
  const mean = figure("kernels, geometric mean", geometricMean(ratios), "x", atMost(1.05));
  return [...figures, mean, figure("kernels, worst", Math.max(...ratios), "x", atMost(1.2))];
}

async function real(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const ratios: number[] = [];
  for (const { name, prepare } of realModules()) {
    const plain = await prepare(undefined);
    const metered = await prepare({});
    const least = leastCpu({ plain: () => plain, metered: () => metered }, 2 * ROUNDS);
    const ratio = least.metered / least.plain;
    ratios.push(ratio);
    figures.push(figure(name, ratio, "x"));
  }
  if (ratios.length === 0) return [];
  return [...figures, figure("real modules, geometric mean", geometricMean(ratios), "x", atMost(1.2))];
}

function rewriting(): readonly Figure[] {
  const figures: Figure[] = [];
  for (const [name, bytes] of largeModules()) {
    const works = {
      alone: () => () => meter(bytes, { limits: LARGE, validate: false }),
      validating: () => () => meter(bytes, { limits: LARGE }),
    };
    const least = leastCpu(works, 8);
    const megabytes = bytes.length / 1e6;
    const speed = (milliseconds: number): number => megabytes / (milliseconds / 1000);
    figures.push(figure(`rewriting ${name}, ${megabytes.toFixed(1)} MB`, speed(least.alone), "MB/s", atLeast(50)));
    figures.push(figure("  and the engine's validation of the input", speed(least.validating), "MB/s"));
  }
  const all = [...largeModules(), ...realModules().map(({ name, bytes }) => [name, bytes] as const)];
  for (const [name, bytes] of all) {
    figures.push(
      figure(`size of ${name}`, meter(bytes, { limits: LARGE }).bytes.length / bytes.length, "x", atMost(1.5)),
    );
  }
  return figures;
}

function wasmtime(): readonly Figure[] {
  const ratios = againstWasmtime();
  if (ratios.length === 0) return [];
  return [figure("kernels against Wasmtime with fuel", geometricMean(ratios), "x", atMost(0.75))];
}
