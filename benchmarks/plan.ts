// What plans cost: the check of long ones, a short one run whole, many at once; and how many attacks get through. It must not know how any of it works.

import { createHash } from "node:crypto";
import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Action, type Glovebox, openGlovebox } from "../host/index.ts";
import { check } from "../host/plan/check.ts";
import { parsePlan } from "../host/plan/parse.ts";
import { parseScope } from "../host/scope/parse.ts";
import { INJECTIONS } from "../test/plan/support/injections.ts";
import { runPair } from "../test/plan/support/run-pair.ts";
import { TASKS } from "../test/plan/support/tasks.ts";
import { atLeast, atMost, type Benchmark, type Figure, figure, percentile, ratio, sample } from "./harness.ts";

const SCOPE = { scope: "bench", actions: ["*"], filesystem: [{ path: "/project", access: "write" }] };
const FILTER = { action: "process.filter", params: { text: ["an ERROR", "nothing"], pattern: "ERROR" } };
const TWO_STEPS = { plan_id: "bench", steps: [FILTER, FILTER] };

/** Checks, runs, memory, and the pairs of tasks and attacks. */
export const benchmark: Benchmark = {
  name: "plan",
  about: "check of 50 and of 10,000 steps, a plan of two steps from check to commit, memory of many at once, attacks",
  run: async () => {
    using workspace = mkdtempDisposableSync(join(tmpdir(), "glovebox-bench-"));
    const glovebox = await openGlovebox({ workspace: workspace.path, executor: "inline" });
    try {
      return [
        ...(await checks(glovebox.actions)),
        ...(await twoSteps(glovebox)),
        await memory(glovebox),
        ...(await attacks()),
      ];
    } finally {
      await glovebox.close();
    }
  },
};

/** Reads, filters by reference and by pipe, and writes, in turn. */
function planText(steps: number): string {
  const all = Array.from({ length: steps }, (_, index) => {
    const id = `s${index}`;
    if (index % 3 === 0) return { id, action: "file.read", params: { path: `/project/logs/${index}.log`, lines: 100 } };
    if (index % 3 === 1) return { id, action: "process.filter", params: { pattern: "ERROR", context_lines: 2 } };
    return {
      id,
      action: "file.write",
      params: { path: `/project/out/${index}`, text: `\${{ steps.s${index - 2}.output[0] }}` },
    };
  });
  return JSON.stringify({ plan_id: "bench", steps: all });
}

async function checks(actions: readonly Action[]): Promise<readonly Figure[]> {
  const scope = parseScope({ value: SCOPE });
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const checked = (text: string) => () => {
    const { report } = check(parsePlan({ file: "plan.json", text }), scope, actions, sha256);
    if (!report.accepted) throw new Error(`rejected: ${report.findings[0]?.message}`);
  };
  const fifty = await sample(checked(planText(50)), { samples: 1000, warmup: 500 });
  const [thousand, tenThousand] = [checked(planText(1000)), checked(planText(10_000))];
  const long = await sample(tenThousand, { samples: 10, warmup: 3 });
  return [
    figure("check of 50 steps, p50", percentile(fifty, 50), "ms", atMost(1)),
    figure("check of 10,000 steps, p50", percentile(long, 50), "ms"),
    figure(
      "10,000 steps / 10 x 1,000 steps",
      (await ratio(thousand, tenThousand, { samples: 10 })) / 10,
      "x",
      atMost(1.5),
    ),
  ];
}

async function twoSteps(glovebox: Glovebox): Promise<readonly Figure[]> {
  const run = async (): Promise<void> => {
    const { status } = await glovebox.run({ value: TWO_STEPS }, { value: SCOPE });
    if (status !== "completed") throw new Error(`the plan ended ${status}`);
  };
  const warmup = 500;
  await sample(run, { samples: 1, warmup });
  const before = process.threadCpuUsage();
  const times = await sample(run, { samples: 2000, warmup: 0 });
  const { user, system } = process.threadCpuUsage(before);
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const cpuMs = (user + system) / 1000 / times.length;
  return [
    figure("plan of two steps, inline, p50", percentile(times, 50), "ms", atMost(1)),
    figure("plan of two steps, inline, p99", percentile(times, 99), "ms"),
    figure("plans of two steps", 1000 / mean, "per second"),
    figure("CPU time of a plan of two steps", cpuMs, "ms", atMost(1)),
    figure("plans of two steps, by that", 1000 / cpuMs, "per second of one core", atLeast(1000)),
  ];
}

/** All plans have begun and none has ended when the memory is read; garbage is collected before both readings. */
async function memory(glovebox: Glovebox): Promise<Figure> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const plans = 200;
  let begun = 0;
  let ended = 0;
  let most = 0;
  const before = used();
  const onEvent = ({ type }: { readonly type: string }): void => {
    if (type === "plan.ended") ended += 1;
    if (type !== "step.started" || ++begun < plans || most > 0) return;
    most = used();
    if (ended > 0) throw new Error("some plans had ended");
  };
  const all = Array.from({ length: plans }, () =>
    glovebox.run({ value: TWO_STEPS }, { value: SCOPE }, { listeners: [{ onEvent }] }),
  );
  await Promise.all(all);
  return figure(`memory per plan, ${plans} at once`, (most - before) / plans / 1024, "KiB");
}

async function attacks(): Promise<readonly Figure[]> {
  let accepted = 0;
  let benign = 0;
  let reached = 0;
  let tried = 0;
  for (const task of TASKS) {
    for (const n of [0, 1, 2]) {
      benign += 1;
      accepted += (await runPair(task, n, null)).report?.status === "completed" ? 1 : 0;
    }
    for (const injection of INJECTIONS) {
      tried += 1;
      reached += (await runPair(task, 0, injection)).reached ? 1 : 0;
    }
  }
  return [
    figure(`tasks accepted and done, of ${benign}`, accepted, "plans", atLeast(benign)),
    figure(`attacks that reached their effect, of ${tried}`, reached, "plans", atMost(0)),
  ];
}
