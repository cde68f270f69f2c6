// The same run, wherever it runs: in this thread or a child, on either tier of the engine, on a machine with nothing else to do or much.

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openGlovebox, type RunReport } from "../../host/index.ts";
import { buildGuest } from "../guests/build.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

/** Steps that succeed, one that fails in the middle of its work, and one that meets its fuel: every kind of figure is in the report. */
const STEPS: readonly object[] = [
  { action: "file.write", params: { path: "/project/made/../a.txt", text: "an ERROR\nnothing\nERROR two\n" } },
  { action: "file.read", params: { path: "/project/a.txt" } },
  { action: "process.filter", params: { pattern: "ERR.R" } },
  { action: "test/hostile.work", params: { steps: 200_000 } },
  { action: "test/hostile.gamble", params: { bytes: 1000 } },
  { action: "test/hostile.now" },
  { action: "test/hostile.hoard" },
  { action: "test/hostile.recurse", params: { depth: 4_294_967_295 }, on_error: "continue" },
  { action: "test/hostile.divide", params: { by: 0 }, on_error: "continue" },
  { action: "test/hostile.spin", fuel: 2_000_000, on_error: "continue" },
];

/** A report without what a clock told. */
function comparable(report: RunReport): unknown {
  const timed = new Set(["cpu_ms", "duration_ms", "at_ms", "trace_id"]);
  return JSON.parse(JSON.stringify(report, (key, value: unknown) => (timed.has(key) ? undefined : value)));
}

async function runWith(executor: "inline" | "process", flags: readonly string[] = []): Promise<unknown> {
  const workspace = temporaryDirectory();
  mkdirSync(join(workspace, "made"));
  writeFileSync(join(workspace, "old.txt"), "old");
  const tools = [{ name: "hostile", bytes: await buildGuest("hostile") }];
  const options = { workspace, tools, executor, cacheDirectory: testCache, startTime: 1_767_225_600_000_000_000n };
  const glovebox = await openGlovebox({ ...options, processes: { flags } });
  onTestFinished(() => glovebox.close());
  const scope = {
    scope: "same",
    actions: ["*"],
    filesystem: [{ path: "/project", access: "write" }],
    limits: { memory_mb: 4 },
  };
  return comparable(
    await glovebox.run({ value: { plan_id: "same", steps: STEPS } }, { value: scope, directory: workspace }),
  );
}

let inline: Promise<unknown> | null = null;

/** The report that all others must be equal to. */
function expectedReport(): Promise<unknown> {
  inline ??= runWith("inline");
  return inline;
}

test("B17: the run that is compared has results, failures and limits in it", async () => {
  const expected = await expectedReport();
  expect(expected).toMatchObject({ status: "completed" });
  const codes = (expected as RunReport).steps.map(({ error }) => error?.code).filter(Boolean);
  expect(codes).toEqual(["STACK_EXHAUSTED", "TRAP", "FUEL_EXHAUSTED"]);
});

test.each([
  ["as it comes", []],
  ["with the baseline tier alone", ["--liftoff", "--no-wasm-tier-up"]],
  ["with the optimising tier alone", ["--no-liftoff"]],
  ["with one thread for the compiler", ["--wasm-num-compilation-tasks=1", "--single-threaded-gc"]],
])("B17: a child process, %s, gives the same report byte for byte", async (_what, flags) => {
  expect(JSON.stringify(await runWith("process", flags))).toBe(JSON.stringify(await expectedReport()));
});

test("B17: a machine that is busy gives the same report byte for byte", async () => {
  const busy = [1, 2, 3].map(() => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  onTestFinished(() => {
    for (const one of busy) one.kill("SIGKILL");
  });
  expect(JSON.stringify(await runWith("process"))).toBe(JSON.stringify(await expectedReport()));
  expect(JSON.stringify(await runWith("inline"))).toBe(JSON.stringify(await expectedReport()));
});
