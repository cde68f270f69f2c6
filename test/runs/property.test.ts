// Random plans with random faults, cancelled or killed at any moment: the files are as at the start or as after the run without that, what was
// done outside stands with the commit or is taken back once, in reverse, and the journal tells the same.

import fc from "fast-check";
import { expect, test } from "vitest";
import { readChain } from "../../host/journal/chain.ts";
import { pastOf } from "../../host/journal/past.ts";
import { sha256 } from "../../host/runs/run-store-node.ts";
import { checkPlan, ref } from "../plan/support/documents.ts";
import { critical, failed, ok } from "../plan/support/fake-caller.ts";
import { temporaryDirectory } from "../support/tree.ts";
import { type Behaviour, CrashWorld, type Durable, type Lived, START } from "./crash-world.ts";

/** How each attempt of a step goes; after the last one, well. */
type Fate = "well" | "refused" | "broken" | "lost";

interface RandomStep {
  readonly kind: "write" | "ticket" | "plain ticket" | "read";
  readonly fates: readonly Fate[];
  readonly retries: number;
  readonly continues: boolean;
  readonly beside: boolean;
}

const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>("well") },
  { weight: 2, arbitrary: fc.constantFrom<Fate>("refused", "broken", "lost") },
);
const step: fc.Arbitrary<RandomStep> = fc.record({
  kind: fc.constantFrom("write", "ticket", "ticket", "plain ticket", "read"),
  fates: fc.array(fate, { maxLength: 2 }),
  retries: fc.nat(2),
  continues: fc.boolean(),
  beside: fc.boolean(),
});

const byTitle = { action: "ticket.close", params: { id: ref("step.input.title") } };

/** A plan step; every one has a name of its own, which its effects carry. */
function planStep({ kind, retries, continues, beside }: RandomStep, index: number): object {
  const id = `s${index}`;
  const more = { id, retries, on_error: continues ? "continue" : "fail", ...(beside ? { needs: [] } : {}) };
  if (kind === "write") return { ...more, action: "file.write", params: { path: `/project/${id}`, text: id } };
  if (kind === "read") return { ...more, action: "file.read", params: { path: `/project/${id}` } };
  const compensate = kind === "ticket" ? { compensate: byTitle } : {};
  return { ...more, action: "ticket.open", params: { title: id }, ...compensate };
}

/** Tools whose calls go as the fates of their step say. */
function toolsOf(steps: readonly RandomStep[]): Readonly<Record<string, Behaviour>> {
  const tool =
    (output: (name: string) => Parameters<typeof ok>[0]): Behaviour =>
    (args, attempt) => {
      const name = String(args.title ?? args.path).replace("/project/", "");
      const fateNow = steps[Number(name.slice(1))]?.fates[attempt - 1] ?? "well";
      if (fateNow === "well") return ok(output(name));
      if (fateNow === "refused") return failed();
      const outcome = critical("EXECUTOR_LOST");
      if (outcome.kind !== "critical" || fateNow === "broken") return outcome;
      return { kind: "critical", error: { ...outcome.error, data: { happened: true } } };
    };
  return {
    "file.write": tool(() => null),
    "file.read": tool(() => []),
    "ticket.open": tool((id) => ({ id, queue_number: 1, labels: [] })),
  };
}

const opened = ({ effects }: Durable): readonly string[] =>
  effects.filter((one) => one.startsWith("ticket.open")).map((one) => one.slice("ticket.open ".length));
const closed = ({ effects }: Durable): readonly string[] =>
  effects.filter((one) => one.startsWith("ticket.close")).map((one) => one.slice("ticket.close ".length));

/** The journal of a world that has come to its end. */
function storyOf(end: Durable): ReturnType<typeof pastOf> {
  const text = Buffer.from(end.run.get("journal.jsonl") ?? "", "latin1").toString("utf8");
  return pastOf(readChain(text, sha256).entries);
}

/** What must hold when nothing more is going to happen. `whole` is the run that nobody stopped. */
function expectSound({ end, report }: Lived, whole: Lived): void {
  const tickets = opened(end);
  expect(new Set(tickets).size).toBe(tickets.length);
  const { ended, calls } = storyOf(end);
  if (ended === null) throw new Error("the journal has no end");
  for (const id of tickets) expect([...calls.values()].some(({ intent }) => intent.arguments.title === id)).toBe(true);
  if (ended.committed) {
    expect(end.workspace).toEqual(whole.end.workspace);
    expect(closed(end)).toEqual([]);
    return;
  }
  expect(end.workspace).toEqual(START);
  const once = [...new Set(closed(end))];
  expect(once.filter((id) => tickets.includes(id))).toEqual(tickets.toReversed().filter((id) => once.includes(id)));
  const left = (report?.error?.data?.left ?? []) as readonly string[];
  if (report !== null)
    for (const id of tickets) expect(once.includes(id) || left.includes(id), `${id} is forgotten`).toBe(true);
  for (const id of once) expect(left).not.toContain(id);
}

test("G1, G2, G3, H2: a plan that is cancelled or killed anywhere leaves the start or its result, and no effect that is neither undone nor told", async () => {
  const seen = { committed: 0, undone: 0, recovered: 0, cancelled: 0 };
  const directory = temporaryDirectory();
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 5 }),
    fc.infiniteStream(fc.nat(1000)),
    async (steps, numbers) => {
      const { checked } = checkPlan({ steps: steps.map(planStep) });
      if (checked === null) return;
      const tools = toolsOf(steps);
      const pick = <T>(items: readonly T[]): T | undefined => items[Number(numbers.next().value) % items.length];
      const world = new CrashWorld(directory, checked, { tools });
      const whole = await world.begin();
      expectSound(whole, whole);
      seen[whole.report?.committed === true ? "committed" : "undone"] += 1;
      for (let times = 0; times < 3; times++) {
        const moment = pick(whole.moments);
        if (moment === undefined) return;
        const recovered = await world.after(moment);
        expectSound(recovered, whole);
        expect((await world.after(recovered.end)).report).toBeNull();
        seen.recovered += 1;
        const second = pick(recovered.moments);
        if (second !== undefined) expectSound(await world.after(second), whole);
      }
      const cancelAt = Number(numbers.next().value) % (whole.moments.length + 1);
      const cancelled = await new CrashWorld(directory, checked, { tools, cancelAt }).begin();
      expectSound(cancelled, whole);
      if (cancelled.report?.status === "cancelled") seen.cancelled += 1;
    },
  );
  await fc.assert(property, { numRuns: 40 });
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(2);
});
