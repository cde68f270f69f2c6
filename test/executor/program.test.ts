// Programs as tools: components that export `wasi:cli/run`, in plans, inline and in a child process.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openGlovebox, type RunReport } from "../../host/index.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";
import { buildC, clangMissing } from "../wasi/support/components.ts";

const source = join(import.meta.dirname, "programs", "tool.c");
const because = clangMissing === null ? "" : ` (skipped: ${clangMissing})`;

interface Bench {
  readonly workspace: string;
  run(...params: readonly object[]): Promise<RunReport>;
}

async function openBench(executor: "inline" | "process", limits: object = {}): Promise<Bench> {
  const workspace = temporaryDirectory();
  mkdirSync(join(workspace, "inner"));
  const tools = [{ name: "example", bytes: await buildC(source) }];
  const glovebox = await openGlovebox({ workspace, tools, executor, cacheDirectory: testCache });
  onTestFinished(() => glovebox.close());
  const scope = { scope: "test", actions: ["*"], filesystem: [{ path: "/project", access: "write" }], limits };
  const run = (...steps: readonly object[]): Promise<RunReport> => {
    const plan = { plan_id: "test", steps: steps.map((step) => ({ action: "local/example.run", ...step })) };
    return glovebox.run({ value: plan }, { value: scope, directory: workspace });
  };
  return { workspace, run };
}

describe.skipIf(clangMissing !== null).each(["inline", "process"] as const)(`a program, %s${because}`, (executor) => {
  test("takes arguments and gives what it wrote and its exit code", async () => {
    const { run } = await openBench(executor);
    const report = await run({ params: { args: ["echo", "two words", ""] } });
    expect(report.status).toBe("completed");
    const stdout = "[example][echo][two words][]";
    expect(report.steps[0]?.output).toEqual({ stdout, stderr: "\ufffd", exit_code: 0 });
  });

  test("reads the output of another as its input", async () => {
    const { run } = await openBench(executor);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is how a plan refers to a result
    const piped = { args: ["count"], stdin: "${{ steps.1.output.stdout }}" };
    const report = await run({ params: { args: ["count"], stdin: "a\nb\n" } }, { params: piped });
    expect(report.steps.map(({ output }) => output)).toMatchObject([{ stdout: "2 lines\n" }, { stdout: "1 lines\n" }]);
  });

  test("starts relative paths at its directory, and its files are committed", async () => {
    const { run, workspace } = await openBench(executor);
    const report = await run({ params: { args: ["write", "a.txt", "text"], directory: "/project/inner" } });
    expect(report.status).toBe("completed");
    expect(readFileSync(join(workspace, "inner", "a.txt"), "utf8")).toBe("text");
    expect(report.changes.map(({ path }) => path)).toEqual(["/project/inner/a.txt"]);
  });

  test("fails without a directory that is there", async () => {
    const { run } = await openBench(executor);
    const report = await run({ params: { directory: "/project/missing" } });
    expect(report.steps[0]?.error).toMatchObject({ code: "ACTION_FAILED", data: { case: "no_directory" } });
  });

  test("B14: fails with a status that is not accepted, and what it wrote is rolled back", async () => {
    const { run, workspace } = await openBench(executor);
    const report = await run({ params: { args: ["write-exit", "/project/half"] } });
    expect([report.status, existsSync(join(workspace, "half"))]).toEqual(["failed", false]);
    const payload = { stdout: "", stderr: "told", exit_code: 1 };
    expect(report.steps[0]?.error).toMatchObject({ code: "ACTION_FAILED", data: { case: "exited", payload } });
  });

  test("completes with a status that is accepted", async () => {
    const { run } = await openBench(executor);
    const report = await run({ params: { args: ["exit", "3"], accept: [1] } });
    expect(report.steps[0]?.output).toEqual({ stdout: "", stderr: "", exit_code: 1 });
  });

  test("B13: that writes without end meets OUTPUT_LIMIT or its fuel; nothing is taken for the whole", async () => {
    const { run } = await openBench(executor, { output_mb: 0.01, fuel: 50_000_000 });
    const report = await run({ params: { args: ["flood"] } });
    expect(report.steps[0]?.error?.code).toBe("FUEL_EXHAUSTED");
    const cut = await (await openBench(executor, { output_mb: 0.001 })).run({
      params: { args: ["echo", "x".repeat(2000)] },
    });
    expect(cut.steps[0]?.error?.code).toBe("OUTPUT_LIMIT");
  });

  test("that aborts is a trap", async () => {
    const { run } = await openBench(executor);
    expect((await run({ params: { args: ["abort"] } })).steps[0]?.error?.code).toBe("TRAP");
  });

  test("B15: refuses arguments with NUL, and more than the environment may hold", async () => {
    const { run } = await openBench(executor);
    const report = await run({ params: { args: ["a\0b"] } });
    expect(report.steps[0]?.error?.code).toBe("ARGUMENT_INVALID");
    const many = await run({ params: { args: Array.from({ length: 10_000 }, () => "argument") } });
    expect(many.steps[0]?.error?.code).toBe("RESOURCE_LIMIT");
  });
});
