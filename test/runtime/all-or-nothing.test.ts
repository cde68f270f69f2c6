// A plan leaves all of its changes, or none: byte for byte, mode for mode, mtime for mtime.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildGuest } from "../guests/build.ts";
import { projectRoot } from "../layout/imports.ts";
import { openBench, testCache } from "../support/runs.ts";
import { snapshotTree, temporaryDirectory } from "../support/tree.ts";

const write = (name: string, text: string): object => ({
  action: "file.write",
  params: { path: `/project/${name}`, text },
});

describe.each(["inline", "process"] as const)("%s", (executor) => {
  test("a plan that completes leaves its changes, and reports them", async () => {
    const { workspace, run } = await openBench(executor);
    const report = await run([
      write("new.txt", "new\n"),
      write("kept/a.txt", "changed\n"),
      { action: "file.remove", params: { path: "/project/script.sh" } },
    ]);
    expect(report.status).toBe("completed");
    expect(report.committed).toBe(true);
    expect(readFileSync(join(workspace, "new.txt"), "utf8")).toBe("new\n");
    expect(readFileSync(join(workspace, "kept/a.txt"), "utf8")).toBe("changed\n");
    expect(report.changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      "modified /project/kept/a.txt",
      "added /project/new.txt",
      "deleted /project/script.sh",
    ]);
    expect(report.steps.map((step) => step.changes.length)).toEqual([1, 1, 1]);
  });

  test("later steps see what earlier steps wrote", async () => {
    const { run } = await openBench(executor);
    const report = await run([
      write("new.txt", "one\ntwo\n"),
      { action: "file.read", params: { path: "/project/new.txt" } },
    ]);
    expect(report.steps[1]?.output).toEqual(["one", "two"]);
  });

  test("a dry run shows the changes and makes none", async () => {
    const { workspace, run } = await openBench(executor);
    const before = snapshotTree(workspace);
    const report = await run([write("kept/a.txt", "one\n2\nthree\n")], { dryRun: true });
    expect(report.status).toBe("completed");
    expect(report.committed).toBe(false);
    expect(report.changes[0]?.diff).toContain("-two\n+2\n");
    expect(snapshotTree(workspace)).toEqual(before);
  });

  test("a plan whose last step fails leaves nothing", async () => {
    const { workspace, run } = await openBench(executor, ["hostile"]);
    const before = snapshotTree(workspace);
    const steps = [
      write("new.txt", "new\n"),
      write("kept/a.txt", "changed\n"),
      { action: "test/hostile.write_then_trap", params: { path: "/project/other", text: "x" } },
    ];
    const report = await run(steps);
    expect(report.status).toBe("failed");
    expect(report.rollback).toBe("full");
    expect(report.changes).toEqual([]);
    expect(report.steps.map((step) => step.status)).toEqual(["rolled_back", "rolled_back", "failed"]);
    expect(snapshotTree(workspace)).toEqual(before);
  });

  test("a failed attempt leaves nothing to its retry", async () => {
    const { workspace, run } = await openBench(executor, ["hostile"]);
    const before = snapshotTree(workspace);
    const failing = {
      action: "test/hostile.write_then_fail",
      params: { path: "/project/other", text: "x" },
      retries: 2,
      on_error: "continue",
    };
    const report = await run([failing, { action: "test/hostile.peek", params: { path: "/project/other" } }]);
    expect(report.steps[0]?.attempts).toBe(3);
    expect(report.steps[1]?.output).toBe(false);
    expect(snapshotTree(workspace)).toEqual(before);
  });

  test("a rejected plan leaves nothing", async () => {
    const { workspace, run } = await openBench(executor);
    const before = snapshotTree(workspace);
    const report = await run([write("new.txt", "new\n"), write("../escape.txt", "x")]);
    expect(report.status).toBe("rejected");
    expect(snapshotTree(workspace)).toEqual(before);
  });

  test("a plan that may only read cannot write", async () => {
    const { workspace, run } = await openBench(executor);
    const before = snapshotTree(workspace);
    const report = await run([write("kept/a.txt", "x")], { access: "read" });
    expect(report.findings.map((finding) => finding.code)).toContain("PATH_DENIED");
    expect(snapshotTree(workspace)).toEqual(before);
  });
});

test("a plan that is cancelled in the middle of a step leaves nothing", async () => {
  const { workspace, run } = await openBench("process", ["hostile"]);
  const before = snapshotTree(workspace);
  const cancel = new AbortController();
  const listener = {
    onEvent: ({ type }: { type: string }) => type === "step.started" && setTimeout(() => cancel.abort(), 200),
  };
  const steps = [{ action: "test/hostile.write_then_spin", params: { path: "/project/other", text: "x" } }];
  const report = await run(steps, {
    signal: cancel.signal,
    listeners: [listener],
    limits: { fuel: 100_000_000_000_000 },
  });
  expect(report.status).toBe("cancelled");
  expect(snapshotTree(workspace)).toEqual(before);
});

test("a host that is killed before the commit leaves nothing, whatever the moment", async () => {
  const workspace = temporaryDirectory();
  mkdirSync(join(workspace, "kept"));
  writeFileSync(join(workspace, "kept/a.txt"), "one\n");
  const tools = temporaryDirectory();
  writeFileSync(join(tools, "hostile.wasm"), await buildGuest("hostile"));
  const before = snapshotTree(workspace);
  for (const delayMs of [150, 300, 450, 600, 800, 1000]) {
    expect(await killedAfter(delayMs, workspace, tools)).toBe("SIGKILL");
    expect(snapshotTree(workspace)).toEqual(before);
  }
});

/** Runs a plan that writes and then loops, in a process that is killed; gives the signal that ended it. */
function killedAfter(delayMs: number, workspace: string, tools: string): Promise<string | null> {
  const script = join(projectRoot, "test/runtime/write-then-spin.ts");
  const child = spawn(process.execPath, [script, workspace, tools, testCache], { stdio: "ignore" });
  setTimeout(() => child.kill("SIGKILL"), delayMs);
  return new Promise((resolve) => child.on("exit", (_code, signal) => resolve(signal)));
}
