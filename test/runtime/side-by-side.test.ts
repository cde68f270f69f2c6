// Steps that run side by side in processes come to what they come to one by one in this thread.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openGlovebox, type RunReport } from "../../host/index.ts";
import { buildGuest } from "../guests/build.ts";
import { testCache } from "../support/runs.ts";
import { snapshotTree, temporaryDirectory } from "../support/tree.ts";

const write = (id: string, path: string, more: object = { needs: [] }): object => ({
  id,
  action: "file.write",
  params: { path: `/project/${path}`, text: `${id}\n` },
  ...more,
});

const STEPS: readonly object[] = [
  write("a", "a.txt"),
  write("b", "b.txt"),
  { id: "chance", action: "test/hostile.gamble", params: { bytes: 100 }, needs: [] },
  { id: "time", action: "test/hostile.now", needs: ["a", "chance"] },
  { id: "read", action: "file.read", params: { path: "/project/a.txt" }, needs: ["a"] },
  { id: "none", action: "file.read", params: { path: "/project/other.txt" }, needs: [], on_error: "continue" },
  write("c", "c.txt", { needs: ["a", "b"] }),
  { id: "list", action: "file.list", params: { path: "/project" } },
];

async function bench(executor: "inline" | "process") {
  const workspace = temporaryDirectory();
  const tools = [{ name: "hostile", bytes: await buildGuest("hostile") }];
  const glovebox = await openGlovebox({
    workspace,
    tools,
    executor,
    cacheDirectory: testCache,
    startTime: 1_767_225_600_000_000_000n,
  });
  onTestFinished(() => glovebox.close());
  const scope = { scope: "all", actions: ["*"], filesystem: [{ path: "/project", access: "write" }] };
  const run = (steps: readonly object[]): Promise<RunReport> =>
    glovebox.run({ value: { plan_id: "side-by-side", steps } }, { value: scope, directory: workspace });
  return { workspace, run };
}

function comparable(report: RunReport): unknown {
  const timed = new Set(["cpu_ms", "duration_ms", "trace_id"]);
  return JSON.parse(JSON.stringify(report, (key, value: unknown) => (timed.has(key) ? undefined : value)));
}

test("outputs, changes, fuel, clocks and random numbers are the same, one by one and side by side", async () => {
  const [one, several] = [await bench("inline"), await bench("process")];
  const expected = await one.run(STEPS);
  expect(expected.steps.map(({ status }) => status).join(" ")).toBe("ran ran ran ran ran failed ran ran");
  expect(comparable(await several.run(STEPS))).toEqual(comparable(expected));
  expect(readFileSync(join(several.workspace, "c.txt"), "utf8")).toBe("c\n");
});

test("a step that fails beside others takes all of them with it", async () => {
  const { workspace, run } = await bench("process");
  const before = snapshotTree(workspace);
  const spin = { id: "spin", action: "test/hostile.spin", needs: [], fuel: 5_000_000_000 };
  const report = await run([
    write("a", "a.txt"),
    { id: "fails", action: "test/hostile.divide", params: { by: 0 }, needs: [] },
    spin,
  ]);
  expect(report).toMatchObject({ status: "failed", rollback: "full", error: { data: { step: "fails" } } });
  expect(report.steps[2]).toMatchObject({ status: "not_run", attempts: 0 });
  expect(snapshotTree(workspace)).toEqual(before);
});
