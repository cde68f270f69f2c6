// Random plans with a fault at every point: whatever happens, all of it is done, or nothing of it remains, and the report tells the same story.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "../../host/contract/types.ts";
import { GloveboxError } from "../../host/errors.ts";
import type { CheckedPlan } from "../../host/plan/checked-plan.ts";
import { checkPlan, scopeWith } from "./support/documents.ts";
import { ok, type Ran, run, type Tool } from "./support/fake-caller.ts";

type Fault = "cancel" | "break";

const name = fc.constantFrom("a", "b", "c", "kept");
const step = fc.oneof(
  name.map((file) => ({ action: "file.write", params: { path: `/project/${file}`, text: "x" } })),
  name.map((file) => ({ action: "file.remove", params: { path: `/project/${file}` } })),
  name.map((file) => ({ action: "file.read", params: { path: `/project/${file}` } })),
  name.map((title) => ({ action: "ticket.open", params: { title } })),
  fc.array(name, { maxLength: 3 }).map((names) => ({
    action: "file.write",
    params: { path: `/project/\${{ item }}`, text: "x" },
    for_each: { items: names },
  })),
);
const steps = fc.array(
  fc
    .tuple(step, fc.record({ retries: fc.nat(2), on_error: fc.constantFrom("fail", "continue") }))
    .map(([one, more]) => ({
      ...one,
      ...more,
    })),
  { minLength: 1, maxLength: 6 },
);

interface World {
  /** In the order in which they were opened, and closed. */
  readonly opened: JsonValue[];
  readonly closed: JsonValue[];
}

/** Runs the plan with a fault at the `point`th thing that it asks for; without one when it is negative. */
async function runWith(plan: CheckedPlan, point: number, fault: Fault): Promise<Ran & World> {
  const world: World = { opened: [], closed: [] };
  const abort = new AbortController();
  let asked = 0;
  const open: Tool = ({ title }) => {
    world.opened.push(`${String(title)}-${world.opened.length}`);
    return ok({ id: world.opened.at(-1) ?? null, queue_number: 1, labels: [] });
  };
  const close: Tool = ({ id }) => {
    world.closed.push(id ?? null);
    return ok();
  };
  const ran = await run(plan, {
    tools: { "ticket.open": open, "ticket.close": close },
    signal: abort.signal,
    onAsk: () => {
      if (asked++ !== point) return;
      if (fault === "cancel") abort.abort();
      else throw new GloveboxError("EXECUTOR_LOST", "injected");
    },
  });
  return { ...ran, ...world };
}

function expectSameStory({ report, events, opened, closed }: Ran & World): void {
  const started = events.flatMap((event) => (event.type === "step.started" ? [event.step] : []));
  const ended = events.flatMap((event) => (event.type === "step.ended" ? [event.result.id] : []));
  expect(started).toEqual(ended.filter((id) => started.includes(id)));
  const told = events.flatMap((event) => (event.type === "compensation.ended" ? [event.result.step] : []));
  expect((report.compensations ?? []).map((one) => one.step)).toEqual(told);
  expect(told.map(Number)).toEqual(told.map(Number).toSorted((a, b) => b - a));
  expect(new Set(told).size).toBe(told.length);
  expect(new Set(closed).size).toBe(closed.length);
  expect(closed).toEqual(opened.toReversed().filter((id) => closed.includes(id)));
  expect(events.at(-1)).toMatchObject({ type: "plan.ended", status: report.status });
}

test("G1, G3, H2: with a fault at any point, the files are as before or as after the whole plan, and effects are taken back once, the last first", async () => {
  let faults = 0;
  const property = fc.asyncProperty(steps, fc.constantFrom<Fault>("cancel", "break"), async (some, fault) => {
    const { checked } = checkPlan({ steps: some }, scopeWith());
    if (checked === null) return;
    const whole = await runWith(checked, -1, fault);
    const before = [...new Map([["/project/kept", "old"]])];
    expectSameStory(whole);
    for (let point = 0; point < whole.log.length; point += 1) {
      const ran = await runWith(checked, point, fault);
      faults += 1;
      expectSameStory(ran);
      const { report, files, opened, closed } = ran;
      if (report.committed) {
        // A lost call of a step that may fail is tried again, or done without: then the plan has completed without it.
        if (report.steps.every(({ status }) => status === "ran")) expect([...files]).toEqual([...whole.files]);
        expect(closed).toEqual([]);
        continue;
      }
      expect([...files]).toEqual(before);
      const left = opened.filter((id) => !closed.includes(id));
      if (report.rollback === "full") expect(left).toEqual([]);
      else if (left.length > 0) expect(report.error?.code).toBe("COMPENSATION_INCOMPLETE");
    }
  });
  await fc.assert(property, { numRuns: 300 });
  expect(faults).toBeGreaterThan(1000);
});
