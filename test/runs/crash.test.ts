// A host that dies at any moment of a run, and another one that recovers it.

import { expect, test } from "vitest";
import type { RunReport } from "../../host/index.ts";
import { accepted, ref } from "../plan/support/documents.ts";
import { failed, ok } from "../plan/support/fake-caller.ts";
import { temporaryDirectory } from "../support/tree.ts";
import { type Behaviour, CrashWorld, type Durable, type Lived, START, torn } from "./crash-world.ts";

const byTitle = { action: "ticket.close", params: { id: ref("step.input.title") } };
const ticket = (id: string): object => ({ id, action: "ticket.open", params: { title: id }, compensate: byTitle });
const write = { id: "write", action: "file.write", params: { path: "/project/new.txt", text: "new" } };
const last = { id: "last", action: "file.read", params: { path: "/project/kept.txt" } };
const open: Behaviour = ({ title }) => ok({ id: String(title), queue_number: 1, labels: [] });
const TOOLS: Readonly<Record<string, Behaviour>> = { "ticket.open": open, "file.read": () => ok([]) };
const FAILING = { ...TOOLS, "file.read": () => failed() };

function worldOf(steps: readonly object[], tools: Readonly<Record<string, Behaviour>>): CrashWorld {
  return new CrashWorld(temporaryDirectory(), accepted({ steps }), { tools });
}

/** Closed once or, where nobody can know whether it was closed already, again: that is the same. */
function closedIn(effects: readonly string[]): readonly string[] {
  return effects.filter((effect, at) => effect.startsWith("ticket.close") && effects.indexOf(effect) === at);
}

function opened(effects: readonly string[]): readonly string[] {
  return effects.filter((effect) => effect.startsWith("ticket.open"));
}

/** Everything that must hold of a world after it was recovered. */
function expectUndoneOrDone(end: Durable, before: Durable, report: RunReport | null): void {
  const ids = opened(end.effects).map((effect) => effect.split(" ")[1]);
  expect(opened(end.effects)).toEqual(opened(before.effects)); // nothing was repeated
  if (end.workspace.has("new.txt")) {
    expect(closedIn(end.effects)).toEqual([]);
    if (report !== null) expect(report).toMatchObject({ status: "completed", committed: true });
    return;
  }
  expect(end.workspace).toEqual(START);
  const undone = ids.toReversed().map((id) => `ticket.close ${id}`);
  const closed = closedIn(end.effects);
  expect(closed.filter((effect) => undone.includes(effect))).toEqual(undone);
  expect(closed.length - undone.length).toBeLessThan(2); // one may have been about to happen, and is closed to be sure
  if (report !== null) expect(report.committed).toBe(false);
  if (report !== null && closed.length > 0) expect(report.rollback).toBe("full");
}

test.each([
  ["a run that completes", TOOLS],
  ["a run that fails at its last step", FAILING],
])(
  "G2, G3: a host that dies at any moment of %s is recovered: effects are not repeated, and stand with the commit or are taken back in reverse",
  async (_what, tools) => {
    const world = worldOf([ticket("a"), write, ticket("b"), last], tools);
    const { moments } = await world.begin();
    expect(moments.length).toBeGreaterThan(8);
    for (const moment of moments) {
      for (const left of [moment, torn(moment)]) {
        const recovered = await world.after(left);
        expectUndoneOrDone(recovered.end, left, recovered.report);
        expect((await world.after(recovered.end)).report).toBeNull(); // once is enough
        for (const again of recovered.moments) {
          const second = await world.after(again);
          expectUndoneOrDone(second.end, left, second.report);
        }
      }
    }
  },
);

async function recoveredAt(world: CrashWorld, at: string, nth = 0): Promise<Lived> {
  const { moments } = await world.begin();
  const moment = moments.filter((one) => one.at === at)[nth];
  if (moment === undefined) throw new Error(`there is no moment ${at}: ${moments.map((one) => one.at).join(", ")}`);
  return world.after(moment);
}

test("G3: an effect whose answer was lost with the host is unknown; it is taken back where that needs no answer, and never repeated", async () => {
  const { report, end } = await recoveredAt(worldOf([ticket("a"), last], TOOLS), "after ticket.open");
  expect(end.effects).toEqual(["ticket.open a", "ticket.close a"]);
  expect(report).toMatchObject({ status: "failed", rollback: "full", error: { code: "RUN_INTERRUPTED" } });
  expect(report?.steps[0]).toMatchObject({ status: "rolled_back", error: { code: "RUN_INTERRUPTED" } });
});

test("G3: where taking it back needs the lost answer, it is left, and said to be", async () => {
  const { compensate: _, ...plain } = ticket("a") as { compensate: unknown };
  const { report, end } = await recoveredAt(worldOf([plain, last], TOOLS), "after ticket.open");
  expect(end.effects).toEqual(["ticket.open a"]);
  expect(report?.steps[0]?.status).toBe("unknown");
  expect(report).toMatchObject({ rollback: "none", error: { code: "COMPENSATION_INCOMPLETE", data: { left: ["a"] } } });
});

test("G2: a compensation that may have happened is repeated only when its action says that twice is like once", async () => {
  const label = { action: "ticket.label", params: { id: ref("step.input.title"), label: "undone" } };
  const once = worldOf([{ ...ticket("a"), compensate: label }, last], FAILING);
  for (const [at, effects] of [
    ["before ticket.label", ["ticket.open a"]],
    ["after ticket.label", ["ticket.open a", "ticket.label a"]],
  ] as const) {
    const { report, end } = await recoveredAt(once, at);
    expect(end.effects).toEqual(effects);
    expect(report?.compensations).toMatchObject([{ step: "a", status: "failed", error: { code: "RUN_INTERRUPTED" } }]);
    expect(report?.error).toMatchObject({ code: "COMPENSATION_INCOMPLETE", data: { left: ["a"] } });
  }
  const { report, end } = await recoveredAt(worldOf([ticket("a"), last], FAILING), "after ticket.close");
  expect(end.effects).toEqual(["ticket.open a", "ticket.close a", "ticket.close a"]);
  expect(report).toMatchObject({ rollback: "full" });
});

test("G2: what had been compensated before the host died is not compensated again", async () => {
  const world = worldOf([ticket("a"), ticket("b"), last], FAILING);
  const { report, end } = await recoveredAt(world, "before ticket.close", 1);
  expect(end.effects).toEqual(["ticket.open a", "ticket.open b", "ticket.close b", "ticket.close a"]);
  expect(report?.compensations?.map(({ step, status }) => `${step} ${status}`)).toEqual(["b ran", "a ran"]);
});

test("the calls of a run, and no others, have keys of their own, which are the same when a call is made again", async () => {
  const world = worldOf([ticket("a"), ticket("b"), last], FAILING);
  const { report, end } = await recoveredAt(world, "after ticket.close");
  const lines = (end.run.get("journal.jsonl") ?? "").trim().split("\n");
  const entries = lines.map((line) => JSON.parse(line).entry as { type: string; key?: string; action?: string });
  const keys = entries.filter(({ type }) => type === "call.intent").map(({ key, action }) => `${key} ${action}`);
  const closeB = `${end.id}/compensation/b/1 ticket.close`;
  expect(keys.filter((key) => key === closeB)).toHaveLength(2);
  expect(new Set(keys).size).toBe(keys.length - 1);
  expect(report?.run_id).toBe(end.id);
});

test("G1: a run for review that is discarded in another process takes its effects back, the last first", async () => {
  const world = new CrashWorld(temporaryDirectory(), accepted({ steps: [ticket("a"), write, ticket("b")] }), {
    tools: TOOLS,
    review: true,
  });
  const { end: kept, report } = await world.begin();
  expect(report).toMatchObject({ status: "kept" });
  const discarded = await world.after(kept, (runs, id) => runs.discard(id));
  expect(discarded.end.effects).toEqual(["ticket.open a", "ticket.open b", "ticket.close b", "ticket.close a"]);
  expect(discarded.report).toMatchObject({ status: "cancelled", rollback: "full" });
  for (const moment of discarded.moments) {
    const { end } = await world.after(moment);
    expect(closedIn(end.effects)).toEqual(["ticket.close b", "ticket.close a"]);
    expect(end.workspace).toEqual(START);
  }
});

test("a commit of a kept run that is interrupted stays kept, or is done, and the second try commits once", async () => {
  const world = new CrashWorld(temporaryDirectory(), accepted({ steps: [ticket("a"), write] }), {
    tools: TOOLS,
    review: true,
  });
  const { end: kept } = await world.begin();
  const { moments, end: done } = await world.after(kept, (runs, id) => runs.commit(id));
  expect(done.workspace.get("new.txt")).toBe("new");
  expect(moments.map(({ at }) => at)).toEqual(["before the commit", "after the commit"]);
  const [before, after] = await Promise.all([world.after(moments[0] as Durable)]).then(async ([first]) => [
    first,
    await world.after(moments[1] as Durable),
  ]);
  expect(before).toMatchObject({ report: null, end: { workspace: START } });
  expect((await world.after(before?.end as Durable, (runs, id) => runs.commit(id))).report).toMatchObject({
    committed: true,
  });
  expect(after?.report).toMatchObject({ status: "completed", committed: true });
  expect(after?.end.effects).toEqual(["ticket.open a"]);
});

test("a commit that was interrupted, over files that were changed since, is left to a person", async () => {
  const world = worldOf([ticket("a"), write], TOOLS);
  const { moments } = await world.begin();
  const moment = moments.find(({ at }) => at === "after the commit") as Durable;
  const changed = { ...moment, workspace: new Map([...moment.workspace, ["new.txt", "someone else's"]]) };
  await expect(world.after(changed)).rejects.toMatchObject({ code: "COMMIT_OUTCOME_UNKNOWN" });
});

test("G4: whoever cancels a discard, a recovery or a commit of a kept run does not make it forget what it has to take back", async () => {
  const world = new CrashWorld(temporaryDirectory(), accepted({ steps: [ticket("a"), write, ticket("b")] }), {
    tools: TOOLS,
    review: true,
  });
  const { end: kept } = await world.begin();
  const signal = AbortSignal.abort();
  const discarded = await world.after(kept, (runs, id) => runs.discard(id, { signal }));
  expect(closedIn(discarded.end.effects)).toEqual(["ticket.close b", "ticket.close a"]);
  expect(discarded.report).toMatchObject({ status: "cancelled", rollback: "full" });
  const committed = await world.after(kept, (runs, id) => runs.commit(id, { signal }));
  expect(committed.report).toMatchObject({ status: "completed", committed: true });
  const dead = discarded.moments[0] as Durable;
  const recovered = await world.after(dead, (runs, id) => runs.recover(id, { signal }));
  expect(closedIn(recovered.end.effects)).toEqual(["ticket.close b", "ticket.close a"]);
});

test("G3, G5: an effect that waits for the commit waits for that of a reviewed run; it happens once, or nobody knows, and that is told", async () => {
  const mail = { id: "mail", action: "mail.send", params: { to: "a", text: "x" } };
  const world = new CrashWorld(temporaryDirectory(), accepted({ steps: [mail, ticket("a"), write] }), {
    tools: TOOLS,
    review: true,
  });
  const { end: kept } = await world.begin();
  expect(kept.effects).toEqual(["ticket.open a"]);
  const committed = await world.after(kept, (runs, id) => runs.commit(id));
  expect(committed.report).toMatchObject({ committed: true });
  expect(committed.end.effects).toEqual(["ticket.open a", "mail.send undefined"]);
  for (const moment of committed.moments) {
    const { end, report } = await world.after(moment);
    const sent = moment.effects.filter((effect) => effect.startsWith("mail"));
    expect(end.effects.filter((effect) => effect.startsWith("mail"))).toEqual(sent);
    if (end.workspace.has("new.txt")) continue;
    // The commit did not take place: either the run is kept as before, or what it may have sent is told.
    if (report === null) expect((await world.after(end, (runs, id) => runs.commit(id))).report?.committed).toBe(true);
    else expect(report).toMatchObject({ rollback: "partial", committed: false });
    const { status = null } = report?.steps.find(({ id }) => id === "mail") ?? {};
    if (report !== null) expect(status).toBe(moment.at === "before the commit" ? "ran" : "unknown");
  }
});

test("a run whose journal tells of other calls than its plan makes is not taken for ended, and its effects are not forgotten", async () => {
  const directory = temporaryDirectory();
  const steps = [ticket("a"), write, last];
  const { moments } = await new CrashWorld(directory, accepted({ steps }), { tools: TOOLS }).begin();
  const left = moments.find(({ at }) => at === "before file.read") as Durable;
  const others = [[{ ...ticket("a"), params: { title: "b" } }, last], [{ ...ticket("a"), id: "z" }, last], [last]];
  for (const other of others) {
    const world = new CrashWorld(directory, accepted({ steps: other }), { tools: TOOLS });
    await expect(world.after(left)).rejects.toMatchObject({ code: "REPLAY_DIVERGED" });
  }
  const { end } = await new CrashWorld(directory, accepted({ steps }), { tools: TOOLS }).after(left);
  expect(end.effects).toEqual(["ticket.open a", "ticket.close a"]);
});
