// What every benchmark shares: figures with goals, interleaved sampling, the machine it ran on.
// It must not know what is measured, and it prints nothing.

import { cpus, totalmem } from "node:os";

/** What a figure is held against: `at most` or `at least` a value, in the figure's unit. */
export interface Goal {
  readonly bound: "<=" | ">=";
  readonly value: number;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** As it is read: `<= 1.2`; null where there is none. */
  readonly goal: string | null;
  readonly met: boolean | null;
}

/** One file of this folder: it must export one of these as `benchmark`. */
export interface Benchmark {
  /** The name of its file. */
  readonly name: string;
  /** One line: what it measures. */
  readonly about: string;
  run(): Promise<readonly Figure[]>;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
}

export interface BenchmarkReport {
  readonly benchmark: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

export const atMost = (value: number): Goal => ({ bound: "<=", value });
export const atLeast = (value: number): Goal => ({ bound: ">=", value });

/** A measured value, and whether it meets its goal. It is rounded to 4 significant digits after the goal was judged. */
export function figure(name: string, value: number, unit: string, goal: Goal | null = null): Figure {
  const rounded = Number(value.toPrecision(4));
  if (goal === null) return { name, value: rounded, unit, goal: null, met: null };
  const met = goal.bound === "<=" ? value <= goal.value : value >= goal.value;
  return { name, value: rounded, unit, goal: `${goal.bound} ${goal.value}`, met };
}

/** The machine that the figures hold for. */
export function machine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory_gb: Math.round(totalmem() / 1024 ** 3),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

/** Runs a benchmark and says on which machine. */
export async function report(benchmark: Benchmark): Promise<BenchmarkReport> {
  return { benchmark: benchmark.name, machine: machine(), figures: await benchmark.run() };
}

/** Something to time: it does its work once. */
export type Work = () => unknown;

export interface SampleOptions {
  readonly samples: number;
  /** Runs before the first sample that is kept; default 3. */
  readonly warmup?: number;
}

/** The milliseconds of each run, sorted. Awaits what the work returns when it is a promise. */
export async function sample(work: Work, { samples, warmup = 3 }: SampleOptions): Promise<readonly number[]> {
  for (let run = 0; run < warmup; run++) await work();
  const times: number[] = [];
  for (let run = 0; run < samples; run++) times.push(await timed(work));
  return times.sort(ascending);
}

/**
 * Runs several works in turn, round after round (each round starts with another one, so that drift and cache effects fall on
 * all alike), and gives the sorted milliseconds of each.
 */
export async function interleave<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  { samples, warmup = 3 }: SampleOptions,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmup; round < samples; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmup) % names.length];
      if (name === undefined) continue;
      const time = await timed(works[name]);
      if (round >= 0) times[name].push(time);
    }
  }
  for (const name of names) times[name].sort(ascending);
  return times;
}

/** How many times longer `subject` takes than `baseline`: the ratio of medians of interleaved runs. */
export async function ratio(baseline: Work, subject: Work, options: SampleOptions): Promise<number> {
  const times = await interleave({ baseline, subject }, options);
  return percentile(times.subject, 50) / percentile(times.baseline, 50);
}

/** The value that `percent` of the sorted samples do not exceed (nearest rank). */
export function percentile(sorted: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError("percentile of no samples");
  return value;
}

/** The mean of ratios: 2 and 0.5 give 1. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

async function timed(work: Work): Promise<number> {
  const start = process.hrtime.bigint();
  const result = work();
  if (result instanceof Promise) await result;
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function ascending(a: number, b: number): number {
  return a - b;
}
