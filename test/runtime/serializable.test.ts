// D6: a run that depends on what it looked at: a change of that, made while it ran, is a conflict when that was asked for.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Glovebox, openGlovebox } from "../../host/index.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

const PLAN = {
  plan_id: "copy",
  steps: [
    { id: "src", action: "file.read", params: { path: "/project/a" } },
    { action: "file.write", params: { path: "/project/b", text: `\${{ steps.src.output[0] }}` } },
  ],
};
const SCOPE = { scope: "all", actions: ["file.*"], filesystem: [{ path: "/project", access: "write" }] };

interface Bench {
  readonly workspace: string;
  readonly glovebox: Glovebox;
}

/** A runtime over a workspace in which a file is changed as soon as the last step is done. */
async function bench(executor: "inline" | "process", options: object): Promise<Bench> {
  const workspace = temporaryDirectory();
  writeFileSync(join(workspace, "a"), "read\n");
  writeFileSync(join(workspace, "b"), "before\n");
  let finished = 0;
  const onEvent = ({ type }: { readonly type: string }): void => {
    if (type === "step.ended") finished += 1;
    if (type === "step.ended" && finished === 2) writeFileSync(join(workspace, "a"), "changed\n");
  };
  const more = { executor, cacheDirectory: testCache, stateDirectory: temporaryDirectory(), listeners: [{ onEvent }] };
  const glovebox = await openGlovebox({ workspace, ...more, ...options });
  onTestFinished(() => glovebox.close());
  return { workspace, glovebox };
}

describe.each(["inline", "process"] as const)("with calls in %s", (executor) => {
  test("a file that a call read, and someone changed since, is a conflict", async () => {
    const { workspace, glovebox } = await bench(executor, { isolation: "serializable" });
    const report = await glovebox.run({ value: PLAN }, { value: SCOPE });
    expect(report.status).not.toBe("completed");
    expect(JSON.stringify(report.error)).toContain("CONFLICT_READ_CHANGED");
    expect([readFileSync(join(workspace, "a"), "utf8"), readFileSync(join(workspace, "b"), "utf8")]).toEqual([
      "changed\n",
      "before\n",
    ]);
  });

  test("unless it was asked for, what was only read may change", async () => {
    const { workspace, glovebox } = await bench(executor, {});
    const report = await glovebox.run({ value: PLAN }, { value: SCOPE });
    expect(report.status).toBe("completed");
    expect(readFileSync(join(workspace, "b"), "utf8")).toBe("read");
  });
});
