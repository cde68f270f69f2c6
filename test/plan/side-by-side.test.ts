// Steps that run side by side: what a run comes to is the same, whatever ends first.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunReport } from "../../host/report.ts";
import { accepted, checkPlan, ref, scopeWith, wordsOf } from "./support/documents.ts";
import { critical, failed, run } from "./support/fake-caller.ts";
import { runSideBySide, seeded } from "./support/side-by-side.ts";

const read = (id: string, path: string, more: object = {}): object => ({
  id,
  action: "file.read",
  params: { path: `/project/${path}` },
  ...more,
});
const write = (id: string, path: string, more: object = {}): object => ({
  id,
  action: "file.write",
  params: { path: `/project/${path}`, text: id },
  ...more,
});
const alone = { needs: [] };
const codes = (steps: readonly object[]): string[] =>
  checkPlan({ steps }).report.findings.map(({ code, pointer }) => `${code} ${pointer}`);

test.each([
  ["two writes of one file", [write("a", "x", alone), write("b", "x", alone)], ["CONFLICT_WRITE_WRITE /steps/1"]],
  [
    "a write of what another step reads",
    [read("a", "x", alone), write("b", "x", alone)],
    ["CONFLICT_READ_WRITE /steps/1"],
  ],
  [
    "a read of what another step writes",
    [write("a", "x", alone), read("b", "x", alone)],
    ["CONFLICT_READ_WRITE /steps/1"],
  ],
  [
    "a file in a folder that another step lists",
    [write("a", "d/x", alone), { id: "b", action: "file.list", params: { path: "/project/d/" }, ...alone }],
    ["CONFLICT_READ_WRITE /steps/1"],
  ],
  [
    "a folder of what another step writes",
    [read("a", "d/x", alone), write("b", "d", alone)],
    ["CONFLICT_READ_WRITE /steps/1"],
  ],
  [
    "one file under two spellings",
    [write("a", "x", alone), write("b", "./d/../x", alone)],
    ["CONFLICT_WRITE_WRITE /steps/1"],
  ],
  ["two reads of one file", [read("a", "x", alone), read("b", "x", alone)], []],
  ["two files", [write("a", "x", alone), write("b", "y", alone)], []],
  ["one file, one step after the other", [write("a", "x", alone), write("b", "x", { needs: ["a"] })], []],
  [
    "one file, by way of a third step",
    [write("a", "x", alone), read("b", "y", { needs: ["a"] }), write("c", "x", { needs: ["b"] })],
    [],
  ],
  ["one file, and a step that waits for all", [write("a", "x", alone), write("b", "x")], []],
  [
    "a step that waits for all, and one that does not wait for it",
    [write("a", "x"), write("b", "x", alone)],
    ["CONFLICT_WRITE_WRITE /steps/1"],
  ],
  [
    "items of a list",
    [
      write("a", "y", alone),
      {
        id: "b",
        action: "file.read",
        params: { path: `/project/${ref("item")}` },
        for_each: { items: ["x", "y"] },
        ...alone,
      },
    ],
    ["CONFLICT_READ_WRITE /steps/1"],
  ],
])("what the check says to %s", (_, steps, findings) => {
  expect(codes(steps)).toEqual(findings);
});

test("a conflict names both steps, the file, and what to add; a path that is not known yet is named, too", () => {
  const { report } = checkPlan({ steps: [write("a", "x", alone), write("b", "x", alone)] });
  expect(wordsOf(report)).toMatchSnapshot();
  const later = checkPlan({
    steps: [
      { id: "l", action: "file.list", params: { path: "/var/log" }, ...alone },
      write("a", "x", alone),
      {
        id: "b",
        action: "file.write",
        params: { path: `/project/${ref("steps.l.output[0].name")}`, text: "" },
        needs: [],
      },
    ],
  });
  expect(later.report.accepted).toBe(true);
  expect(wordsOf(later.report)).toMatchSnapshot();
});

test("P5: thousands of steps beside each other are looked at in little time, and a plan of clashes is not compared pair by pair", () => {
  const many = Array.from({ length: 3000 }, (_, index) => write(`s${index}`, `d/f${index}`, alone));
  expect(codes(many)).toEqual([]);
  const clashing = Array.from({ length: 3000 }, (_, index) => write(`s${index}`, "same", alone));
  expect(codes(clashing).length).toBeGreaterThan(999);
});

test("independent steps run at the same time, dependent ones when what they take is there", async () => {
  const plan = accepted({
    steps: [
      read("a", "f0", alone),
      read("b", "f1", alone),
      read("c", "f2", alone),
      { id: "n", action: "process.count", params: { text: ref("steps.b.output") }, needs: [] },
    ],
  });
  const { report, most } = await runSideBySide(plan, { atOnce: 3, random: () => 0.9 });
  expect(report.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(["a ran", "b ran", "c ran", "n ran"]);
  expect(most).toBe(3);
  const { most: one } = await runSideBySide(plan, { atOnce: 1, random: () => 0.9 });
  expect(one).toBe(1);
});

test("a step sees what those that it waited for changed, and nothing of the others", async () => {
  const plan = accepted({
    steps: [
      write("a", "new", alone),
      { ...read("blind", "other", alone), on_error: "continue" },
      read("sees", "new", { needs: ["a"] }),
      write("late", "late", { needs: ["a", "sees"] }),
      read("all", "late"),
    ],
  });
  const { report } = await runSideBySide(plan, { atOnce: 4, random: seeded(1) });
  expect(report.steps.map(({ status }) => status)).toEqual(["ran", "failed", "ran", "ran", "ran"]);
  expect(report.changes.map(({ path }) => path)).toEqual(["/project/late", "/project/new"]);
});

test("the first failure in the order of the plan is the plan's, whichever comes first; what ran ahead does not count", async () => {
  const plan = accepted({
    steps: [read("slow", "none", alone), read("quick", "neither", alone), write("ahead", "x", alone)],
  });
  for (let seed = 0; seed < 20; seed += 1) {
    const { report } = await runSideBySide(plan, { atOnce: 3, random: seeded(seed) });
    expect(report).toMatchObject({
      status: "failed",
      rollback: "full",
      changes: [],
      error: { data: { step: "slow" } },
    });
    expect(report.steps.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
      "failed 1",
      "not_run 0",
      "not_run 0",
    ]);
  }
});

test("paths that turn out to be the same fail the plan and name both steps", async () => {
  const name = (id: string): object => ({
    ...write(id, `${ref("steps.l.output[0].name")}`),
    needs: ["l"],
  });
  const plan = accepted({
    steps: [{ id: "l", action: "file.list", params: { path: "/var/log" } }, name("a"), name("b")],
  });
  const { report, files } = await run(plan, { atOnce: 2 });
  expect(report).toMatchObject({ status: "failed", rollback: "full" });
  expect(report.error).toMatchObject({
    code: "CONFLICT_WRITE_WRITE",
    data: { path: "/project/a", steps: ["a", "b"], step: "b" },
  });
  expect([...files.keys()]).toEqual(["/project/kept"]);
});

test("what steps took together is held to the plan's fuel, and the step with which it was too much is named", async () => {
  const steps = ["a", "b", "c"].map((id) => read(id, "f0", alone));
  const { report } = await run(accepted({ steps }, scopeWith({ limits: { fuel: 250 } })), { atOnce: 3 });
  expect(report.error).toMatchObject({ code: "FUEL_EXHAUSTED", data: { step: "c", limit: "fuel" } });
  expect(report.steps.map(({ status }) => status)).toEqual(["ran", "ran", "failed"]);
});

test("effects outside of the workspace wait until all before them stand", async () => {
  const mail = { id: "mail", action: "mail.send", params: { to: "a@b", text: "x" }, needs: [] };
  const fails = { "file.read": () => failed() };
  const plan = accepted({ steps: [read("a", "f0", alone), { ...mail }] });
  const { log, report } = await run(plan, { atOnce: 4, tools: fails });
  expect(log.filter((what) => what.startsWith("call"))).toEqual(["call file.read"]);
  expect(report.steps[1]).toMatchObject({ status: "not_run" });
});

test("a failure stops what runs beside it, and a trap is told as one", async () => {
  const plan = accepted({ steps: [read("a", "f0", alone), read("b", "f1", alone)] });
  const { report } = await run(plan, { atOnce: 2, tools: { "file.read": () => critical("TRAP") } });
  expect(report.error).toMatchObject({ code: "TRAP", data: { step: "a" } });
});

test("cancelling stops all that runs, and rolls it back", async () => {
  const controller = new AbortController();
  const plan = accepted({ steps: [write("a", "x", alone), write("b", "y", alone), write("c", "z", alone)] });
  const { report } = await runSideBySide(plan, {
    atOnce: 2,
    random: () => 0.5,
    signal: controller.signal,
    onCall: () => controller.abort(),
  });
  expect(report).toMatchObject({ status: "cancelled", changes: [], error: { code: "CANCELLED" } });
  expect(report.steps.filter(({ status }) => status === "ran")).toEqual([]);
});

test("private data does not follow a step that cannot see it", async () => {
  const scope = scopeWith({
    filesystem: [
      { path: "/project", access: "write" },
      { path: "/project/secret", access: "read", flow: "private" },
    ],
  });
  const steps = [
    read("secret", "secret/key", alone),
    { id: "join", action: "process.join", params: { text: ref("steps.secret.output") }, needs: [] },
    { ...write("copy", "copy"), params: { path: "/project/copy", text: ref("steps.join.output") }, needs: [] },
    { id: "get", action: "http.get", params: { url: "https://a.example.com/api/x" }, needs: [] },
  ];
  expect((await run(accepted({ steps }, scope), { atOnce: 4 })).report.status).toBe("completed");
});

interface Draft {
  readonly kind: "read" | "write" | "remove" | "count";
  readonly path: number;
  readonly needs: readonly number[] | null;
  readonly patient: boolean;
}

const drafts: fc.Arbitrary<readonly Draft[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("read", "read", "write", "write", "remove", "count"),
    path: fc.nat(7),
    needs: fc.option(fc.array(fc.nat(6), { maxLength: 2 }), { freq: 5 }),
    patient: fc.boolean(),
  }),
  { minLength: 2, maxLength: 7 },
);

const ACTION_OF = { read: "file.read", write: "file.write", remove: "file.remove", count: "process.count" } as const;

function stepOf({ kind, path, needs, patient }: Draft, index: number): object {
  const ids = needs?.filter((need) => need < index).map((need) => `s${need}`);
  const text = kind === "write" ? { text: `by ${index}` } : {};
  return {
    id: `s${index}`,
    action: ACTION_OF[kind],
    params: kind === "count" ? { text: [] } : { path: `/project/f${path}`, ...text },
    ...(ids === undefined ? {} : { needs: [...new Set(ids)] }),
    ...(patient ? { on_error: "continue" } : {}),
  };
}

test("a plan comes to the same under every timing, and, when all of it ran, to what its order makes of it", async () => {
  let compared = 0;
  let rejected = 0;
  await fc.assert(
    fc.asyncProperty(drafts, fc.nat(), async (list, seed) => {
      const steps = list.map(stepOf);
      const { checked } = checkPlan({ steps });
      if (checked === null) {
        rejected += 1;
        return;
      }
      const plain = (await runSideBySide(checked, { atOnce: 1, random: seeded(seed), stamped: true })).report;
      for (let repeat = 1; repeat <= 3; repeat += 1) {
        const timing = { atOnce: 2 + repeat, random: seeded(seed + repeat), stamped: true };
        expect((await runSideBySide(checked, timing)).report).toEqual(plain);
      }
      if (plain.status !== "completed" || plain.steps.some(({ status }) => status !== "ran")) return;
      const inLine = accepted({ steps: steps.map((step) => ({ ...step, needs: undefined })) });
      const ordered = (await runSideBySide(inLine, { atOnce: 1, random: () => 0 })).report;
      const beside = (await runSideBySide(checked, { atOnce: 4, random: seeded(seed) })).report;
      compared += 1;
      expect(essence(beside)).toEqual(essence(ordered));
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(30);
  expect(rejected).toBeGreaterThan(10);
});

function essence({ status, steps, changes }: RunReport): unknown {
  return { status, changes, outputs: steps.map(({ output, changes: own }) => ({ output, own })) };
}

test("twenty runs of one plan give one report, clocks and sequences included", async () => {
  const steps = [
    write("a", "a", alone),
    write("b", "b", alone),
    read("c", "a", { needs: ["a"] }),
    write("d", "g", { needs: ["a", "b"] }),
    read("e", "g"),
    write("f", "f", alone),
  ];
  const plan = accepted({ steps });
  const reports = [];
  for (let seed = 0; seed < 20; seed += 1)
    reports.push((await runSideBySide(plan, { atOnce: 4, random: seeded(seed), stamped: true })).report);
  expect(new Set(reports.map((report) => JSON.stringify(report))).size).toBe(1);
  expect(reports[0]?.steps[2]?.output).toEqual(["a at 1000000 by 0", ""]);
  expect(reports[0]?.steps[4]?.output).toEqual(["d at 1001000 by 49152", ""]);
});
