// A run that waits for a person: what is shown, how it is answered, and how its commands end.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunReport } from "../../host/index.ts";
import { directoryWith, type Ended, inProcess } from "./glovebox.ts";

const SCOPE =
  "scope: careful\nactions: ['file.*']\napprove: [file.remove]\nfilesystem: [{ path: /project, access: write }]\n";
const PLAN = `
plan_id: tidy
steps:
  - { id: note, action: file.write, params: { path: /project/note.txt, text: "tidied\\n" } }
  - { id: remove, action: file.remove, reason: it is old, params: { path: /project/a.txt } }
`;

interface Waiting {
  readonly directory: string;
  readonly ended: Ended;
  readonly run: string;
  glovebox(...args: string[]): Promise<Ended>;
}

async function waiting(): Promise<Waiting> {
  const directory = directoryWith({ "plan.yaml": PLAN, "scope.yaml": SCOPE, "a.txt": "old\n" });
  const state = directoryWith({});
  const glovebox = (...args: string[]): Promise<Ended> => inProcess([...args, "--state", state]);
  const files = [join(directory, "plan.yaml"), "--scope", join(directory, "scope.yaml"), "--executor", "inline"];
  const ended = await glovebox("run", ...files);
  const [run = ""] = readdirSync(join(state, "runs"));
  return { directory, ended, run, glovebox };
}

function known(text: string, { run }: Waiting): string {
  return text
    .replaceAll(run, "RUN")
    .replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:...")
    .replaceAll(/[0-9.]+ (?:ms|s)\b/g, "TIME");
}

test("a run that waits says for what, and how to see and answer it, and has an exit code of its own", async () => {
  const here = await waiting();
  expect(here.ended.code).toBe(75);
  expect(known(here.ended.stdout, here).split("\n").slice(0, 3)).toEqual([
    "● waits  tidy: nothing is committed yet; the run is RUN",
    "  RUN_SUSPENDED  step remove waits: the scope wants file.remove approved by a person",
    "    hint: `glovebox approve RUN` shows what it is about; add the step to approve it.",
  ]);
  expect(existsSync(join(here.directory, "note.txt"))).toBe(false);
});

test("approve without a step shows the very call, the tool, its effect and what was changed so far", async () => {
  const here = await waiting();
  const { code, stdout } = await here.glovebox("approve", here.run);
  expect(code).toBe(0);
  expect(known(stdout, here)).toMatchSnapshot();
  const json = await here.glovebox("approve", here.run, "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({
    run_id: here.run,
    requests: [{ step: "remove", effect: "reversible" }],
  });
});

test("approve with a step goes on with the run", async () => {
  const { glovebox, run, directory } = await waiting();
  const { code, stdout } = await glovebox("approve", run.slice(-6), "remove", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout) as RunReport).toMatchObject({ status: "completed", committed: true, run_id: run });
  expect(existsSync(join(directory, "a.txt"))).toBe(false);
  expect(existsSync(join(directory, "note.txt"))).toBe(true);
});

test("--deny rolls the run back, and says whose word it was", async () => {
  const { glovebox, run, directory } = await waiting();
  const { code, stdout } = await glovebox("approve", run, "remove", "--deny", "--reason", "keep it, says ops");
  expect(code).toBe(1);
  expect(stdout).toContain("keep it, says ops");
  expect(existsSync(join(directory, "a.txt"))).toBe(true);
  expect(existsSync(join(directory, "note.txt"))).toBe(false);
});

test("--later writes the answer down, and commit goes on with the run", async () => {
  const { glovebox, run, directory } = await waiting();
  const { code, stdout } = await glovebox("approve", run, "remove", "--later");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `the answer (approved) is written down; \`glovebox commit ${run}\` goes on with the run\n`,
  });
  expect(existsSync(join(directory, "a.txt"))).toBe(true);
  expect((await glovebox("commit", run)).code).toBe(0);
  expect(existsSync(join(directory, "a.txt"))).toBe(false);
});

test.each([
  [["approve", "nothing"], 64, /"nothing" names no run/],
  [
    ["approve", "RUN", "note"],
    64,
    /does not wait for an answer about step note\n {4}hint: It waits for one about step remove/,
  ],
  [["approve", "RUN", "remove", "--expires", "soon"], 64, /--expires takes 1 to 10080 minutes, not "soon"/],
])("%j is refused with what to do", async (args, code, says) => {
  const here = await waiting();
  const ended = await here.glovebox(...args.map((arg) => (arg === "RUN" ? here.run : arg)));
  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(says);
});
