// Guests that never end, never stop allocating, or break: each call ends with its error, nothing of it remains, and the next plan runs.

import { describe, expect, test } from "vitest";
import { openBench } from "../support/runs.ts";
import { snapshotTree } from "../support/tree.ts";

const SMALL = { fuel: 200_000_000, memory_mb: 16 };

const cases: readonly { name: string; step: object; code: string }[] = [
  { name: "B1: a step that loops forever", step: { action: "test/hostile.spin" }, code: "FUEL_EXHAUSTED" },
  {
    name: "B2: a step that fills memory in bulk forever",
    step: { action: "test/hostile.fill" },
    code: "FUEL_EXHAUSTED",
  },
  {
    name: "B3: a step that recurses forever",
    step: { action: "test/hostile.recurse", params: { depth: 4_294_967_295 } },
    code: "STACK_EXHAUSTED",
  },
  { name: "B4: a step that allocates forever", step: { action: "test/hostile.grow" }, code: "MEMORY_LIMIT" },
  { name: "a step that traps", step: { action: "test/hostile.trap" }, code: "TRAP" },
  { name: "a step that divides by zero", step: { action: "test/hostile.divide", params: { by: 0 } }, code: "TRAP" },
  { name: "B5: a string outside of memory", step: { action: "test/hostile.wild" }, code: "CANONICAL_ABI" },
  { name: "B5: a list longer than memory", step: { action: "test/hostile.vast" }, code: "CANONICAL_ABI" },
  {
    name: "B7: more random bytes than a call may have",
    step: { action: "test/hostile.gamble", params: { bytes: 2 ** 31 } },
    code: "HOSTCALL_LIMIT",
  },
  {
    name: "B8: handles without end",
    step: { action: "test/hostile.hold", params: { path: "/project/kept/a.txt", count: 4_000_000_000 } },
    code: "RESOURCE_LIMIT",
  },
  {
    name: "B14: a step that exits",
    step: { action: "test/hostile.leave", params: { success: true } },
    code: "GUEST_EXIT",
  },
  {
    name: "a result larger than the scope lets it be",
    step: { action: "test/hostile.long", params: { characters: 300_000 } },
    code: "OUTPUT_LIMIT",
  },
  {
    name: "C16: a disk filled without end",
    step: { action: "test/hostile.fill_disk", params: { path: "/project/big" } },
    code: "FS_QUOTA",
  },
];

describe.each(["inline", "process"] as const)("%s", (executor) => {
  test.each(cases)("$name ends with $code, and leaves nothing", async ({ step, code }) => {
    const { workspace, run } = await openBench(executor, ["hostile"]);
    const before = snapshotTree(workspace);
    const limits = { ...SMALL, written_mb: 4, output_mb: 0.1, fuel: 2_000_000_000 };
    const report = await run([step], { limits: code === "FUEL_EXHAUSTED" ? { ...limits, fuel: SMALL.fuel } : limits });
    expect(report.status).toBe("failed");
    expect(report.error?.code).toBe(code);
    expect(report.steps[0]?.error?.code).toBe(code);
    expect(snapshotTree(workspace)).toEqual(before);
  });

  test("after every kind of failure the same runtime runs the next plan", async () => {
    const { run } = await openBench(executor, ["hostile"]);
    for (const { step } of cases.slice(0, 5)) expect((await run([step], { limits: SMALL })).status).toBe("failed");
    const report = await run([{ action: "test/hostile.echo", params: { text: "still here" } }]);
    expect(report.status).toBe("completed");
    expect(report.steps[0]?.output).toBe("still here");
  });

  test("B1: a loop consumes exactly its budget, the same on every run", async () => {
    const { run } = await openBench(executor, ["hostile"]);
    const fuel = async (): Promise<number> =>
      (await run([{ action: "test/hostile.spin" }], { limits: { fuel: 1_000_000 } })).fuel;
    const first = await fuel();
    expect(first).toBeGreaterThanOrEqual(1_000_000);
    expect(await fuel()).toBe(first);
  });

  test("nothing survives from one call to the next", async () => {
    const { run } = await openBench(executor, ["hostile"]);
    const report = await run([{ action: "test/hostile.count" }, { action: "test/hostile.count" }]);
    expect(report.steps.map((step) => step.output)).toEqual([1, 1]);
    expect(report.steps[0]?.resource_usage.fuel).toBe(report.steps[1]?.resource_usage.fuel);
  });
});

test("a step that outlives its timeout is killed, and the next plan runs", async () => {
  const { run } = await openBench("process", ["hostile"]);
  const report = await run([{ action: "test/hostile.spin", timeout_seconds: 0.3 }], {
    limits: { fuel: 100_000_000_000_000 },
  });
  expect(report.error?.code).toBe("DEADLINE_EXCEEDED");
  expect((await run([{ action: "test/hostile.count" }])).status).toBe("completed");
});

test("a plan that outlives its duration is stopped at the step that it is in", async () => {
  const { run } = await openBench("process", ["hostile"]);
  const steps = [{ action: "test/hostile.count" }, { action: "test/hostile.spin" }, { action: "test/hostile.count" }];
  const report = await run(steps, {
    limits: { fuel: 100_000_000_000_000 },
    constraints: { max_duration_seconds: 3 },
  });
  expect(report.error?.code).toBe("DEADLINE_EXCEEDED");
  expect(report.steps.map((step) => step.status)).toEqual(["ran", "failed", "not_run"]);
});
