// What files cost through the WASI host, beside preview2-shim over the same directory; and what a call in a child process costs.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGlovebox } from "../host/index.ts";
import { atLeast, type Benchmark, type Figure, figure, type Goal, interleave, percentile, sample } from "./harness.ts";
import { type Files, openHosts } from "./wasi/hosts.ts";

const MEBIBYTES = 64;
const TIMES = 10_000;
const ENTRIES = 10_000;
const RANDOM_READS = 10_000;

export const benchmark: Benchmark = {
  name: "wasi",
  about:
    "streams, random reads, opens and listings of a component, against preview2-shim; a pooled process call against inline",
  run: async () => [...(await fileFigures()), ...(await callFigures())],
};

interface Subject {
  readonly name: string;
  readonly unit: string;
  readonly samples: number;
  work(files: Files): unknown;
  /** The figure of one run that took so many milliseconds. */
  rate(ms: number): number;
  readonly goal: Goal | null;
  readonly goalOfRatio: Goal | null;
}

const mebibytesPerSecond = (ms: number): number => MEBIBYTES / (ms / 1000);
const each =
  (count: number) =>
  (ms: number): number =>
    (ms / count) * 1000;

const SUBJECTS: readonly Subject[] = [
  {
    name: `read ${MEBIBYTES} MiB through a stream`,
    unit: "MiB/s",
    samples: 12,
    work: (files) => files.readStream(),
    rate: mebibytesPerSecond,
    goal: atLeast(1024),
    goalOfRatio: atLeast(10),
  },
  {
    name: `write ${MEBIBYTES} MiB through a stream`,
    unit: "MiB/s",
    samples: 12,
    work: (files) => files.writeStream(MEBIBYTES),
    rate: mebibytesPerSecond,
    goal: null,
    goalOfRatio: null,
  },
  {
    name: "read 4 KiB at a random place",
    unit: "us",
    samples: 5,
    work: (files) => files.readRandom(RANDOM_READS),
    rate: each(RANDOM_READS),
    goal: null,
    goalOfRatio: null,
  },
  {
    name: "open, stat and drop",
    unit: "us",
    samples: 5,
    work: (files) => files.openStat(TIMES),
    rate: each(TIMES),
    goal: null,
    goalOfRatio: null,
  },
  {
    name: "list one of 10,000 entries",
    unit: "us",
    samples: 5,
    work: (files) => files.listEntries(),
    rate: each(ENTRIES),
    goal: null,
    goalOfRatio: null,
  },
];

async function fileFigures(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  writeFileSync(join(directory, "big"), new Uint8Array(MEBIBYTES * 1024 * 1024).fill(7));
  writeFileSync(join(directory, "small"), "small");
  mkdirSync(join(directory, "many"));
  for (let entry = 0; entry < ENTRIES; entry++) writeFileSync(join(directory, "many", `entry-${entry}`), "");
  const hosts = await openHosts();
  const figures: Figure[] = [];
  for (const subject of SUBJECTS) {
    const run = (host: typeof hosts.ours) => async (): Promise<void> => {
      const { files, end } = await host.start(directory);
      subject.work(files);
      end();
    };
    const works = { ours: run(hosts.ours), shim: run(hosts.shim) };
    const times = await interleave(works, { samples: subject.samples, warmup: 2 });
    figures.push(...compared(subject, percentile(times.ours, 50), percentile(times.shim, 50)));
  }
  hosts.close();
  rmSync(directory, { recursive: true });
  return figures;
}

function compared(subject: Subject, ours: number, shim: number): readonly Figure[] {
  const { name, unit, rate, goal, goalOfRatio } = subject;
  return [
    figure(name, rate(ours), unit, goal),
    figure(`${name}, preview2-shim`, rate(shim), unit),
    figure(`${name}, times as fast`, shim / ours, "x", goalOfRatio),
  ];
}

const SCOPE = { scope: "bench", actions: ["process.filter"] };
const STEP = { action: "process.filter", params: { text: ["an ERROR", "nothing"], pattern: "ERROR" } };

/** A plan of one step, checked and run: in this thread, in a child that is warm, and with one that has to be started. */
async function callFigures(): Promise<readonly Figure[]> {
  const workspace = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  const run = async (executor: "inline" | "process", size: number): Promise<() => Promise<void>> => {
    const glovebox = await openGlovebox({ workspace, executor, processes: { size } });
    return async () => {
      const { status } = await glovebox.run({ value: { plan_id: "bench", steps: [STEP] } }, { value: SCOPE });
      if (status !== "completed") throw new Error(`the plan ended ${status}`);
    };
  };
  const works = { inline: await run("inline", 0), pooled: await run("process", 1) };
  const times = await interleave(works, { samples: 200, warmup: 50 });
  const started = await sample(await run("process", 0), { samples: 10, warmup: 1 });
  rmSync(workspace, { recursive: true });
  const [inline, pooled] = [percentile(times.inline, 50), percentile(times.pooled, 50)];
  return [
    figure("a call, inline", inline, "ms"),
    figure("a call, in a child that is warm", pooled, "ms"),
    figure("a call, in a child that is warm, times inline", pooled / inline, "x"),
    figure("a call, in a child that has to be started", percentile(started, 50), "ms"),
  ];
}
