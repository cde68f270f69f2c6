// Random plans over random trees, through the whole runtime, cancelled at every event: the workspace is as before, or as after the whole plan.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Glovebox, openGlovebox, type RunReport } from "../../host/index.ts";
import { testCache } from "../support/runs.ts";
import { snapshotTree, temporaryDirectory } from "../support/tree.ts";

const name = fc.constantFrom("a", "b", "d/c", "d/e", "none");
const text = fc.constantFrom("", "one\n", "two\nlines\n", "\u0000\u{1F600}\n");
const tree = fc.uniqueArray(fc.tuple(name, text), { maxLength: 4, selector: ([path]) => path });

const step = fc
  .tuple(
    fc.oneof(
      fc
        .tuple(name, text)
        .map(([path, content]) => ({ action: "file.write", params: { path: `/project/${path}`, text: content } })),
      name.map((path) => ({ action: "file.remove", params: { path: `/project/${path}` } })),
      name.map((path) => ({ action: "file.read", params: { path: `/project/${path}` } })),
    ),
    fc.record({
      on_error: fc.constantFrom("fail", "continue", "continue"),
      // Some calls run out of fuel.
      fuel: fc.constantFrom(10_000_000, 10_000_000, 100),
    }),
  )
  .map(([call, more]) => ({ ...call, ...more }));
const plans = fc.array(step, { minLength: 1, maxLength: 5 });

/** Content, modes and names; times differ between two runs. */
function treeOf(workspace: string): string[] {
  return snapshotTree(workspace).map((line) => line.replace(/ \d{15,} /, " "));
}

function fill(workspace: string, files: readonly (readonly [string, string])[]): void {
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(join(workspace, "d"), { recursive: true });
  for (const [path, content] of files) writeFileSync(join(workspace, path), content);
}

interface Cut {
  readonly report: RunReport;
  readonly events: number;
}

async function runCut(glovebox: Glovebox, workspace: string, steps: readonly object[], at: number): Promise<Cut> {
  const abort = new AbortController();
  let events = 0;
  const onEvent = (): void => {
    if (events++ === at) abort.abort();
  };
  const scope = { actions: ["*"], filesystem: [{ path: "/project", access: "write" }] };
  const report = await glovebox.run(
    { value: { plan_id: "cut", steps } },
    { value: scope, directory: workspace },
    { signal: abort.signal, listeners: [{ onEvent }] },
  );
  return { report, events };
}

test("H2: a run that is cancelled at any event leaves the start, or the result of the whole plan, byte for byte", async () => {
  const workspace = temporaryDirectory();
  const glovebox = await openGlovebox({ workspace, executor: "inline", cacheDirectory: testCache, durability: "fast" });
  const seen = { completed: 0, failed: 0, cancelled: 0 };
  const property = fc.asyncProperty(tree, plans, async (files, steps) => {
    fill(workspace, files);
    const start = treeOf(workspace);
    const whole = await runCut(glovebox, workspace, steps, -1);
    const after = treeOf(workspace);
    if (whole.report.status !== "completed") expect(after).toEqual(start);
    for (let at = 0; at < whole.events; at += 1) {
      fill(workspace, files);
      const { report } = await runCut(glovebox, workspace, steps, at);
      expect(treeOf(workspace)).toEqual(report.committed ? after : start);
      expect(report.committed).toBe(report.status === "completed");
      if (report.status !== "rejected" && report.status !== "kept") seen[report.status] += 1;
    }
  });
  await fc.assert(property, { numRuns: 40 });
  await glovebox.close();
  expect(Math.min(seen.completed, seen.failed, seen.cancelled)).toBeGreaterThan(0);
});
