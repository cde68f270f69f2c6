import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { planJsonSchema } from "../../host/plan/json-schema.ts";
import { scopeJsonSchema } from "../../host/scope/json-schema.ts";
import { projectRoot } from "../layout/imports.ts";
import { CASES } from "./support/cases.ts";

const published = (name: string): string => join(projectRoot, "schemas", name);
const example = (path: string): unknown => parse(readFileSync(join(projectRoot, "examples", path), "utf8"));

function accepts(schema: object, value: unknown): boolean {
  return z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(value).success;
}

// `vitest -u` rewrites them.
test("the published schemas are those of the code", async () => {
  await expect(`${JSON.stringify(planJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(published("plan.json"));
  await expect(`${JSON.stringify(scopeJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(published("scope.json"));
});

test.each(["analyze-logs/plan.json", "edit-config/edit.yaml", "over-reach/plan.yaml"])("%s fits the schema", (path) => {
  expect(accepts(planJsonSchema(), example(path))).toBe(true);
});

test.each(["analyze-logs/scope.yaml", "edit-config/scope.yaml", "over-reach/scope.yaml"])(
  "%s fits the schema",
  (path) => {
    expect(accepts(scopeJsonSchema(), example(path))).toBe(true);
  },
);

test("the schema refuses what the parser refuses for its shape", () => {
  const misshapen = CASES.filter(
    ({ findings }) => findings[0]?.startsWith("PLAN_INVALID /steps/0/") && findings.length === 1,
  );
  const refused = misshapen.filter(({ plan }) => !accepts(planJsonSchema(), { plan_id: "test", ...plan }));
  expect(misshapen.length).toBeGreaterThan(8);
  expect(refused.length).toBeGreaterThan(8);
  expect(accepts(scopeJsonSchema(), { actoins: [] })).toBe(false);
  expect(accepts(scopeJsonSchema(), { limits: { fuel: "10_000" } })).toBe(true);
  expect(accepts(scopeJsonSchema(), { limits: { fuel: "ten" } })).toBe(false);
});
