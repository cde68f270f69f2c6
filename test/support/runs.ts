// Opens a runtime over a fresh workspace with test guests, and runs small plans on it.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Glovebox, openGlovebox, type RunOptions, type RunReport } from "../../host/index.ts";
import { buildGuest, type GuestName } from "../guests/build.ts";
import { projectRoot } from "../layout/imports.ts";
import { temporaryDirectory } from "./tree.ts";

/** One cache for all tests, so that a tool is compiled once. */
export const testCache: string = join(projectRoot, "node_modules", ".cache", "glovebox", "tools");

export interface Bench {
  readonly workspace: string;
  readonly glovebox: Glovebox;
  /** Runs steps under a scope that allows all of them, with /project as the workspace. */
  run(steps: readonly object[], more?: BenchOptions): Promise<RunReport>;
}

export interface BenchOptions extends RunOptions {
  readonly limits?: Readonly<Record<string, number>>;
  readonly constraints?: object;
  readonly access?: "read" | "write";
}

/** A runtime over a workspace with a few files of odd modes and times; both are gone when the test ends. */
export async function openBench(executor: "inline" | "process", guests: readonly GuestName[] = []): Promise<Bench> {
  const workspace = temporaryDirectory();
  mkdirSync(join(workspace, "kept"));
  writeFileSync(join(workspace, "kept", "a.txt"), "one\ntwo\nthree\n", { mode: 0o640 });
  writeFileSync(join(workspace, "script.sh"), "#!/bin/sh\n", { mode: 0o755 });
  const tools = await Promise.all(guests.map(async (name) => ({ name, bytes: await buildGuest(name) })));
  const glovebox = await openGlovebox({ workspace, tools, executor, cacheDirectory: testCache });
  onTestFinished(() => glovebox.close());
  const run: Bench["run"] = (steps, { limits = {}, constraints = {}, access = "write", ...options } = {}) =>
    glovebox.run(
      { value: { plan_id: "test", steps, constraints } },
      {
        value: { scope: "test", actions: ["*"], filesystem: [{ path: "/project", access }], limits },
        directory: workspace,
      },
      options,
    );
  return { workspace, glovebox, run };
}
