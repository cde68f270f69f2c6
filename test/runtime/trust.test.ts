import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Glovebox, openGlovebox, type RunReport, trustEntries } from "../../host/index.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

const SCOPE = {
  scope: "earned",
  actions: ["file.*"],
  filesystem: [{ path: "/project", access: "write" }],
  trust: [
    { level: "new", allowed_actions: ["file.read"] },
    { level: "known", after: 2 },
  ],
};

interface Office {
  readonly state: string;
  readonly glovebox: Glovebox;
  run(action: string, agent?: string, params?: object): Promise<RunReport>;
}

async function office(): Promise<Office> {
  const workspace = temporaryDirectory();
  const state = temporaryDirectory();
  writeFileSync(join(workspace, "a.txt"), "a\n");
  const options = { workspace, stateDirectory: state, executor: "inline", cacheDirectory: testCache } as const;
  const glovebox = await openGlovebox({ ...options, durability: "fast" });
  onTestFinished(() => glovebox.close());
  const run: Office["run"] = (action, agent, params = {}) => {
    const text = action === "file.write" ? { text: "b\n" } : {};
    const steps = [{ action, params: { path: "/project/a.txt", ...text, ...params } }];
    const who = agent === undefined ? {} : { agent };
    return glovebox.run({ value: { plan_id: "p", steps } }, { value: SCOPE, directory: workspace }, who);
  };
  return { state, glovebox, run };
}

test("an agent earns a level by clean runs, and loses it by one violation", async () => {
  const { run, state } = await office();
  expect(await run("file.write", "bot")).toMatchObject({
    status: "rejected",
    findings: [{ code: "ACTION_DENIED", message: expect.stringContaining('the trust level "new"') }],
  });
  for (let times = 0; times < 2; times++) expect((await run("file.read", "bot")).status).toBe("completed");
  expect((await run("file.write", "bot")).status).toBe("completed");
  expect((await run("file.read", "bot", { path: "/etc/passwd" })).status).toBe("rejected");
  expect((await run("file.write", "bot")).status).toBe("rejected");
  expect(trustEntries({ stateDirectory: state }).map(({ outcome, from, to, why }) => [outcome, from, to, why])).toEqual(
    [
      ["violation", "new", "new", "ACTION_DENIED at /steps/0/action: it stays at new, the lowest level"],
      ["clean", "new", "new", "1 of 2 clean runs in a row for known"],
      ["clean", "new", "known", "2 of 2 clean runs in a row: up to known"],
      ["clean", "known", "known", "a clean run at the highest level"],
      ["violation", "known", "new", "PATH_DENIED at /steps/0/params/path: down to new"],
      ["violation", "new", "new", "ACTION_DENIED at /steps/0/action: it stays at new, the lowest level"],
    ],
  );
});

test("agents earn for themselves, and one without a name has the lowest level and earns nothing", async () => {
  const { run, state } = await office();
  for (let times = 0; times < 3; times++) await run("file.read", "one");
  for (let times = 0; times < 3; times++) await run("file.read");
  expect((await run("file.write", "one")).status).toBe("completed");
  expect((await run("file.write", "two")).status).toBe("rejected");
  expect((await run("file.write")).status).toBe("rejected");
  expect(new Set(trustEntries({ stateDirectory: state }).map(({ agent }) => agent))).toEqual(new Set(["one", "two"]));
});

test("asking with check costs nothing, and sees the level", async () => {
  const { glovebox, state } = await office();
  const plan = { value: { plan_id: "p", steps: [{ action: "file.write", params: { path: "/project/a", text: "" } }] } };
  expect(glovebox.check(plan, { value: SCOPE }, { agent: "bot" }).accepted).toBe(false);
  expect(trustEntries({ stateDirectory: state })).toEqual([]);
});

test("a name that could be mistaken for something else is no name of an agent", async () => {
  const { run } = await office();
  await expect(run("file.read", "bot\n; admin")).rejects.toMatchObject({ code: "USAGE_INVALID" });
});
