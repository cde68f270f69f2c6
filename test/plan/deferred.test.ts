// Effects that nothing can take back wait until everything else has succeeded.

import { expect, test } from "vitest";
import { accepted, checkPlan, ref, scopeWith } from "./support/documents.ts";
import { failed, run } from "./support/fake-caller.ts";
import { runSideBySide, seeded } from "./support/side-by-side.ts";

const mail = (id: string, more: object = {}): object => ({
  id,
  action: "mail.send",
  params: { to: "a@b", text: "f0" },
  ...more,
});
const read = { id: "read", action: "file.read", params: { path: "/project/a" } };
const write = { id: "write", action: "file.write", params: { path: "/project/f0", text: "later" } };
const open = { id: "open", action: "ticket.open", params: { title: "x" } };

test("G5: an irreversible step runs after all others, right before the commit, and its report says so", async () => {
  const plan = accepted({ steps: [mail("mail"), read, write] });
  const { log, report } = await run(plan);
  expect(log).toEqual(["call file.read", "call file.write", "diff", "call mail.send", "diff", "commit"]);
  expect(report.steps.map(({ id, status, deferred }) => [id, status, deferred])).toEqual([
    ["mail", "ran", true],
    ["read", "ran", undefined],
    ["write", "ran", undefined],
  ]);
});

test("G5: when another step fails, a deferred effect has not happened, and the rollback is full", async () => {
  const plan = accepted({ steps: [mail("mail"), write, read] });
  const { log, report } = await run(plan, { tools: { "file.read": () => failed() } });
  expect(log).not.toContain("call mail.send");
  expect(report).toMatchObject({ status: "failed", rollback: "full" });
  expect(report.steps[0]).toMatchObject({ status: "not_run", deferred: true });
});

test("G5: deferred effects keep their order, after effects that can be taken back", async () => {
  const plan = accepted({ steps: [mail("one"), open, mail("two"), read, mail("three")] });
  const { calls } = await run(plan);
  expect(calls.map(({ step }) => step)).toEqual(["open", "read", "one", "two", "three"]);
});

test("G5: a deferred effect that fails commits nothing; those before it stand, and what is left is said", async () => {
  const plan = accepted({ steps: [mail("one"), mail("two"), open, write] });
  let sent = 0;
  const { log, report } = await run(plan, {
    tools: {
      "mail.send": () => {
        sent += 1;
        return sent === 1 ? { kind: "ok", output: null } : failed();
      },
    },
  });
  expect(log).not.toContain("commit");
  expect(report).toMatchObject({ status: "failed", committed: false, rollback: "partial", changes: [] });
  expect(report.error).toMatchObject({ data: { step: "two" } });
  expect(report.steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
    "one ran",
    "two failed",
    "open rolled_back",
    "write rolled_back",
  ]);
  expect(report.compensations?.map(({ action }) => action)).toEqual(["ticket.close"]);
});

test("what is deferred sees the files as they are at its place in the plan", async () => {
  const plan = accepted({ steps: [mail("before"), write, mail("after")] });
  const { report } = await runSideBySide(plan, { atOnce: 1, random: () => 0, dryRun: false });
  expect(report.steps.map(({ output }) => output)).toEqual(["zero\n", null, "later\n"]);
  expect(report.changes.map(({ path }) => path)).toEqual(["/project/f0"]);
});

test("what is deferred in a plan of branches sees what it waited for, and is the same under every timing", async () => {
  const steps = [
    { ...write, needs: [] },
    mail("blind", { needs: [] }),
    mail("sees", { needs: ["write"] }),
    { ...read, id: "last", params: { path: "/project/f1" } },
  ];
  const plan = accepted({ steps });
  const reports = await Promise.all(
    [0, 1, 2, 3].map((seed) => runSideBySide(plan, { atOnce: 1 + seed, random: seeded(seed), dryRun: false })),
  );
  expect(reports[0]?.report.steps.map(({ output }) => output)).toMatchObject([null, "zero\n", "later\n", ["one", ""]]);
  expect(new Set(reports.map(({ report }) => JSON.stringify(report))).size).toBe(1);
});

test("a step whose effect is referred to, was agreed to, or is the last one is not deferred", () => {
  const deferred = (steps: readonly object[], scope = scopeWith()): readonly string[] => {
    const { report } = checkPlan({ steps }, scope);
    return report.findings.filter(({ code }) => code === "IRREVERSIBLE_DEFERRED").map(({ pointer }) => pointer);
  };
  const consent = scopeWith({ actions: ["*", { action: "mail.send", irreversible: "consent" }] });
  expect(deferred([mail("mail"), read])).toEqual(["/steps/0"]);
  expect(deferred([read, mail("mail")])).toEqual([]);
  expect(deferred([mail("mail"), { ...read, needs: ["mail"] }])).toEqual([]);
  expect(deferred([mail("mail"), read], consent)).toEqual([]);
  const undo = { action: "mail.send", params: { to: "a@b", text: `${ref("steps.mail.output")}` } };
  expect(deferred([mail("mail"), { ...open, compensate: undo }])).toEqual([]);
});

test("a dry run and a run that is cancelled make no deferred effect", async () => {
  const plan = accepted({ steps: [mail("mail"), read] });
  expect((await run(plan, { dryRun: true })).log).not.toContain("call mail.send");
  const controller = new AbortController();
  const { report, log } = await run(plan, {
    signal: controller.signal,
    onAsk: (what) => what === "diff" && controller.abort(),
  });
  expect(report).toMatchObject({ status: "cancelled", rollback: "full" });
  expect(log).not.toContain("call mail.send");
});
