import { expect, test } from "vitest";
import type { JsonValue } from "../../host/contract/types.ts";
import type { CheckReport } from "../../host/report.ts";
import { ruleBroken } from "../../host/scope/call-rules.ts";
import { parseScope } from "../../host/scope/parse.ts";
import type { ValueRule } from "../../host/scope/types.ts";
import { accepted, checkPlan, ref, scopeWith, wordsOf } from "./support/documents.ts";
import { ok, run } from "./support/fake-caller.ts";

const mail = { action: "mail.send", params: { to: "ops@example.com", text: "x" } };
const ruled = (rule: object): ReturnType<typeof scopeWith> =>
  scopeWith({ actions: ["*", { action: "mail.send", ...rule }] });

function brief({ findings }: CheckReport): string[] {
  return findings.map(({ code, pointer, severity }) => `${severity === "note" ? "?" : ""}${code} ${pointer}`);
}

test.each<[ValueRule, JsonValue, boolean]>([
  [{ at_most: 100 }, 100, true],
  [{ at_most: 100 }, 101, false],
  [{ at_most: 100 }, "18446744073709551615", false],
  [{ at_most: 100 }, "1e1", false],
  [{ at_most: 100 }, null, false],
  [{ at_least: 1 }, 0, false],
  [{ one_of: ["a", 1] }, "a", true],
  [{ one_of: ["a", 1] }, "1", false],
  [{ one_of: ["a"] }, ["a", "a"], true],
  [{ one_of: ["a"] }, ["a", "b"], false],
  [{ one_of: ["a"] }, [["a"]], false],
  [{ one_of: ["a"] }, { a: "a" }, false],
  [{ prefix: "/project/out/" }, "/project/out/x", true],
  [{ prefix: "/project/out/" }, "/project/out/../x", false],
  [{ prefix: "/project/out/" }, "/project/other", false],
  [{ matches: "[a-z]+@example\\.com" }, "ops@example.com", true],
  [{ matches: "[a-z]+@example\\.com" }, "ops@example.com.evil.test", false],
  [{ matches: "[a-z]+@example\\.com" }, "a\nops@example.com", false],
])("P2: a value under %j: %j keeps to it: %s", (rule, value, keeps) => {
  expect(ruleBroken(rule, value) === null).toBe(keeps);
});

test("P5: a pattern that would backtrack costs no more than its text is long", () => {
  const rule = { matches: "(a+)+(a|aa)*b" };
  expect(ruleBroken(rule, "a".repeat(200_000))).toMatch(/match/);
});

test("a pattern that is not RE2's, and a rule without a rule, are refused in the scope", () => {
  for (const params of [{ to: { matches: "(?=a)" } }, { to: {} }, { to: { at_moist: 1 } }]) {
    expect(() => parseScope({ value: { actions: [{ action: "mail.send", params }] } })).toThrow(
      expect.objectContaining({ code: "SCOPE_INVALID" }),
    );
  }
});

test("P2: an argument that the scope does not allow is refused, whichever entry allows the action", () => {
  const scope = ruled({ params: { to: { one_of: ["ops@example.com"] } } });
  expect(brief(checkPlan({ steps: [mail] }, scope).report)).toEqual([]);
  const { report } = checkPlan({ steps: [{ ...mail, params: { to: "eve@evil.test", text: "x" } }] }, scope);
  expect(report.findings.map(({ message, hint }) => `${message}\n-> ${hint}`)).toMatchInlineSnapshot(`
    [
      "step 1 (mail.send): the scope "test" says for mail.send that "to" must be one of "ops@example.com", and it is "eve@evil.test"
    -> Give "to" a value that keeps to this, or have the rule changed in the scope.",
    ]
  `);
  expect(brief(report)).toEqual(["ARGUMENT_DENIED /steps/0/params/to"]);
});

test("P2: a parameter that has a rule must be given", () => {
  const scope = scopeWith({ actions: [{ action: "file.read", params: { lines: { at_most: 10 } } }] });
  const step = (params: object): object => ({ action: "file.read", params: { path: "/project/a", ...params } });
  expect(brief(checkPlan({ steps: [step({})] }, scope).report)).toEqual(["ARGUMENT_DENIED /steps/0"]);
  expect(brief(checkPlan({ steps: [step({ lines: null })] }, scope).report)).toEqual([
    "ARGUMENT_DENIED /steps/0/params/lines",
  ]);
  expect(brief(checkPlan({ steps: [step({ lines: 10 })] }, scope).report)).toEqual([]);
});

test("P2: a recipient that comes from a result is held to the rule when it is known", async () => {
  const scope = ruled({ params: { to: { one_of: ["ops@example.com"] } } });
  const steps = [
    { id: "read", action: "file.read", params: { path: "/project/a" } },
    { ...mail, params: { to: ref("steps.read.output[0]"), text: "x" } },
  ];
  expect(brief(checkPlan({ steps }, scope).report)).toContain("?ARGUMENT_DENIED /steps/1/params/to");
  const evil = await run(accepted({ steps }, scope), { tools: { "file.read": () => ok(["eve@evil.test"]) } });
  expect(evil.report).toMatchObject({ status: "failed", error: { code: "ARGUMENT_DENIED" } });
  expect(evil.calls).toHaveLength(1);
  const fine = await run(accepted({ steps }, scope), { tools: { "file.read": () => ok(["ops@example.com"]) } });
  expect(fine.report.status).toBe("completed");
});

test("max_calls counts the worst case: steps, retries and items", () => {
  const scope = scopeWith({ actions: ["*", { action: "file.*", max_calls: 4 }] });
  const read = { action: "file.read", params: { path: "/project/a" } };
  const calls = (...steps: object[]): string[] => brief(checkPlan({ steps }, scope).report);
  expect(calls(read, read, { ...read, retries: 1 })).toEqual([]);
  expect(calls(read, read, { ...read, retries: 2 })).toEqual(["ARGUMENT_DENIED /steps/2"]);
  const each = { ...read, for_each: { items: ["a", "b", "c"] } };
  expect(calls(each, read)).toEqual([]);
  expect(calls(each, read, read)).toEqual(["ARGUMENT_DENIED /steps/2"]);
  expect(wordsOf(checkPlan({ steps: [each, read, read] }, scope).report)).toMatchSnapshot();
});

test("G5: a person's consent in the scope lets an irreversible step stand before others; a plan cannot give it", () => {
  const steps = [mail, { action: "file.read", params: { path: "/project/a" }, needs: ["1"] }];
  expect(brief(checkPlan({ steps }, scopeWith()).report)).toEqual(["IRREVERSIBLE_ORDER /steps/0"]);
  expect(brief(checkPlan({ steps }, ruled({ irreversible: "consent" })).report)).toEqual([
    "?IRREVERSIBLE_ORDER /steps/0",
  ]);
  const asked = checkPlan({ steps: [{ ...mail, irreversible: "consent" }, steps[1]] });
  expect(asked.report.accepted).toBe(false);
});

test.each(["", "a/b", "x\0y", "../x", "/", "logs"])("nobody is told to grant the whole machine for %j", (path) => {
  const { report } = checkPlan({ steps: [{ action: "file.list", params: { path } }] });
  expect(report.findings).toMatchObject([
    { code: "PATH_DENIED", hint: expect.stringMatching(/^Name the file by its absolute path/) },
  ]);
});

test("a file in the root of the machine is granted by itself, and another one by its folder", () => {
  const hint = (path: string): string | undefined =>
    checkPlan({ steps: [{ action: "file.read", params: { path } }] }).report.findings[0]?.hint;
  expect(hint("/secret")).toContain('{ path: "/secret", access: read }');
  expect(hint("/etc/passwd")).toContain('{ path: "/etc", access: read }');
});

test("a pattern of the scope that fits no action is noted, since it grants nothing and protects nothing", () => {
  const scope = scopeWith({ actions: ["file.*", "fiel.read"], approve: ["mial.*", "file.write"] });
  const { report } = checkPlan({ steps: [{ action: "file.read", params: { path: "/project/a" } }] }, scope);
  expect(report.accepted).toBe(true);
  expect(wordsOf(report)).toBe(
    [
      'the scope "test": actions has "fiel.read", which fits no action that is loaded and so allows nothing',
      "    -> Correct it, or load the tool that has such an action. [proved]",
      'the scope "test": approve has "mial.*", which fits no action that is loaded and so asks about nothing',
      "    -> Correct it, or load the tool that has such an action. [proved]",
    ].join("\n"),
  );
});
