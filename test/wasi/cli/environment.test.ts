import { expect, test } from "vitest";
import { CALL_LIMITS } from "../../../host/limits.ts";
import { imported, testWasi, thrownBy } from "../support/setup.ts";

interface Environment {
  getEnvironment(): readonly (readonly [string, string])[];
  getArguments(): readonly string[];
  initialCwd(): string | undefined;
}

test("the guest sees the variables it was given, sorted, and none of the machine's", () => {
  const wasi = testWasi({ environment: { LANG: "C", EMPTY: "", A: "1=2" }, args: ["tool", "-x", ""] });
  const environment = imported<Environment>(wasi, "wasi:cli/environment");
  expect(environment.getEnvironment()).toEqual([
    ["A", "1=2"],
    ["EMPTY", ""],
    ["LANG", "C"],
  ]);
  expect(environment.getArguments()).toEqual(["tool", "-x", ""]);
  expect(environment.initialCwd()).toBeUndefined();
});

test.each([
  ["a name with =", { environment: { "A=B": "1" } }],
  ["an empty name", { environment: { "": "1" } }],
  ["a name with NUL", { environment: { "A\0B": "1" } }],
  ["a value with NUL", { environment: { A: "\0" } }],
  ["an argument with NUL", { args: ["a\0b"] }],
])("B15: %s is refused", (_, changes) => {
  expect(thrownBy(() => testWasi(changes))).toMatchObject({ code: "ARGUMENT_INVALID" });
});

test("B15: an environment or arguments beyond the limit are refused", () => {
  const limit = CALL_LIMITS.environmentBytes;
  const refused = { code: "RESOURCE_LIMIT", data: { limit: "environmentBytes" } };
  expect(thrownBy(() => testWasi({ environment: { A: "x".repeat(limit) } }))).toMatchObject(refused);
  expect(thrownBy(() => testWasi({ args: Array.from({ length: 10_000 }, () => "seven77") }))).toMatchObject(refused);
  expect(() => testWasi({ environment: { A: "x".repeat(limit - 3) }, args: [] })).not.toThrow();
});
