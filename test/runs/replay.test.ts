// A run that is made again from its journal: the same, or the first difference is named. Nothing is committed, and nothing leaves.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRun } from "../../host/index.ts";
import { CHAIN_START, hashOf, lineOf } from "../../host/journal/chain.ts";
import { sha256 } from "../../host/runs/run-store-node.ts";
import { buildGuest } from "../guests/build.ts";
import { loopback, serve } from "../network/web.ts";
import { ref } from "../plan/support/documents.ts";
import { snapshotTree } from "../support/tree.ts";
import { keptRuns, SCOPE, write } from "./support.ts";

const read = { id: "read", action: "file.read", params: { path: "/project/a.txt" } };
const copy = write("copy.txt", `${ref("steps.read.output[0]")}!`, { id: "copy" });

describe.each(["inline", "process"] as const)("%s", (executor) => {
  test("a run is the same again, over the files that it saw, and changes nothing", async () => {
    const { workspace, open, review } = keptRuns(executor);
    const kept = await review([read, copy]);
    const before = snapshotTree(workspace);
    const replay = await (await open()).replay({ run: kept.run_id });
    expect(replay).toMatchObject({ same: true, calls: 2, fuel: kept.fuel, run_id: kept.run_id });
    expect(replay.report.steps.map(({ output }) => output)).toEqual(kept.steps.map(({ output }) => output));
    expect(snapshotTree(workspace)).toEqual(before);
  });
});

test("a run with steps side by side, one that fails, and retries is the same again", async () => {
  const { state, open, review } = keptRuns("process");
  const steps = [
    { ...read, needs: [] },
    write("one.txt", "1", { id: "one", needs: [] }),
    write("two.txt", "2", { id: "two", needs: [] }),
    { action: "file.read", params: { path: "/project/none" }, retries: 1, on_error: "continue", needs: ["one"] },
    { action: "file.read", params: { path: "/project/gone" }, needs: ["two"] },
  ];
  const report = await review(steps);
  expect(report.status).toBe("failed");
  const replay = await (await open()).replay({ run: report.run_id });
  expect(replay.divergence).toBeUndefined();
  expect(replay.outcome).toBe((await readRun(report.run_id, state)).receipt.outcome);
});

test("another process with nothing but the journal's text and the files replays it, and gets the outcome of its receipt", async () => {
  const { workspace, state, open } = keptRuns();
  const glovebox = await open();
  const scope = { value: SCOPE, directory: workspace };
  const { run_id = "" } = await glovebox.run({ value: { plan_id: "p", steps: [read] } }, scope, { record: true });
  const { receipt, journal } = await readRun(run_id, state);
  expect(receipt).toMatchObject({ run_id, status: "completed", committed: true, calls: 1 });
  const elsewhere = keptRuns();
  const replay = await (await elsewhere.open()).replay({ journal: readFileSync(journal, "utf8") });
  expect(replay).toMatchObject({ same: true, outcome: receipt.outcome });
});

test("E9: what went over the network is played from the journal, and no server is asked", async () => {
  const asked: string[] = [];
  const { port } = await serve((request, response) => {
    asked.push(request.url ?? "");
    response.end(`answer ${asked.length}`);
  });
  const { workspace, open } = keptRuns();
  const tools = [{ name: "web", bytes: await buildGuest("http") }];
  const url = `http://127.0.0.1:${port}/`;
  const request = (path: string): object => ({ request: { method: "POST", url: url + path, headers: [], body: "" } });
  const action = "example/web.send";
  const effect = { id: "do", action, params: request("do"), compensate: { action, params: request("undo") } };
  const scope = {
    ...SCOPE,
    actions: ["file.*", { action: "example/*", irreversible: "consent" }],
    network: [loopback(port)],
    limits: { network_requests: 10 },
  };
  const failing = { action: "file.read", params: { path: `/project/${ref("steps.do.output.status")}` } };
  const glovebox = await open({ tools });
  const plan = { value: { plan_id: "p", steps: [effect, failing] } };
  const report = await glovebox.run(plan, { value: scope, directory: workspace });
  expect(report).toMatchObject({ status: "failed", rollback: "full" });
  expect(asked).toEqual(["/do", "/undo"]);
  const replay = await glovebox.replay({ run: report.run_id ?? "" });
  expect(replay.divergence).toBeUndefined();
  expect(replay).toMatchObject({ same: true, calls: 3 });
  expect(replay.report.steps[0]?.network).toEqual(report.steps[0]?.network);
  expect(asked).toHaveLength(2);
});

describe("the first difference is named", () => {
  test("when a file that it read is another one", async () => {
    const { workspace, open, review } = keptRuns();
    const { run_id } = await review([read, copy]);
    writeFileSync(join(workspace, "a.txt"), "other\n");
    const { same, divergence } = await (await open()).replay({ run: run_id });
    expect(same).toBe(false);
    expect(divergence).toMatchObject({ code: "REPLAY_DIVERGED", data: { step: "read", purpose: "step", number: 1 } });
    expect(divergence?.message).toContain('["other"]');
  });

  test("when the journal was forged: an output, an argument, an outcome, a call that was never made", async () => {
    const { state, workspace, open } = keptRuns();
    const glovebox = await open();
    const scope = { value: SCOPE, directory: workspace };
    const { run_id = "" } = await glovebox.run({ value: { plan_id: "p", steps: [read] } }, scope, { record: true });
    const { journal } = await readRun(run_id, state);
    const text = readFileSync(journal, "utf8");
    const forged = (
      from: string | RegExp,
      to: string,
    ): Promise<{ readonly divergence?: { readonly message: string } }> =>
      glovebox.replay({ journal: rechained(text.replace(from, to)) });
    expect((await forged('"output":["a"]', '"output":["b"]')).divergence?.message).toMatch(
      /step read, call 1: .*outcome/,
    );
    expect(
      (await forged('"path":"/project/a.txt"},"external"', '"path":"/project/b.txt"},"external"')).divergence?.message,
    ).toMatch(/step read, call 1 is not what the journal has: other arguments/);
    expect(
      (await forged(/"outcome":"sha256:[0-9a-f]{64}"/, `"outcome":"sha256:${"0".repeat(64)}"`)).divergence?.message,
    ).toMatch(/the outcome is not/);
    const more = text
      .split("\n")
      .flatMap((line) => (line.includes("call.intent") ? [line, line.replace('"number":1', '"number":2')] : [line]));
    expect((await glovebox.replay({ journal: rechained(more.join("\n")) })).divergence?.message).toMatch(
      /step read, call 2: the recorded run called file.read, and this one did not/,
    );
    await expect(forged(/"plan_hash":"sha256:[0-9a-f]{64}"/, `"plan_hash":"sha256:${"0".repeat(64)}"`)).rejects.toThrow(
      /names the plan/,
    );
    await expect(glovebox.replay({ journal: text.replace('"output":["a"]', '"output":["b"]') })).rejects.toMatchObject({
      code: "JOURNAL_FAILED",
    });
  });
});

/** A journal whose chain somebody made anew. */
function rechained(text: string): string {
  let previous = CHAIN_START;
  const lines = text.trimEnd().split("\n");
  return lines
    .map((line) => {
      const made = lineOf(previous, JSON.parse(line).entry);
      previous = hashOf(made, sha256);
      return made;
    })
    .join("");
}

test("a journal that was made to put files where none can be is refused, and nothing is touched", async () => {
  const { workspace, state, open } = keptRuns();
  const glovebox = await open();
  const scope = { value: SCOPE, directory: workspace };
  const plan = { value: { plan_id: "p", steps: [write("a.txt", "new")] } };
  const { run_id = "" } = await glovebox.run(plan, scope, { record: true });
  const text = readFileSync((await readRun(run_id, state)).journal, "utf8");
  const before = snapshotTree(workspace);
  for (const path of ["../evil", "/etc/evil", "a.txt/evil", "bad\\u0000name"]) {
    const forged = text.replace('"before","entries":[{"path":"a.txt"', `"before","entries":[{"path":"${path}"`);
    expect(forged).not.toBe(text);
    await expect(glovebox.replay({ journal: rechained(forged) })).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
  }
  expect(snapshotTree(workspace)).toEqual(before);
});

describe("a run that was committed", () => {
  const steps = [
    read,
    write("a.txt", `${ref("steps.read.output[0]")}!\n`, { id: "edit" }),
    write("deep/new.txt", "new", { id: "add" }),
    { id: "list", action: "file.list", params: { path: "/project" } },
    { id: "gone", action: "file.remove", params: { path: "/project/old", recursive: true } },
    { id: "move", action: "file.move", params: { from: "/project/b.txt", to: "/project/c.txt" } },
  ];

  test.each(["inline", "process"] as const)("is the same again over the files that it left, %s", async (executor) => {
    const { workspace, state, open } = keptRuns(executor);
    mkdirSync(join(workspace, "old/inner"), { recursive: true });
    writeFileSync(join(workspace, "old/inner/x.txt"), "x", { mode: 0o640 });
    symlinkSync("a.txt", join(workspace, "old/link"));
    const glovebox = await open();
    const scope = { value: SCOPE, directory: workspace };
    const report = await glovebox.run({ value: { plan_id: "p", steps } }, scope, { record: true });
    expect(report).toMatchObject({ status: "completed", committed: true });
    const after = snapshotTree(workspace);
    const replay = await glovebox.replay({ run: report.run_id ?? "" });
    expect(replay.divergence).toBeUndefined();
    expect(replay).toMatchObject({ same: true, calls: 6 });
    expect(replay.outcome).toBe((await readRun(report.run_id ?? "", state)).receipt.outcome);
    expect(snapshotTree(workspace)).toEqual(after);
  });

  test("is another one over files that were changed since", async () => {
    const { workspace, open, review } = keptRuns();
    mkdirSync(join(workspace, "old"));
    const { run_id } = await review(steps);
    const glovebox = await open();
    expect(await glovebox.commitRun(run_id)).toMatchObject({ committed: true });
    expect(await glovebox.replay({ run: run_id })).toMatchObject({ same: true });
    writeFileSync(join(workspace, "more.txt"), "someone else's");
    expect((await glovebox.replay({ run: run_id })).divergence).toMatchObject({ data: { step: "list" } });
  });
});
