import { expect, test } from "vitest";
import { check } from "../../host/plan/check.ts";
import { parsePlan } from "../../host/plan/parse.ts";
import { parseTemplate } from "../../host/plan/template.ts";
import type { CheckReport } from "../../host/report.ts";
import { ACTIONS, sha256 } from "./support/actions.ts";
import { accepted, checkPlan, type PlanLike, ref, scopeWith, wordsOf } from "./support/documents.ts";
import { failed, ok, run } from "./support/fake-caller.ts";

const read = { id: "read", action: "file.read", params: { path: "/project/a" } };
const list = { id: "list", action: "file.list", params: { path: "/project" } };

function withInputs(plan: PlanLike, inputs: Record<string, unknown>): ReturnType<typeof check> {
  return check(parsePlan({ value: { plan_id: "test", ...plan } }, inputs), scopeWith(), ACTIONS, sha256);
}

function brief({ findings }: CheckReport): string[] {
  return findings.map(({ code, pointer, severity }) => `${severity === "note" ? "?" : ""}${code} ${pointer}`);
}

const template = {
  version: "glovebox/v1",
  inputs: {
    file: { type: "string" },
    lines: { type: "integer", default: 3 },
    level: { type: "string", one_of: ["info", "debug"], default: "info" },
  },
  steps: [{ action: "file.read", params: { path: `/project/${ref("inputs.file")}`, lines: ref("inputs.lines") } }],
};

test("the values of inputs stand in the plan before it is checked, with their types", () => {
  const { checked, report } = withInputs(template, { file: "a" });
  expect(report.findings).toEqual([]);
  expect(checked?.content.steps[0]?.params).toEqual({ path: "/project/a", lines: 3 });
  expect(withInputs(template, { file: "a", lines: "7" }).checked?.content.steps[0]?.params.lines).toBe(7);
});

test.each([
  ["that is missing", {}, "PLAN_INVALID /inputs/file"],
  ["of the wrong type", { file: "a", lines: "x" }, "PLAN_INVALID /inputs/lines"],
  ["that is not among those allowed", { file: "a", level: "trace" }, "PLAN_INVALID /inputs/level"],
  ["that the plan does not know", { file: "a", flie: "b" }, "PLAN_INVALID "],
  ["that leads out of the scope", { file: "../etc/passwd" }, "PATH_DENIED /steps/0/params/path"],
])("an input %s is a finding", (_what, inputs, expected) => {
  const { report } = withInputs(template, inputs);
  expect(brief(report)).toContain(expected);
  expect(wordsOf(report)).toMatchSnapshot();
});

test("P9: an input that looks like a reference, alone or together with another, stays text", async () => {
  const inputs = { a: { type: "string" }, b: { type: "string" }, whole: { type: "string" } };
  const texts = [ref("inputs.whole"), `${ref("inputs.a")}${ref("inputs.b")}`];
  const steps = texts.map((text) => ({ action: "file.write", params: { path: "/project/x", text } }));
  const given = { a: "$", b: "{{ steps.read.output }}", whole: ref("steps.read.output") };
  const { checked } = withInputs({ inputs, steps: [read, ...steps] }, given);
  if (checked === null) throw new Error("not accepted");
  const { calls } = await run(checked);
  expect(calls.slice(1).map((call) => call.arguments.text)).toEqual([
    ref("steps.read.output"),
    ref("steps.read.output"),
  ]);
});

test("an input that would turn the reference after it into text is a finding", () => {
  const text = `${ref("inputs.a")}${ref("steps.read.output[0]")}`;
  const plan = {
    inputs: { a: { type: "string" } },
    steps: [read, { action: "file.write", params: { path: "/project/x", text } }],
  };
  expect(brief(withInputs(plan, { a: "5$" }).report)).toContain("PLAN_INVALID /steps/1/params");
});

test("the hash covers the inputs", () => {
  const hash = (file: string): string | undefined => withInputs(template, { file }).checked?.content.hash;
  expect(hash("a")).toBe(hash("a"));
  expect(hash("a")).not.toBe(hash("b"));
});

test("a version that is not known is refused", () => {
  expect(brief(checkPlan({ version: "glovebox/v2", steps: [read] }).report)).toEqual(["PLAN_INVALID /version"]);
});

const fallback = {
  steps: [
    { ...read, on_error: "continue" },
    { id: "other", action: "file.read", params: { path: "/project/b" }, when: { step: "read", status: "failed" } },
    { id: "join", action: "process.join", params: { text: ref("steps.other.output") } },
  ],
};

test("a step with when runs only after such an outcome, and those that depend on it are left out with it", async () => {
  const fine = await run(accepted(fallback));
  expect(fine.report.status).toBe("completed");
  expect(fine.report.steps.map(({ status }) => status)).toEqual(["ran", "not_run", "not_run"]);
  const tools = { "file.read": (args: Record<string, unknown>) => (args.path === "/project/a" ? failed() : ok(["b"])) };
  const broken = await run(accepted(fallback), { tools });
  expect(broken.report.steps.map(({ status }) => status)).toEqual(["failed", "ran", "ran"]);
});

test.each<[string, object, string]>([
  ["a step that does not exist", { step: "raed", status: "ran" }, "REFERENCE_INVALID /steps/1/when/step"],
  ["itself", { step: "2", status: "ran" }, "REFERENCE_INVALID /steps/1/when/step"],
  ["a failure that ends the plan", { step: "read", status: "failed" }, "PLAN_INVALID /steps/1/when"],
  ["a status that there is not", { step: "read", status: "done" }, "PLAN_INVALID /steps/1/when/status"],
])("when that asks for %s is a finding", (_what, when, expected) => {
  const { report } = checkPlan({ steps: [read, { ...list, when }] });
  expect(brief(report)).toEqual([expected]);
  expect(wordsOf(report)).toMatchSnapshot();
});

const each = (items: unknown, more: object = {}, rest: object = {}): object => ({
  id: "each",
  action: "file.read",
  params: { path: ref("item") },
  for_each: { items, ...more },
  ...rest,
});

test("for_each calls once for each item, and gives the list of results", async () => {
  const steps = [
    each(["/project/a", "/project/b"]),
    { action: "process.join", params: { text: ref("steps.each.output[1]") } },
  ];
  const { checked, report } = checkPlan({ steps });
  expect(brief(report)).toEqual(["?REFERENCE_INVALID /steps/1/params/text"]);
  if (checked === null) throw new Error("not accepted");
  const tools = { "file.read": ({ path }: Record<string, unknown>) => ok([String(path)]) };
  const { calls, report: ran } = await run(checked, { tools });
  expect(ran.steps[0]).toMatchObject({ status: "ran", attempts: 2, output: [["/project/a"], ["/project/b"]] });
  expect(calls.at(-1)?.arguments.text).toEqual(["/project/b"]);
});

test("for_each over a result has the type of its items, and is held to its bound and to the scope when it runs", async () => {
  const steps = [
    list,
    each(ref("steps.list.output"), { at_most: 2 }, { params: { path: `/project/${ref("item.name")}` } }),
  ];
  const plan = accepted({ steps });
  const entries = (...names: string[]): object => ({
    "file.list": () => ok(names.map((name) => ({ name, size: 1, link: null }))),
  });
  const fine = await run(plan, { tools: { ...entries("a", "b") } });
  expect(fine.calls.map((call) => call.arguments.path)).toEqual(["/project", "/project/a", "/project/b"]);
  const long = await run(plan, { tools: { ...entries("a", "b", "c") } });
  expect(long.report.error).toMatchObject({ code: "RESOURCE_LIMIT", data: { limit: "at_most", allowed: "2" } });
  const outside = await run(plan, { tools: { ...entries("a", "../../etc/passwd") } });
  expect(outside.report.error?.code).toBe("PATH_DENIED");
});

test.each<[string, PlanLike, string[]]>([
  [
    "without a bound",
    { steps: [list, each(ref("steps.list.output"), {}, { params: { path: `/project/${ref("item.name")}` } })] },
    ["PLAN_INVALID /steps/1/for_each"],
  ],
  [
    "over what is no list",
    { steps: [read, each(`x ${ref("steps.read.output")}`)] },
    ["PLAN_INVALID /steps/1/for_each/items"],
  ],
  [
    "over a string",
    { steps: [{ id: "j", action: "process.join", params: { text: [] } }, each(ref("steps.j.output"), { at_most: 1 })] },
    ["ARGUMENT_INVALID /steps/1/for_each/items"],
  ],
  [
    "with an item outside of the scope",
    { steps: [each(["/project/a", "/etc/passwd"])] },
    ["PATH_DENIED /steps/0/params/path"],
  ],
  ["over items of the wrong type", { steps: [each([7])] }, ["ARGUMENT_INVALID /steps/0/params/path"]],
  [
    "of something that cannot be rolled back",
    { steps: [{ action: "mail.send", params: { to: ref("item"), text: "x" }, for_each: { items: ["a"] } }] },
    ["PLAN_INVALID /steps/0/for_each"],
  ],
  [
    "that costs more than there is",
    { steps: [each(["/project/a", "/project/b"], {}, { fuel: 600_000 })] },
    ["BUDGET_EXCEEDED /steps"],
  ],
])("for_each %s is a finding", (_what, plan, expected) => {
  const { report } = checkPlan(plan);
  expect(brief(report).filter((one) => !one.startsWith("?"))).toEqual(expected);
  expect(wordsOf(report)).toMatchSnapshot();
});

test("item outside of a for_each is a finding", () => {
  expect(brief(checkPlan({ steps: [{ ...read, params: { path: ref("item") } }] }).report)[0]).toBe(
    "REFERENCE_INVALID /steps/0/params/path",
  );
});

test("a step that fails at a later item after it changed files fails the plan, whatever its on_error says", async () => {
  const step = {
    action: "file.write",
    params: { path: ref("item"), text: "x" },
    for_each: { items: ["/project/a", "/project/b"] },
    on_error: "continue",
  };
  const tools = { "file.write": ({ path }: Record<string, unknown>) => (path === "/project/b" ? failed() : ok()) };
  const { report, files } = await run(accepted({ steps: [step] }), { tools });
  expect(report).toMatchObject({ status: "failed", rollback: "full", committed: false });
  expect([...files.keys()]).toEqual(["/project/kept"]);
});

test("a text that was escaped reads as itself", () => {
  expect(parseTemplate("$${{ x }}")).toEqual({ ok: true, template: [ref("x")] });
});

test("P5: what inputs and loops make of a plan is bounded like a plan", () => {
  const items = Array.from({ length: 1000 }, () => "/project/a");
  const loop = { action: "file.write", params: { path: ref("item"), text: "x".repeat(100_000) }, for_each: { items } };
  expect(brief(checkPlan({ steps: [loop] }).report)).toEqual(["PLAN_INVALID /steps/0/for_each"]);
  const long = { type: "string", default: "x".repeat(1_000_000) };
  const put = { action: "file.write", params: { path: "/project/a", text: ref("inputs.long") } };
  const { report } = checkPlan({ inputs: { long }, steps: Array.from({ length: 5000 }, () => put) });
  expect(report.accepted).toBe(false);
  expect(report.findings[0]).toMatchObject({ code: "PLAN_INVALID", pointer: "/steps/16/params" });
});

test("P5: the results of all items together are held to output_mb", async () => {
  const steps = [each(["/project/a", "/project/b"])];
  const plan = accepted({ steps }, scopeWith({ limits: { output_mb: 0.001 } }));
  const { report, calls } = await run(plan, { tools: { "file.read": () => ok(["x".repeat(700)]) } });
  expect(report.error).toMatchObject({ code: "OUTPUT_LIMIT", data: { limit: "output_mb" } });
  expect(calls).toHaveLength(2);
});
