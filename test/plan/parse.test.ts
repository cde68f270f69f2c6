import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../host/plan/canonical.ts";
import { parsePlan } from "../../host/plan/parse.ts";
import { fillHoles, holesIn, parseTemplate } from "../../host/plan/template.ts";
import { checkPlan, ref } from "./support/documents.ts";

test("what a plan leaves out has its default", () => {
  const { steps, constraints, problems } = parsePlan({ value: { plan_id: "a", steps: [{ action: "a.b" }] } });
  expect(problems).toEqual([]);
  expect(constraints).toEqual({});
  expect(steps).toEqual([
    {
      id: "1",
      index: 0,
      action: "a.b",
      params: {},
      validation: {},
      needs: [],
      independent: false,
      reason: null,
      timeout_seconds: null,
      fuel: null,
      retries: 0,
      on_error: "fail",
      compensate: null,
      when: null,
      for_each: null,
    },
  ]);
});

test("a plan that cannot be read has problems, and no steps", () => {
  const plan = parsePlan({ file: "p.yaml", text: "steps: [" });
  expect(plan.steps).toEqual([]);
  expect(plan.problems.length).toBeGreaterThan(0);
  expect(plan.problems.every(({ message }) => message !== "")).toBe(true);
});

test("a step with a broken part keeps its other parts", () => {
  const step = { action: "a.b", fuel: "x", retries: 2, "ke/y~": 1 };
  const { steps, problems } = parsePlan({ value: { plan_id: "a", steps: [step] } });
  expect(steps[0]).toMatchObject({ action: "a.b", fuel: null, retries: 2 });
  expect(problems.map(({ pointer, on }) => `${pointer} ${on}`)).toEqual([
    "/steps/0/fuel value",
    "/steps/0/ke~1y~0 key",
  ]);
});

test("reading a plan never throws, whatever is handed over", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      const plans = [parsePlan({ value }), parsePlan({ value: { plan_id: "a", steps: value } })];
      for (const plan of plans) expect(plan.problems.length).toBeGreaterThan(0);
    }),
  );
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("a.json", "a.yaml", "a"), (text, file) => {
      expect(parsePlan({ file, text }).problems.length).toBeGreaterThan(0);
    }),
  );
});

test("canonical JSON is that of RFC 8785", () => {
  const rfc = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
    literals: [null, true, false],
  };
  expect(canonicalJson(rfc)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
  const keys = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
  expect(Object.values(JSON.parse(canonicalJson(keys)) as object)).toHaveLength(7);
  expect(canonicalJson(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
});

test("canonical JSON parses to the value, and does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as Parameters<typeof canonicalJson>[0];
      expect(JSON.parse(canonicalJson(json))).toEqual(json);
      if (typeof json !== "object" || json === null || Array.isArray(json)) return;
      expect(canonicalJson(Object.fromEntries(Object.entries(json).reverse()))).toBe(canonicalJson(json));
    }),
  );
});

test.each([
  ["plain", ["plain"]],
  [ref("steps.a.output"), [{ step: "a", of: "output", path: [] }]],
  [ref("steps.my-step_2.output.lines[0].a_b[12]"), [{ step: "my-step_2", path: ["lines", 0, "a_b", 12] }]],
  [
    `x ${ref("steps.1.output")}${ref("step.input.b")} y`,
    ["x ", { step: "1" }, { step: null, of: "input", path: ["b"] }, " y"],
  ],
  [`$${ref("steps.a.output")}`, [ref("steps.a.output")]],
  [`$$${ref("steps.a.output")}`, [`$${ref("steps.a.output")}`]],
  [`$ ${ref("steps.a.output")}`, ["$ ", { step: "a" }]],
  ["a $ { } {{ }} $" + "{x}", ["a $ { } {{ }} $" + "{x}"]],
])("the template %j is read as its parts", (text, parts) => {
  const reading = parseTemplate(text);
  expect(reading.ok).toBe(true);
  expect(reading.ok ? reading.template : []).toMatchObject(parts);
});

test.each([
  ...[
    "",
    "steps",
    "steps.a",
    "steps.a.output.",
    "steps.a.output[x]",
    "steps.a.output[-1]",
    "steps.a.output[1e3]",
    "steps.a.error",
  ],
  ...[
    "steps.a.output['x']",
    "steps.a.b.output",
    "inputs",
    "step.reason",
    "steps.a.output || 1",
    "secrets.x",
    "steps.a.output\n.x",
  ],
  ...[`steps.a.output${".x".repeat(1000)}`, "steps.__proto__.constructor"],
])("the reference %j is refused", (text) => {
  expect(parseTemplate(ref(text)).ok).toBe(false);
});

test("P5: a text of many openings is read in linear time", () => {
  const opened = "${{ ".repeat(250_000);
  expect(parseTemplate(opened).ok).toBe(false);
  const many = parseTemplate(ref("steps.a.output").repeat(50_000));
  expect(many.ok ? many.template.length : 0).toBe(50_000);
  expect(parseTemplate("$${{".repeat(250_000))).toMatchObject({ ok: true, template: ["${{".repeat(250_000)] });
});

test("filling holes touches the strings that have one, wherever they are, and nothing else", () => {
  const value = { a: [1, { b: ref("x") }], c: "plain", d: [`${ref("y")}!`] };
  expect(holesIn(value).map(({ path }) => path)).toEqual([
    ["a", 1, "b"],
    ["d", 0],
  ]);
  expect(fillHoles(value, (_text, path) => path.join("."))).toEqual({ a: [1, { b: "a.1.b" }], c: "plain", d: ["d.0"] });
});

test("one thing that is wrong is told once: a number that is too large, half a character, a compensation that nobody knows", () => {
  const read = { action: "file.read", params: { path: "/project/a" } };
  const findings = (...steps: readonly object[]): readonly string[] =>
    checkPlan({ steps }).report.findings.map(({ code, pointer }) => `${code} ${pointer}`);
  expect(findings({ ...read, fuel: 1e30 })).toEqual(["PLAN_INVALID /steps/0/fuel"]);
  expect(findings({ ...read, id: "\ud800" })).toEqual(["PLAN_INVALID /steps/0/id"]);
  expect(findings({ ...read, params: { path: "/project/\ud800" } })).toEqual(["PLAN_INVALID /steps/0/params/path"]);
  const write = { action: "file.write", params: { path: "/project/a", text: "x" } };
  expect(findings({ ...write, compensate: { action: "ticket.cloze" } })).toEqual([
    "ACTION_UNKNOWN /steps/0/compensate/action",
  ]);
});
