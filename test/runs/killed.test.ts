// A real process that is killed at each write to its journal, and what another one makes of what it left.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listRuns, openGlovebox, type RunReport } from "../../host/index.ts";
import { buildGuest } from "../guests/build.ts";
import { loopback, serve } from "../network/web.ts";
import { ref } from "../plan/support/documents.ts";
import { testCache } from "../support/runs.ts";
import { snapshotTree, temporaryDirectory } from "../support/tree.ts";

interface Killed {
  readonly died: boolean;
  /** What the server was asked for, in order, by both processes. */
  readonly asked: readonly string[];
  readonly report: RunReport | null;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const send = (url: string): object => ({ request: { method: "POST", url, headers: [], body: "" } });

function stepsOf(base: string, fails: boolean): readonly object[] {
  const action = "example/web.send";
  const effect = (id: string): object => ({
    ...{ id, action, params: send(`${base}/do-${id}`) },
    compensate: { action, params: send(`${base}/undo-${id}`) },
  });
  const text = `${ref("steps.one.output.status")} ${ref("steps.two.output.status")}`;
  const write = { id: "write", action: "file.write", params: { path: "/project/new.txt", text } };
  const read = { id: "read", action: "file.read", params: { path: "/project/nowhere" } };
  return [effect("one"), effect("two"), write, ...(fails ? [read] : [])];
}

/** Runs a plan in a process that dies at its nth write, and recovers it here. */
async function killAt(nth: number, fails: boolean, tool: string): Promise<Killed> {
  const asked: string[] = [];
  const { port } = await serve((request, response) => {
    asked.push((request.url ?? "").slice(1));
    response.end();
  });
  const directories = { workspace: temporaryDirectory(), state: temporaryDirectory(), cacheDirectory: testCache };
  const scope = {
    scope: "killed",
    actions: ["file.*", { action: "example/*", irreversible: "consent" }],
    filesystem: [{ path: "/project", access: "write" }],
    network: [loopback(port)],
    limits: { network_requests: 20 },
  };
  const plan = { plan_id: "killed", steps: stepsOf(`http://127.0.0.1:${port}`, fails) };
  const setup = join(temporaryDirectory(), "setup.json");
  writeFileSync(setup, JSON.stringify({ ...directories, tool, plan, scope }));
  const before = snapshotTree(directories.workspace);
  const died = await runToDeath([join(import.meta.dirname, "killed-run.ts"), setup, String(nth)]);
  const { workspace, state: stateDirectory, cacheDirectory } = directories;
  const [run] = await listRuns(stateDirectory);
  const glovebox = await openGlovebox({ workspace, stateDirectory, tools: [tool], executor: "inline", cacheDirectory });
  const known = run === undefined || run.state === "damaged" ? null : run;
  const report = known === null ? null : await glovebox.recoverRun(known.run_id);
  if (known !== null) expect(await glovebox.recoverRun(known.run_id)).toBeNull();
  await glovebox.close();
  return { died, asked, report, before, after: snapshotTree(workspace) };
}

function runToDeath(args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => (code === 0 || signal === "SIGKILL" ? resolve(code !== 0) : reject(code)));
  });
}

/** Each effect at most once; what was done and does not stand was undone once, or is said to be left. */
function expectTold({ asked, report, before, after }: Killed): void {
  expect(new Set(asked).size).toBe(asked.length);
  if (after.some((line) => line.startsWith("new.txt"))) {
    expect(asked).toEqual(["do-one", "do-two"]);
    return;
  }
  expect(after).toEqual(before);
  const done = asked.filter((one) => one.startsWith("do-")).map((one) => one.slice(3));
  const undone = asked.filter((one) => one.startsWith("undo-")).map((one) => one.slice(5));
  const left = (report?.error?.data?.left ?? []) as readonly string[];
  for (const id of done) expect(undone.includes(id) || left.includes(id), `${id} of ${asked}, left ${left}`).toBe(true);
  expect(undone).toEqual(["two", "one"].filter((id) => undone.includes(id)));
}

/** How many writes are tried at once: each is a process that mostly waits. */
const AT_ONCE = 4;

/** The writes from `first` to the last one that there is. */
async function killAtEach(first: number, fails: boolean, tool: string): Promise<readonly Killed[]> {
  const all: Killed[] = [];
  for (let nth = first; all.every(({ died }) => died); nth += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, index) => killAt(nth + index, fails, tool));
    all.push(...(await Promise.all(some)));
  }
  return all;
}

test.each([
  ["fails", true, 1, 10],
  ["completes, from before its commit on", false, 6, 2],
])(
  "G2, G3: a host that is killed at any write to the journal of a plan that %s is recovered, and nothing is done twice",
  async (_how, fails, first, leastDeaths) => {
    const tool = join(temporaryDirectory(), "web.wasm");
    writeFileSync(tool, await buildGuest("http"));
    const all = await killAtEach(first, fails, tool);
    for (const killed of all) expectTold(killed);
    expect(all.filter(({ died }) => died).length).toBeGreaterThanOrEqual(leastDeaths);
    const survivor = all.find(({ died }) => !died);
    expect(survivor?.asked).toEqual(["do-one", "do-two", ...(fails ? ["undo-two", "undo-one"] : [])]);
  },
);
