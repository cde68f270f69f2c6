// A run that is kept for review: shown, committed or discarded by another runtime than began it.

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listRuns, readRun } from "../../host/index.ts";
import { snapshotTree } from "../support/tree.ts";
import { keptRuns, SCOPE, write } from "./support.ts";

describe.each(["inline", "process"] as const)("%s", (executor) => {
  test("a run for review changes nothing, shows what it would change, and is committed by another runtime", async () => {
    const { workspace, state, open, review } = keptRuns(executor);
    const before = snapshotTree(workspace);
    const kept = await review([write("a.txt", "new\n"), write("deep/c.txt", "c\n")]);
    expect(kept).toMatchObject({ status: "kept", committed: false, rollback: null });
    expect(snapshotTree(workspace)).toEqual(before);
    expect(await listRuns(state)).toMatchObject([{ run_id: kept.run_id, state: "kept", plan_id: "kept", workspace }]);
    const shown = await readRun(kept.run_id, state);
    expect(shown.report?.changes).toEqual(kept.changes);
    expect(shown.report?.changes[0]?.diff).toContain("-a\n+new\n");
    const report = await (await open()).commitRun(kept.run_id);
    expect(report).toMatchObject({ status: "completed", committed: true, run_id: kept.run_id, fuel: kept.fuel });
    expect(report.changes).toEqual(kept.changes);
    expect(readFileSync(join(workspace, "a.txt"), "utf8")).toBe("new\n");
    expect(readFileSync(join(workspace, "deep/c.txt"), "utf8")).toBe("c\n");
    expect(await listRuns(state)).toMatchObject([{ state: "completed" }]);
  });
});

test("a kept run that is discarded leaves nothing, and cannot be committed then", async () => {
  const { workspace, state, open, review } = keptRuns();
  const before = snapshotTree(workspace);
  const { run_id } = await review([write("a.txt", "new\n")]);
  const glovebox = await open();
  const report = await glovebox.discardRun(run_id);
  expect(report).toMatchObject({ status: "cancelled", rollback: "full", changes: [], error: { code: "CANCELLED" } });
  expect(report.steps[0]?.status).toBe("rolled_back");
  expect(snapshotTree(workspace)).toEqual(before);
  await expect(glovebox.commitRun(run_id)).rejects.toMatchObject({ code: "STATE_INVALID" });
  expect(await listRuns(state)).toMatchObject([{ state: "cancelled", rollback: "full" }]);
});

test.each([
  ["a file that it changes is edited", "a.txt"],
  ["a file that it creates is there now", "c.txt"],
])("when %s meanwhile, a commit is a conflict, applies nothing, and the run stays kept", async (_what, name) => {
  const { workspace, state, open, review } = keptRuns();
  const { run_id } = await review([write("a.txt", "new\n"), write("c.txt", "c\n")]);
  writeFileSync(join(workspace, name), "someone else's");
  const before = snapshotTree(workspace);
  const glovebox = await open();
  await expect(glovebox.commitRun(run_id)).rejects.toMatchObject({ code: "COMMIT_CONFLICT" });
  expect(snapshotTree(workspace)).toEqual(before);
  expect(await listRuns(state)).toMatchObject([{ state: "kept" }]);
  expect(await glovebox.discardRun(run_id)).toMatchObject({ status: "cancelled" });
});

test("files that the run did not touch may change before its commit", async () => {
  const { workspace, open, review } = keptRuns();
  const { run_id } = await review([write("a.txt", "new\n")]);
  writeFileSync(join(workspace, "b.txt"), "someone else's");
  expect(await (await open()).commitRun(run_id)).toMatchObject({ status: "completed", committed: true });
});

test("a run that fails is not kept", async () => {
  const { workspace, state, review } = keptRuns();
  const before = snapshotTree(workspace);
  const report = await review([write("a.txt", "x"), { action: "file.read", params: { path: "/project/none" } }]);
  expect(report).toMatchObject({ status: "failed", rollback: "full" });
  expect(await listRuns(state)).toMatchObject([{ state: "failed", rollback: "full" }]);
  expect(snapshotTree(workspace)).toEqual(before);
});

test("a run belongs to its workspace", async () => {
  const { state, review } = keptRuns();
  const { run_id } = await review([write("a.txt", "new\n")]);
  const other = await keptRuns().open({ stateDirectory: state });
  await expect(other.commitRun(run_id)).rejects.toMatchObject({ code: "STATE_INVALID" });
});

test("changes that somebody exchanged or removed in the state directory are not committed", async () => {
  const { state, workspace, open, review } = keptRuns();
  const { run_id } = await review([write("a.txt", "new\n")]);
  const other = await review([write("a.txt", "evil\n")]);
  writeFileSync(changesOf(state, run_id), readFileSync(changesOf(state, other.run_id)));
  await expect((await open()).commitRun(run_id)).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
  rmSync(changesOf(state, run_id));
  await expect((await open()).commitRun(run_id)).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
  expect(readFileSync(join(workspace, "a.txt"), "utf8")).toBe("a\n");
  expect(await (await open()).discardRun(run_id)).toMatchObject({ status: "cancelled" });
});

test("names that are no runs, and parts of ids that several have, are told apart", async () => {
  const { state, review } = keptRuns();
  const [first, second] = [await review([write("a.txt", "1")]), await review([write("a.txt", "2")])];
  expect((await readRun(first.run_id.slice(-6), state)).run_id).toBe(first.run_id);
  await expect(readRun("-", state)).rejects.toThrow(/2 runs have that/);
  for (const name of ["../../etc", "", "ffffff-none", `${second.run_id}/..`]) {
    await expect(readRun(name, state)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  }
});

test("what is kept is for its user alone, and a plan without outside effects keeps nothing unless asked", async () => {
  const { state, workspace, open, review } = keptRuns();
  const glovebox = await open();
  const plan = { value: { plan_id: "p", steps: [write("a.txt", "new\n")] } };
  const scope = { value: SCOPE, directory: workspace };
  expect((await glovebox.run(plan, scope)).run_id).toBeUndefined();
  expect(await listRuns(state)).toEqual([]);
  expect((await glovebox.run(plan, scope, { record: true })).run_id).toBeDefined();
  const { run_id } = await review([write("a.txt", "new\n")]);
  expect(statSync(join(state, "runs", run_id)).mode & 0o777).toBe(0o700);
  expect(statSync(join(state, "runs", run_id, "journal.jsonl")).mode & 0o777).toBe(0o600);
  expect(statSync(changesOf(state, run_id)).mode & 0o777).toBe(0o600);
});

describe("a commit without some steps", () => {
  const steps = [
    { id: "read", action: "file.read", params: { path: "/project/a.txt" } },
    { action: "file.write", params: { path: "/project/copy.txt", text: `x\${{ steps.read.output[0] }}` } },
    write("b.txt", "new\n"),
    { action: "file.read", params: { path: "/project/b.txt" }, needs: ["3"] },
  ];

  test("leaves out those that depend on them, too, checks the rest, and runs it again", async () => {
    const { workspace, state, open, review } = keptRuns();
    const { run_id } = await review(steps);
    const report = await (await open()).commitRun(run_id, { without: ["read"] });
    expect(report).toMatchObject({ status: "completed", committed: true });
    expect(report.steps.map(({ id }) => id)).toEqual(["3", "4"]);
    expect(report.steps[1]?.output).toEqual(["new"]);
    expect(snapshotTree(workspace).filter((line) => line.startsWith("copy"))).toEqual([]);
    expect(readFileSync(join(workspace, "b.txt"), "utf8")).toBe("new\n");
    expect(await listRuns(state)).toMatchObject([{ run_id, state: "cancelled" }]);
  });

  test("is refused for steps that there are not, for all steps, and over files that have changed; the run stays kept", async () => {
    const { workspace, state, open, review } = keptRuns();
    const { run_id } = await review(steps);
    const glovebox = await open();
    const without = (...ids: string[]): Promise<unknown> => glovebox.commitRun(run_id, { without: ids });
    await expect(without("raed")).rejects.toMatchObject({ code: "REFERENCE_INVALID" });
    await expect(without("read", "3")).rejects.toMatchObject({ code: "PLAN_REJECTED" });
    writeFileSync(join(workspace, "b.txt"), "someone else's");
    await expect(without("read")).rejects.toMatchObject({ code: "COMMIT_CONFLICT" });
    expect(await listRuns(state)).toMatchObject([{ run_id, state: "kept" }]);
  });
});

test("the time that guests see goes on where it stood, in another process, too", async () => {
  const { workspace, open } = keptRuns();
  const steps = [
    { id: "one", action: "file.list", params: { path: "/project" } },
    { ...write("late.txt", "x"), id: "two" },
  ];
  const scope = { value: { ...SCOPE, approve: ["file.write"] }, directory: workspace };
  const glovebox = await open({ startTime: 1_000_000_000_000_000_000n });
  const plan = { value: { plan_id: "p", steps } };
  const whole = await glovebox.run(plan, scope, { approve: async ({ hash }) => ({ approved: true, hash }) });
  expect(whole.status).toBe("completed");
  const mtime = statSync(join(workspace, "late.txt"), { bigint: true }).mtimeNs;
  rmSync(join(workspace, "late.txt"));
  const { run_id = "", status } = await glovebox.run(plan, scope);
  expect(status).toBe("kept");
  expect(await (await open()).approveRun(run_id, "two", { approved: true })).toMatchObject({ committed: true });
  expect(statSync(join(workspace, "late.txt"), { bigint: true }).mtimeNs).toBe(mtime);
});

test("a conflict that only the commit finds leaves the run kept, too", async () => {
  const { workspace, state, open, review } = keptRuns();
  mkdirSync(join(workspace, "old"));
  const { run_id } = await review([{ action: "file.remove", params: { path: "/project/old", recursive: true } }]);
  writeFileSync(join(workspace, "old", "new.txt"), "someone else's");
  const before = snapshotTree(workspace);
  await expect((await open()).commitRun(run_id)).rejects.toMatchObject({ code: "COMMIT_CONFLICT" });
  expect(snapshotTree(workspace)).toEqual(before);
  expect(await listRuns(state)).toMatchObject([{ state: "kept" }]);
  rmSync(join(workspace, "old", "new.txt"));
  expect(await (await open()).commitRun(run_id)).toMatchObject({ committed: true });
});

test("a run whose process died right after it was kept can be committed, or discarded without its tools' help", async () => {
  const { workspace, state, open, review } = keptRuns();
  const [first, second] = [await review([write("a.txt", "1")]), await review([write("a.txt", "2")])];
  for (const { run_id } of [first, second]) rmSync(join(state, "runs", run_id, "report.json"));
  const glovebox = await open();
  expect((await readRun(first.run_id, state)).report).toBeNull();
  expect(await glovebox.discardRun(first.run_id)).toMatchObject({ status: "cancelled", rollback: "full" });
  expect(await glovebox.commitRun(second.run_id)).toMatchObject({ committed: true });
  expect(readFileSync(join(workspace, "a.txt"), "utf8")).toBe("2");
});

test("changes that were being kept when the process died do no harm to those that the journal tells of", async () => {
  const { workspace, state, open, review } = keptRuns();
  const { run_id } = await review([write("a.txt", "new\n")]);
  writeFileSync(join(state, "runs", run_id, "changes-0123456789abcdef.bin"), "half");
  expect(await (await open()).commitRun(run_id)).toMatchObject({ committed: true });
  expect(readFileSync(join(workspace, "a.txt"), "utf8")).toBe("new\n");
  expect(readdirSync(join(state, "runs", run_id)).filter((name) => name.startsWith("changes"))).toEqual([]);
});

/** The file with the changes of a run. */
function changesOf(state: string, run: string): string {
  const directory = join(state, "runs", run);
  return join(directory, readdirSync(directory).find((name) => name.startsWith("changes-")) ?? "");
}
