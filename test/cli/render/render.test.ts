import { expect, test } from "vitest";
import { renderCheck } from "../../../host/cli/render/check-report.ts";
import { renderError } from "../../../host/cli/render/error.ts";
import { renderRun } from "../../../host/cli/render/run-report.ts";
import { table } from "../../../host/cli/render/table.ts";
import { cut, duration, oneLine, textWidth } from "../../../host/cli/render/text.ts";
import { renderTool } from "../../../host/cli/render/tool.ts";
import { valueLines } from "../../../host/cli/render/value.ts";
import { createView } from "../../../host/cli/render/view.ts";
import {
  cancelled,
  completed,
  dryRun,
  failed,
  findings,
  hostile,
  hostileFindings,
  hostileTool,
  rejectedRun,
  tool,
} from "./documents.ts";

const plain = createView(100, false);
const coloured = createView(100, true);
const check = { plan_id: "over-reach", accepted: false, findings };

test.each([
  ["run-completed", renderRun(plain, completed)],
  ["run-dry", renderRun(plain, dryRun)],
  ["run-failed", renderRun(plain, failed)],
  ["run-cancelled", renderRun(plain, cancelled)],
  ["run-rejected", renderRun(plain, rejectedRun)],
  ["check-rejected", renderCheck(plain, check)],
  ["check-accepted", renderCheck(plain, { plan_id: "p", accepted: true, findings: [] })],
  ["tool", renderTool(plain, tool)],
  ["scope-problems", renderError(plain, { code: "SCOPE_INVALID", message: "m", data: { problems: findings } })],
  ["error", renderError(plain, { code: "FILE_UNREADABLE", message: "cannot read x", hint: "give another" })],
])("%s reads as it was approved", async (name, text) => {
  await expect(text).toMatchFileSnapshot(`golden/${name}.golden.txt`);
});

const CODES = [
  "\u001b[1m",
  "\u001b[2m",
  "\u001b[22m",
  "\u001b[31m",
  "\u001b[32m",
  "\u001b[33m",
  "\u001b[36m",
  "\u001b[39m",
];

test("colours are added, and take nothing away", () => {
  for (const report of [completed, dryRun, failed, rejectedRun]) {
    let text = renderRun(coloured, report);
    expect(text).toContain("\u001b[");
    for (const code of CODES) text = text.replaceAll(code, "");
    expect(text).toBe(renderRun(plain, report));
  }
});

test("B13, P6: nothing that a guest, a plan or a tool wrote reaches the terminal as a control or an invisible character", () => {
  const texts = [
    renderRun(plain, hostile),
    renderRun(plain, { ...hostile, status: "rejected", findings: hostileFindings }),
    renderCheck(plain, { ...check, findings: hostileFindings }),
    renderTool(plain, hostileTool),
    renderError(plain, { code: "SCOPE_INVALID", message: "", data: { problems: hostileFindings } }),
    renderError(plain, { code: "PLAN_INVALID", message: "x\u001b[2J", hint: "y\u009b2J" }),
  ];
  for (const text of texts) {
    expect(text).toContain("\\u001b");
    expect(text).not.toMatch(/[^\n\P{Control}]|\p{Format}/u);
  }
});

test("P6: a description of 100 KB takes no more room than a paragraph", () => {
  expect(hostileTool.description?.length).toBeGreaterThan(10_000);
  expect(renderTool(plain, hostileTool).length).toBeLessThan(5000);
});

test("B13: an output cannot forge a line of the report, for its line feeds are shown as \\n", () => {
  expect(hostile.steps[0]?.output).toMatchObject([expect.stringMatching(/^fake\n✔ completed/)]);
  expect(renderRun(plain, hostile)).toContain("  fake\\n✔ completed");
});

test("no line of a table or a value is wider than the view", () => {
  const narrow = createView(40, false);
  const wide = ["x".repeat(500), "漢字".repeat(100), "👩‍👩‍👧‍👦".repeat(50), "e\u0301".repeat(100)];
  const rows = wide.map((text) => [{ text }, { text }]);
  const lines = [
    ...valueLines(narrow, wide, 10),
    ...valueLines(
      narrow,
      wide.map((text, at) => ({ number: at * 1000, text, matched: true })),
      10,
    ),
    ...table(narrow, [{ title: "A", widest: 10 }, { title: "B" }], rows),
  ];
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(40);
});

test("a view is never narrower than 40 columns", () => {
  expect(createView(1, false).width).toBe(40);
});

test.each([
  ["a list of lines", ["a", "b"], ["a", "b"]],
  ["an empty list", [], ["(nothing)"]],
  ["a text", "a\nb", ["a", "b"]],
  ["a number", 12, ["12"]],
  ["nested data", { a: [1] }, ["{", '  "a": [', "    1", "  ]", "}"]],
  ["a mixed list", ["a", 1, { b: 2 }], ['"a"', "1", '{"b":2}']],
  [
    "records",
    [
      { name: "a.txt", size: 1024 },
      { name: "b", size: 7 },
    ],
    ["name    size", "a.txt  1,024", "b          7"],
  ],
  ["records of different keys", [{ a: 1 }, { b: 1 }], ['{"a":1}', '{"b":1}']],
])("%s is shown by its shape", (_, value, lines) => {
  expect(valueLines(plain, value, 10)).toEqual(lines);
});

test("what is left out is counted", () => {
  expect(valueLines(plain, ["a", "b", "c"], 1)).toEqual(["a", "… and 2 more lines; --json prints all"]);
  expect(valueLines(plain, "a\nb", 1)).toEqual(["a", "… and 1 more line; --json prints all"]);
});

test.each([
  ["short", 10, "short"],
  ["0123456789", 10, "0123456789"],
  ["0123456789a", 10, "012345678…"],
  ["漢字漢字", 6, "漢字…"],
])("%j cut to %i columns is %j", (text, width, expected) => {
  expect(cut(text, width)).toBe(expected);
});

test("tabs become spaces and line feeds visible", () => {
  expect(oneLine("a\tb\nc")).toBe("a    b\\nc");
});

test.each([
  [0.04, "0.0 ms"],
  [9.94, "9.9 ms"],
  [12.5, "13 ms"],
  [1234, "1.23 s"],
  [90_000, "1.5 min"],
])("%d milliseconds read as %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
