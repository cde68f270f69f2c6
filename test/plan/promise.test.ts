// The promise of a check: what it accepts can only fail for reasons that it named.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Action, JsonValue, WitType } from "../../host/contract/types.ts";
import { checkArguments } from "../../host/contract/validate.ts";
import { roleOf, stringBreach, stringsIn } from "../../host/plan/rules.ts";
import type { StepCall } from "../../host/plan/tool-caller.ts";
import type { Finding } from "../../host/report.ts";
import { ACTIONS } from "./support/actions.ts";
import { checkPlan, type PlanLike, ref, scopeWith } from "./support/documents.ts";
import { ok, run, type Tool } from "./support/fake-caller.ts";

/** Steps whose results the others refer to. */
const PRODUCERS = [
  { id: "list", action: "file.list", params: { path: "/project" } },
  { id: "read", action: "file.read", params: { path: "/var/log/app.log" } },
  { id: "count", action: "process.count", params: { text: ["a"] } },
  { id: "join", action: "process.join", params: { text: ["a"] } },
  { id: "guess", action: "process.guess", params: { text: "a" } },
  { id: "open", action: "ticket.open", params: { title: "a" } },
];
const strings = [
  "list.output[1].name",
  "list.output[0].link.path",
  "join.output",
  "guess.output.text",
  "read.output[0]",
];
const numbers = ["count.output", "open.output.queue_number", "list.output[0].size"];
const lists = ["read.output", "open.output.labels"];
const text = fc.constantFrom("/project/x", "https://a.example.com/api/x", "/var/log/app.log");

/** Values, and references to results, that have a fair chance to fit the type. */
function argument(type: WitType): fc.Arbitrary<JsonValue> {
  const refs = (names: readonly string[]): fc.Arbitrary<string> =>
    fc.constantFrom(...names).map((one) => ref(`steps.${one}`));
  if (type.kind === "option") return fc.oneof(fc.constant(null), argument(type.value));
  if (type.kind === "list")
    return fc.oneof(
      fc.constant(["a", "b"]),
      refs(lists),
      refs(strings).map((one) => [one]),
    );
  if (type.kind === "u32") return fc.oneof(fc.constant(3), refs(numbers));
  return fc.oneof(
    text,
    refs(strings),
    refs(strings).map((one) => `/project/${one}`),
  );
}

function step(action: Action): fc.Arbitrary<object> {
  const given = action.parameters.map(({ name, type }): [string, fc.Arbitrary<JsonValue>] => [name, argument(type)]);
  return fc.record({ action: fc.constant(action.name), params: fc.record(Object.fromEntries(given)) });
}

const consumers = ACTIONS.filter(({ name }) => !["process.mode", "mail.send", "ticket.label"].includes(name));
const plans: fc.Arbitrary<PlanLike> = fc
  .array(fc.constantFrom(...consumers).chain(step), { minLength: 1, maxLength: 3 })
  .map((steps) => ({ steps: [...PRODUCERS, ...steps] }));

/** A value of a type; sizes and texts vary with the seed. */
function anyValue(type: WitType, seed: number): JsonValue {
  const fields = type.kind === "record" ? type.fields : [];
  switch (type.kind) {
    case "list":
      return Array.from({ length: seed % 3 }, (_, index) => anyValue(type.element, seed + index));
    case "option":
      return seed % 2 === 0 ? null : anyValue(type.value, seed);
    case "record":
      return Object.fromEntries(fields.map((field) => [field.name.replaceAll("-", "_"), anyValue(field.type, seed)]));
    case "variant":
      return seed % 2 === 0 ? { text: "x" } : "none";
    case "string":
      return ["x", "/etc/shadow", "/project/ok", "https://evil.test/", "../.."][seed % 5] ?? "";
    case "bool":
      return seed % 2 === 0;
    case "u64":
      return seed % 2 === 0 ? "18446744073709551615" : seed;
    default:
      return seed;
  }
}

function toolsOf(seed: number): Record<string, Tool> {
  const tools = ACTIONS.map(({ name, output }): [string, Tool] => [
    name,
    () => ok(output === null ? null : anyValue(output, seed)),
  ]);
  return Object.fromEntries(tools);
}

/** P2, P4: whatever results say, no call is made outside of its contract or of the scope. */
function expectWithinBounds({ action, arguments: args }: StepCall): void {
  expect(checkArguments(action.parameters, args)).toEqual([]);
  for (const [name, value] of Object.entries(args)) {
    const role = roleOf(action, name);
    for (const { text: written } of role === null ? [] : stringsIn(value))
      expect(role && stringBreach(scopeWith(), role, written)).toBeNull();
  }
}

/** A path may turn out to be a URL: the note is about its place, whichever of the two rules it then breaks. */
function rule(code: string): string {
  return code.replace(/^(PATH|NET)_/, "");
}

function expectNamed(code: string, index: number, notes: readonly Finding[]): void {
  const own = notes.filter(({ pointer }) => pointer.startsWith(`/steps/${index}`));
  expect(own.map((note) => rule(note.code))).toContain(rule(code));
}

test("what a check accepts runs, or fails at a step for a reason that a note of that step named", async () => {
  let finished = 0;
  let stopped = 0;
  const property = fc.asyncProperty(plans, fc.nat(30), async (plan, seed) => {
    const { checked, report: checkReport } = checkPlan(plan);
    if (checked === null) return;
    const { report, calls } = await run(checked, { tools: toolsOf(seed) });
    calls.forEach(expectWithinBounds);
    for (const [index, { error }] of report.steps.entries()) {
      if (error === undefined || error.code === "DEPENDENCY_FAILED") continue;
      stopped += 1;
      expectNamed(error.code, index, checkReport.findings);
    }
    if (report.status === "completed") finished += 1;
  });
  await fc.assert(property, { numRuns: 1000 });
  // The property has looked at plans of both kinds.
  expect(finished).toBeGreaterThan(50);
  expect(stopped).toBeGreaterThan(20);
});
