// What metering costs: time of kernels and real modules, speed of rewriting, size of the result. Everything but the sizes is a
// ratio of runs in one process, metered with every protection on against the module as it is.

import { type MeterOptions, MODULE_LIMITS, meter } from "../host/metering/index.ts";
import {
  atLeast,
  atMost,
  type Benchmark,
  type Figure,
  figure,
  geometricMean,
  interleave,
  percentile,
  sample,
} from "./harness.ts";
import { KERNELS, type Kernel, start } from "./metering/kernels.ts";
import { largeModules, realModules } from "./metering/real-modules.ts";
import { againstWasmtime } from "./metering/wasmtime.ts";

const LARGE = { ...MODULE_LIMITS, nesting: 20_000, functionBodyBytes: 7_000_000, exports: 100_000, imports: 100_000 };
const ROUNDS = { samples: 12, warmup: 2 };

/** The cost of metering. */
export const benchmark: Benchmark = {
  name: "metering",
  about: "metered kernels and real modules against unmetered ones, rewriting speed, size",
  run: async () => [...(await kernels()), ...(await real()), ...(await rewriting()), ...wasmtime()],
};

// Fresh instances in each round, as calls have them; the fastest runs are compared, which disturbances touch least.
async function compare(plain: () => () => unknown, metered: () => () => unknown): Promise<number> {
  const times: Record<"plain" | "metered", number> = { plain: Infinity, metered: Infinity };
  for (let round = 0; round < ROUNDS.samples / 2; round++) {
    const works = { plain: plain(), metered: metered() };
    const measured = await interleave(works, { samples: 2, warmup: ROUNDS.warmup });
    times.plain = Math.min(times.plain, percentile(measured.plain, 1));
    times.metered = Math.min(times.metered, percentile(measured.metered, 1));
  }
  return times.metered / times.plain;
}

async function kernel(subject: Kernel, options: MeterOptions): Promise<number> {
  const run = (with_?: MeterOptions) => () => {
    const work = start(subject, with_);
    return () => work(subject.work);
  };
  if (run()()() !== run(options)()()) throw new Error(`${subject.name} gives another result when it is metered`);
  return await compare(run(), run(options));
}

async function kernels(): Promise<readonly Figure[]> {
  const ratios: number[] = [];
  const figures: Figure[] = [];
  for (const subject of KERNELS) {
    const ratio = await kernel(subject, {});
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
    const times = await interleave({ plain, metered }, { samples: 40, warmup: 10 });
    const ratio = percentile(times.metered, 10) / percentile(times.plain, 10);
    ratios.push(ratio);
    figures.push(figure(name, ratio, "x"));
  }
  if (ratios.length === 0) return [];
  return [...figures, figure("real modules, geometric mean", geometricMean(ratios), "x", atMost(1.2))];
}

async function rewriting(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, bytes] of largeModules()) {
    const alone = await sample(() => meter(bytes, { limits: LARGE, validate: false }), { samples: 7, warmup: 3 });
    const validating = await sample(() => meter(bytes, { limits: LARGE }), { samples: 5, warmup: 1 });
    const megabytes = bytes.length / 1e6;
    const speed = (times: readonly number[]): number => megabytes / (percentile(times, 50) / 1000);
    figures.push(figure(`rewriting ${name}, ${megabytes.toFixed(1)} MB`, speed(alone), "MB/s", atLeast(50)));
    figures.push(figure("  and the engine's validation of the input", speed(validating), "MB/s"));
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
