import { expect, test } from "vitest";
import { GloveboxError } from "../../host/errors.ts";
import { accepted, ref, scopeWith } from "./support/documents.ts";
import { critical, failed, ok, run, type Tool } from "./support/fake-caller.ts";

const ticket = (id: string): object => ({ id, action: "ticket.open", params: { title: id } });
const last = { id: "last", action: "file.read", params: { path: "/project/a" } };
const openTicket: Tool = ({ title }) => ok({ id: `T-${String(title)}`, queue_number: 1, labels: [] });
const busy = { "ticket.open": openTicket, "file.read": () => failed() };

test.each([0, 1, 2, 3, 4])(
  "G1: when step %i fails, the effects of those before it are taken back once each, the last first",
  async (k) => {
    const ids = ["a", "b", "c", "d"];
    const tools = {
      ...busy,
      "ticket.open": (args: Parameters<Tool>[0]) => (args.title === ids[k] ? failed() : openTicket(args, 1)),
    };
    const { report, calls, events, log } = await run(accepted({ steps: [...ids.map(ticket), last] }), { tools });
    const closed = calls.filter(({ action }) => action.name === "ticket.close").map((call) => call.arguments.id);
    const expected = ids.slice(0, k).toReversed();
    expect(closed).toEqual(expected.map((id) => `T-${id}`));
    expect(report).toMatchObject({ status: "failed", rollback: "full", committed: false });
    expect((report.compensations ?? []).map(({ step, status }) => `${step} ${status}`)).toEqual(
      expected.map((id) => `${id} ran`),
    );
    expect(report.steps.slice(0, k).every(({ status }) => status === "rolled_back")).toBe(true);
    const told = events.flatMap((event) => (event.type === "compensation.started" ? [event.step] : []));
    expect(told).toEqual(expected);
    expect(log.at(-1)).toBe("discard");
  },
);

test("a commit that fails takes external effects back, too", async () => {
  const onAsk = (what: string): void => {
    if (what === "commit") throw new GloveboxError("COMMIT_FAILED", "disk full");
  };
  const { report } = await run(accepted({ steps: [ticket("a")] }), { onAsk });
  expect(report).toMatchObject({ status: "failed", rollback: "full", error: { code: "COMMIT_FAILED" } });
  expect(report.compensations).toHaveLength(1);
});

test("a plan's own compensation is taken before its tool's, and sees the step's input and output", async () => {
  const compensate = {
    action: "ticket.label",
    params: { id: ref("step.output.id"), label: `undo ${ref("step.input.title")}` },
  };
  const steps = [{ ...ticket("a"), compensate }, last];
  const { calls } = await run(accepted({ steps }), { tools: busy });
  expect(calls.at(-1)).toMatchObject({ step: "a", arguments: { id: "T-a", label: "undo a" } });
  expect(calls.at(-1)?.action.name).toBe("ticket.label");
});

test.each([
  ["by its contract", failed("busy")],
  ["critically", critical("FUEL_EXHAUSTED")],
])(
  "G2: a compensation that fails %s is reported, does not stop the others, and leaves the rollback partial",
  async (_how, outcome) => {
    const close: Tool = ({ id }) => (id === "T-b" ? outcome : ok());
    const { report } = await run(accepted({ steps: [ticket("a"), ticket("b"), last] }), {
      tools: { ...busy, "ticket.close": close },
    });
    expect(report).toMatchObject({ status: "failed", rollback: "partial" });
    expect(report.error).toMatchObject({
      code: "COMPENSATION_INCOMPLETE",
      data: { left: ["b"], cause: { code: "ACTION_FAILED" } },
    });
    expect((report.compensations ?? []).map(({ step, status }) => `${step} ${status}`)).toEqual(["b failed", "a ran"]);
    expect(report.steps.map(({ status }) => status)).toEqual(["rolled_back", "ran", "failed"]);
  },
);

test("G3: an effect whose answer was lost is unknown, is not tried again, and is taken back when that needs no answer", async () => {
  const lost = { "ticket.open": () => critical("EXECUTOR_LOST") };
  const byTitle = { action: "ticket.close", params: { id: ref("step.input.title") } };
  const steps = [{ ...ticket("a"), retries: 3, compensate: byTitle }];
  const { report, calls } = await run(accepted({ steps }), { tools: lost });
  expect(calls.map(({ action }) => action.name)).toEqual(["ticket.open", "ticket.close"]);
  expect(report).toMatchObject({ status: "failed", rollback: "full", error: { code: "EXECUTOR_LOST" } });
  const needsAnswer = await run(accepted({ steps: [ticket("a")] }), { tools: lost });
  expect(needsAnswer.report.steps[0]?.status).toBe("unknown");
  expect(needsAnswer.report).toMatchObject({
    rollback: "none",
    error: { code: "COMPENSATION_INCOMPLETE", data: { left: ["a"] } },
  });
});

test("G3: a plan does not go on after an effect that may have happened, whatever on_error says", async () => {
  const steps = [{ ...ticket("a"), on_error: "continue" }, last];
  const { report } = await run(accepted({ steps }), { tools: { "ticket.open": () => critical() } });
  expect(report.status).toBe("failed");
  expect(report.steps[1]?.status).toBe("not_run");
});

test("a plan does not go on after a failed step whose effect stands, and takes it back", async () => {
  const scope = scopeWith({ limits: { output_mb: 0.001 } });
  const large = { "ticket.open": () => ok({ id: "T", queue_number: 1, labels: ["x".repeat(2000)] }) };
  const compensate = { action: "ticket.close", params: { id: ref("step.input.title") } };
  const steps = [{ ...ticket("a"), on_error: "continue", compensate }, last];
  const { report } = await run(accepted({ steps }, scope), { tools: large });
  expect(report).toMatchObject({ status: "failed", error: { code: "OUTPUT_LIMIT" }, rollback: "full" });
  expect(report.compensations).toMatchObject([{ step: "a", status: "ran" }]);
});

test("G4: cancelling does not interrupt a compensation", async () => {
  const controller = new AbortController();
  const onAsk = (what: string): void => {
    if (what === "call file.read" || what === "call ticket.close") controller.abort();
  };
  const { report } = await run(accepted({ steps: [ticket("a"), last] }), { onAsk, signal: controller.signal });
  expect(report).toMatchObject({ status: "cancelled", rollback: "full" });
  expect(report.compensations).toMatchObject([{ step: "a", status: "ran" }]);
});

test("compensations have fuel and time of their own, which steps cannot spend", async () => {
  const scope = scopeWith({ limits: { fuel: 1000, duration_seconds: 10, step_seconds: 10 } });
  const plan = accepted({ steps: [ticket("a"), last] }, scope);
  const { calls, report } = await run(plan, { usage: { fuel: 450 }, msPerCall: 6000 });
  const [open, next, close] = calls.map(({ budget }) => [budget.fuel, budget.timeoutMs]);
  expect([open, next, close]).toEqual([[900, 9000], [450, 3000], undefined]);
  expect(report.status).toBe("completed");
  const spent = await run(plan, { usage: { fuel: 900 }, msPerCall: 11_000 });
  expect(spent.report.error).toMatchObject({ code: "FUEL_EXHAUSTED" });
  expect(spent.calls.at(-1)).toMatchObject({ step: "a", budget: { fuel: 100, timeoutMs: 1000 } });
  expect(spent.calls.at(-1)?.action.name).toBe("ticket.close");
});

test("what cannot be undone stays `ran` when the commit fails after it, and the rollback says so", async () => {
  const mail = { action: "mail.send", params: { to: "a", text: "x" } };
  const onAsk = (what: string): void => {
    if (what === "commit") throw new GloveboxError("COMMIT_CONFLICT", "changed");
  };
  const write = { action: "file.write", params: { path: "/project/a", text: "x" } };
  const { report } = await run(accepted({ steps: [write, mail] }), { onAsk });
  expect(report).toMatchObject({ status: "failed", rollback: "partial" });
  expect(report.steps.map(({ status }) => status)).toEqual(["rolled_back", "ran"]);
  const alone = await run(accepted({ steps: [mail] }), { onAsk, alsoWrites: ["mail.send"] });
  expect(alone.report).toMatchObject({ rollback: "none", steps: [{ status: "ran" }] });
});

test("P4: a compensation whose path comes from a result is held to the scope like any call", async () => {
  const compensate = { action: "file.remove", params: { path: ref("step.output.id") } };
  const plan = accepted({ steps: [{ ...ticket("a"), compensate }, last] });
  const answer = (id: string): Record<string, Tool> => ({
    ...busy,
    "ticket.open": () => ok({ id, queue_number: 1, labels: [] }),
  });
  const outside = await run(plan, { tools: answer("/var/log/app.log") });
  expect(outside.calls.map(({ action }) => action.name)).toEqual(["ticket.open", "file.read"]);
  expect(outside.report.compensations).toMatchObject([{ status: "failed", error: { code: "PATH_DENIED" } }]);
  expect(outside.report).toMatchObject({ rollback: "none", error: { code: "COMPENSATION_INCOMPLETE" } });
  const inside = await run(plan, { tools: answer("/project/a") });
  expect(inside.report).toMatchObject({ rollback: "full", compensations: [{ status: "ran" }] });
});
