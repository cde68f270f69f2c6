// A workspace, a state directory, and runtimes over both that come and go as processes would.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type Glovebox,
  type GloveboxOptions,
  openGlovebox,
  type RunOptions,
  type RunReport,
} from "../../host/index.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

export interface Kept {
  readonly workspace: string;
  readonly state: string;
  /** Another runtime over the same directories. */
  open(options?: Partial<GloveboxOptions>): Promise<Glovebox>;
  /** Runs steps for review, in a runtime that is closed then. */
  review(steps: readonly object[], options?: RunOptions): Promise<RunReport & { readonly run_id: string }>;
}

export const SCOPE: object = {
  scope: "kept",
  actions: ["*"],
  filesystem: [{ path: "/project", access: "write" }],
};

/** A workspace with `a.txt` and `b.txt`. */
export function keptRuns(executor: "inline" | "process" = "inline"): Kept {
  const workspace = temporaryDirectory();
  const state = temporaryDirectory();
  for (const name of ["a", "b"]) writeFileSync(join(workspace, `${name}.txt`), `${name}\n`);
  const open: Kept["open"] = async (options = {}) => {
    const base = { workspace, stateDirectory: state, executor, cacheDirectory: testCache, durability: "fast" } as const;
    const glovebox = await openGlovebox({ ...base, ...options });
    onTestFinished(() => glovebox.close());
    return glovebox;
  };
  const review: Kept["review"] = async (steps, options = {}) => {
    const glovebox = await open();
    const plan = { value: { plan_id: "kept", steps } };
    const report = await glovebox.run(plan, { value: SCOPE, directory: workspace }, { review: true, ...options });
    await glovebox.close();
    if (report.run_id === undefined) throw new Error(`no run was kept: ${JSON.stringify(report, null, 2)}`);
    return { ...report, run_id: report.run_id };
  };
  return { workspace, state, open, review };
}

/** A step that writes a file of the workspace. */
export function write(name: string, text: string, more: object = {}): object {
  return { action: "file.write", params: { path: `/project/${name}`, text }, ...more };
}
