// The commands for runs that are kept, as a person uses them.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { directoryWith, glovebox, inProcess } from "./glovebox.ts";

const SCOPE = 'scope: review\nactions: ["file.*"]\nfilesystem: [{ path: /project, access: write }]\n';
const PLAN = `
plan_id: rename
steps:
  - { id: greet, action: file.write, params: { path: /project/a.txt, text: "hello\\n" } }
  - { id: other, action: file.write, params: { path: /project/b.txt, text: "b\\n" } }
`;

interface Reviewed {
  readonly directory: string;
  readonly state: readonly string[];
  readonly run: string;
  readonly stdout: string;
}

async function reviewed(state: readonly string[] = ["--state", directoryWith({})]): Promise<Reviewed> {
  const directory = directoryWith({ "scope.yaml": SCOPE, "plan.yaml": PLAN, "a.txt": "hi\n" });
  const args = ["run", join(directory, "plan.yaml"), "--scope", join(directory, "scope.yaml"), "--review", ...state];
  const { stdout, code } = await inProcess([...args, "--executor", "inline"]);
  expect(code).toBe(0);
  return { directory, state, stdout, run: /the run is (\S+)/.exec(stdout)?.[1] ?? "" };
}

/** What is the same in every run. */
function stable(text: string, { run, directory }: Reviewed): string {
  return text
    .replaceAll(run, "RUN")
    .replaceAll(directory, "DIR")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME");
}

test("a run for review says what it would change and what can be done with it", async () => {
  const kept = await reviewed();
  const text = stable(kept.stdout, kept);
  expect(text).toMatch(/^● kept {2}rename: nothing is committed yet; the run is RUN\n/);
  expect(text).toContain("glovebox commit RUN, or glovebox discard RUN");
  expect(text).toContain("Would change: 2 files");
  expect(readFileSync(join(kept.directory, "a.txt"), "utf8")).toBe("hi\n");
});

test("runs are listed, shown and committed by commands of their own", async () => {
  const kept = await reviewed();
  const list = await inProcess(["runs", ...kept.state]);
  expect(stable(list.stdout, kept)).toMatchInlineSnapshot(`
    "RUN                     STATE  PLAN    BEGUN                WORKSPACE
    RUN  kept   rename  TIME  DIR

    kept: see \`glovebox diff RUN\`, then \`glovebox commit RUN\` or \`glovebox discard RUN\`
    "
  `);
  const shown = await inProcess(["diff", kept.run, ...kept.state]);
  expect(stable(shown.stdout, kept)).toMatchInlineSnapshot(`
    "rename RUN, kept
    Would change: 2 files
    M /project/a.txt (modified, 6 B)
      @@ -1,1 +1,1 @@
      -hi
      +hello
    A /project/b.txt (added, 2 B)
      @@ -0,0 +1,1 @@
      +b
    "
  `);
  const committed = await glovebox(["commit", kept.run.slice(-6), ...kept.state, "--json"]);
  expect(JSON.parse(committed.stdout)).toMatchObject({ status: "completed", committed: true, run_id: kept.run });
  expect(committed.code).toBe(0);
  expect(readFileSync(join(kept.directory, "a.txt"), "utf8")).toBe("hello\n");
  const after = await inProcess(["runs", "--json", ...kept.state]);
  expect(JSON.parse(after.stdout)).toMatchObject({ runs: [{ run_id: kept.run, state: "completed" }] });
});

test("a commit without a step leaves that step out", async () => {
  const kept = await reviewed();
  const { stdout, code } = await inProcess(["commit", kept.run, "--without", "greet", ...kept.state]);
  expect(stdout).toMatch(/✔ completed {2}rename/);
  expect(code).toBe(0);
  expect(readFileSync(join(kept.directory, "a.txt"), "utf8")).toBe("hi\n");
  expect(readFileSync(join(kept.directory, "b.txt"), "utf8")).toBe("b\n");
});

test("a run that is discarded is gone, and that is no failure", async () => {
  const kept = await reviewed();
  const { stdout, code } = await inProcess(["discard", kept.run, ...kept.state]);
  expect(stdout).toMatch(/cancelled {2}rename: everything was rolled back/);
  expect(code).toBe(0);
  const again = await inProcess(["commit", kept.run, ...kept.state]);
  expect(again).toMatchObject({ code: 64 });
  expect(stable(again.stderr, kept)).toMatchInlineSnapshot(`
    "glovebox: the run RUN cannot be committed: it is not kept (ended: cancelled)
        hint: Only runs that are kept wait for a decision; \`glovebox runs\` lists them.
    "
  `);
});

test("a conflict is told, and leaves the run and the files as they are", async () => {
  const kept = await reviewed();
  writeFileSync(join(kept.directory, "a.txt"), "mine\n");
  const { stderr, code } = await inProcess(["commit", kept.run, ...kept.state]);
  expect(code).toBe(1);
  expect(stable(stderr, kept)).toMatchInlineSnapshot(`
    "glovebox: the files changed since the run was kept: a.txt; nothing was applied
        hint: Discard the run, and run the plan again over the files as they are now.
    "
  `);
  expect(readFileSync(join(kept.directory, "a.txt"), "utf8")).toBe("mine\n");
});

test("names that are no runs, and nothing to list or recover, are said plainly", async () => {
  const state = ["--state", directoryWith({})];
  expect(await inProcess(["runs", ...state])).toMatchObject({ code: 0, stdout: "no runs are kept\n" });
  expect(await inProcess(["recover", ...state])).toMatchObject({ code: 0, stdout: "nothing to recover\n" });
  const { stderr, code } = await inProcess(["diff", "../../etc/passwd", ...state]);
  expect(code).toBe(64);
  expect(stderr).toMatchInlineSnapshot(`
    "glovebox: "../../etc/passwd" names no run: there is no such run
        hint: \`glovebox runs\` lists those that are kept.
    "
  `);
});

test("a run is replayed by its id or from its journal, its receipt is checked, and a difference is the exit code", async () => {
  const kept = await reviewed();
  const { stdout: receipt } = await inProcess(["receipt", kept.run, ...kept.state]);
  expect(JSON.parse(receipt)).toMatchObject({ version: 1, run_id: kept.run, status: "kept", calls: 2 });
  const file = join(kept.directory, "receipt.json");
  writeFileSync(file, receipt);
  const same = await inProcess(["replay", kept.run, "--receipt", file, ...kept.state]);
  expect(stable(same.stdout, kept).replace(/[0-9a-f]{64}/g, "HASH")).toMatchInlineSnapshot(`
    "✔ the same again  rename: 2 calls, 7,674 fuel
    run RUN, kept · outcome sha256:HASH · journal sha256:HASH
    "
  `);
  expect(same.code).toBe(0);
  const journal = join(kept.state[1] ?? "", "runs", kept.run, "journal.jsonl");
  rmSync(join(kept.directory, "a.txt"));
  const other = await inProcess(["replay", journal]);
  expect(stable(other.stdout, kept).replace(/[0-9a-f]{64}/g, "HASH")).toMatchInlineSnapshot(`
    "✘ different  rename
      REPLAY_DIVERGED  step greet, call 1: file.write: its changes: [{"kind":"added","path":"/project/a.txt","size":6,"type":"file"}], and then it was [{"kind":"modified","path":"/project/a.txt","size":6,"type":"file"}]
        hint: The files, the tools or the journal are not those of the recorded run.
    run RUN, kept · outcome sha256:HASH · journal sha256:HASH
    "
  `);
  expect(other.code).toBe(1);
  writeFileSync(file, receipt.replace('"calls": 2', '"calls": 3'));
  const forged = await inProcess(["replay", journal, "--receipt", file]);
  expect(forged.code).toBe(1);
  expect(forged.stderr).toMatchInlineSnapshot(`
    "glovebox: the receipt does not fit the journal: calls is 3, and the journal says 2
        hint: The receipt is that of another run, or one of the two was changed.
    "
  `);
});

/** Makes a kept run look as if its process had died before it could keep it. */
function interrupt({ state, run }: Reviewed): void {
  const journal = join(state[1] ?? "", "runs", run, "journal.jsonl");
  const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
  writeFileSync(journal, `${lines.slice(0, -1).join("\n")}\n`);
}

test("runs that were interrupted are recovered all at once, and one that cannot be does not keep the others from it", async () => {
  const first = await reviewed();
  const second = await reviewed(first.state);
  for (const one of [first, second]) interrupt(one);
  expect((await inProcess(["runs", ...first.state])).stdout).toContain("interrupted: `glovebox recover` takes back");
  rmSync(second.directory, { recursive: true });
  const { stdout, stderr, code } = await inProcess(["recover", ...first.state]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/✘ failed {2}rename: everything was rolled back[\s\S]*RUN_INTERRUPTED/);
  expect(stderr).toContain(second.directory);
  const after = await inProcess(["runs", "--json", ...first.state]);
  const states = JSON.parse(after.stdout).runs.map(({ run_id, state }: Record<string, string>) => [run_id, state]);
  expect(new Map(states)).toEqual(
    new Map([
      [first.run, "failed"],
      [second.run, "interrupted"],
    ]),
  );
});
