// The child process as the machine sees it: when it ends, what it may do, and how many of it are kept.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { codeDirectories } from "../../host/directories-node.ts";
import { ChildHandle } from "../../host/executor/child-handle-node.ts";
import { type PoolOptions, ProcessPool } from "../../host/executor/process-node.ts";
import type { RunSetup } from "../../host/executor/protocol.ts";
import { openRunFiles } from "../../host/executor/run-files.ts";
import { memoryBase } from "../../sandbox-fs/index.ts";
import { buildGuest } from "../guests/build.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

const onLinux = process.platform === "linux";

/** The process that runs the calls of another. */
function executorOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/children`);
  const children = tasks.flatMap((file) => readFileSync(file, "utf8").trim().split(" ").filter(Boolean).map(Number));
  const isExecutor = (child: number): boolean => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("child-node");
  return children.find(isExecutor) ?? 0;
}

/** Seconds of processor time that a process has had in its own code; null when there is none such. */
function processorSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : Number(fields[11]) / 100;
  } catch {
    return null;
  }
}

test.skipIf(!onLinux)("B16: a child whose guest never ends, ends within a second of its parent's death", async () => {
  const directory = temporaryDirectory();
  const tool = join(directory, "hostile.wasm");
  writeFileSync(tool, await buildGuest("hostile"));
  const script = join(import.meta.dirname, "spinning-parent.ts");
  const parent = spawn(process.execPath, [script, directory, tool, testCache], { stdio: "ignore" });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const child = (): number => executorOf(parent.pid ?? 0);
  // It starts in some tenths of a second; what takes longer than that is the guest.
  await expect.poll(() => processorSeconds(child()), { timeout: 30_000 }).toBeGreaterThan(0.8);
  const spinning = child();
  parent.kill("SIGKILL");
  await expect.poll(() => processorSeconds(spinning), { timeout: 1000, interval: 20 }).toBeNull();
});

const setup: RunSetup = { roots: [], mounts: [], environment: {}, seed: "00".repeat(32), writtenBytes: 0 };

function openPool(options: PoolOptions): {
  openAndClose(): Promise<void>;
  readonly children: readonly ChildHandle[];
  pool: ProcessPool;
} {
  const children: ChildHandle[] = [];
  const pool = new ProcessPool(codeDirectories(), options, (readable, flags) => {
    const child = new ChildHandle(readable, flags);
    children.push(child);
    return child;
  });
  onTestFinished(() => pool.close());
  const send = async (): Promise<never> => {
    throw new Error("there is no network");
  };
  const openAndClose = async (): Promise<void> => {
    const files = openRunFiles(
      setup,
      () => memoryBase({}),
      () => 0n,
    );
    await pool.open({ setup, files, tools: {}, send }).close();
  };
  return { openAndClose, children, pool };
}

test("one child serves run after run, until it is recycled", async () => {
  const { openAndClose, children } = openPool({ recycleAfter: 3 });
  for (let run = 0; run < 7; run++) await openAndClose();
  expect(children.map(({ asked }) => asked)).toEqual([3, 3, 1]);
  expect(children.map(({ alive }) => alive)).toEqual([false, false, true]);
});

test("children that were started ahead are those that runs take, and no more are kept than the size says", async () => {
  const { openAndClose, children, pool } = openPool({ size: 2, warmUp: 3 });
  pool.warm([], []);
  expect(children.map(({ alive }) => alive)).toEqual([false, true, true]);
  await openAndClose();
  expect(children).toHaveLength(3);
});

test("a pool of size 0 keeps nothing, and a closed pool neither", async () => {
  const none = openPool({ size: 0 });
  await none.openAndClose();
  expect(none.children.map(({ alive }) => alive)).toEqual([false]);
  const { openAndClose, children, pool } = openPool({});
  await openAndClose();
  pool.close();
  expect(children.map(({ alive }) => alive)).toEqual([false]);
});

test("a flag that Node does not know ends the child, and says so", async () => {
  const child = new ChildHandle(codeDirectories(), ["--no-such-flag"]);
  const opened = child.ask({ type: "open", setup, tools: {}, layer: null }, "opened", {
    answerBytes: 100,
    memoryBytes: 1e9,
  });
  await expect(opened).rejects.toMatchObject({ code: "EXECUTOR_LOST" });
  expect(existsSync(`/proc/${child.pid}/exe`)).toBe(false);
});
