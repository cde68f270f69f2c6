import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "../../host/contract/types.ts";
import { check } from "../../host/plan/check.ts";
import { parsePlan } from "../../host/plan/parse.ts";
import { file_glovebox_v1_plan } from "../../host/plan/protobuf/plan_pb.ts";
import { planFromBinary, planToBinary } from "../../host/plan/protobuf/plan-message.ts";
import { projectRoot } from "../layout/imports.ts";
import { ACTIONS, sha256 } from "./support/actions.ts";
import { ref, scopeWith } from "./support/documents.ts";

const EVERYTHING: JsonValue = {
  plan_id: "everything",
  version: "glovebox/v1",
  inputs: { file: { type: "string", default: "a", one_of: ["a", "b"], description: "x" } },
  steps: [
    {
      id: "read",
      action: "file.read",
      params: { path: "/project/a", lines: 3 },
      validation: { max_size_mb: 1.5, allowed_extensions: [".log"] },
      needs: [],
      reason: "",
      timeout_seconds: 1.5,
      fuel: 1000,
      retries: 0,
      on_error: "continue",
    },
    { action: "file.read", params: { path: ref("item") }, for_each: { items: ["/project/a"], at_most: 1 } },
    { action: "file.list", params: {}, when: { step: "read", status: "failed" } },
    { action: "ticket.open", params: { title: null }, compensate: { action: "ticket.close", params: { id: "1" } } },
  ],
  constraints: { max_duration_seconds: 300, allowed_actions: [], network_access: false, max_fuel: 5, max_memory_mb: 2 },
};

test("a plan comes back from its message as it was, also what is there and empty", () => {
  expect(planFromBinary(planToBinary(EVERYTHING))).toEqual(EVERYTHING);
});

test("the plan of the design has the same hash as a message, as JSON and as a value", () => {
  const text = readFileSync(join(projectRoot, "examples/analyze-logs/plan.json"), "utf8");
  const scope = scopeWith();
  const hash = (source: Parameters<typeof parsePlan>[0]): string | undefined =>
    check(parsePlan(source), scope, ACTIONS, sha256).checked?.content.hash;
  const message = planFromBinary(planToBinary(JSON.parse(text)));
  expect(hash({ value: message })).toMatch(/^sha256:/);
  expect(hash({ value: message })).toBe(hash({ file: "plan.json", text }));
});

test("bytes that are no plan, or say more than is known, are refused with PLAN_INVALID", () => {
  const refused = expect.objectContaining({ code: "PLAN_INVALID" });
  const unknownField = new Uint8Array([...planToBinary(EVERYTHING), 0x9a, 0x06, 0x01, 0x41]);
  expect(() => planFromBinary(unknownField)).toThrow(refused);
  expect(() => planFromBinary(new Uint8Array([0xff, 0xff]))).toThrow(refused);
  expect(() => planFromBinary(new Uint8Array(17 * 1024 * 1024))).toThrow(refused);
  expect(() => planToBinary({ plan_id: "a", stepz: [] })).toThrow(refused);
});

test("P5: any bytes give JSON data or PLAN_INVALID, and nothing else", () => {
  const start = planToBinary(EVERYTHING);
  const mutated = fc.tuple(fc.nat(start.length - 1), fc.uint8Array({ maxLength: 8 })).map(([at, bytes]) => {
    const copy = new Uint8Array(start.length + bytes.length);
    copy.set(start.subarray(0, at));
    copy.set(bytes, at);
    copy.set(start.subarray(at), at + bytes.length);
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 100 })), (bytes) => {
      try {
        JSON.stringify(planFromBinary(bytes));
      } catch (error) {
        expect(error).toMatchObject({ code: "PLAN_INVALID" });
      }
    }),
    { numRuns: 2000 },
  );
});

test("P5: a message that nests without end is refused, not followed", () => {
  // Value.list_value { values { ... } } inside of for_each.items, as deep as it gets.
  let bytes: number[] = [];
  const wrap = (tag: number, inner: readonly number[]): number[] => [tag, ...varint(inner.length), ...inner];
  for (let depth = 0; depth < 3000; depth += 1) bytes = wrap(0x32, wrap(0x0a, bytes));
  const plan = new Uint8Array(wrap(0x22, wrap(0x6a, wrap(0x0a, bytes))));
  expect(() => parsePlan({ value: planFromBinary(plan) }).steps).toThrow(
    expect.objectContaining({ code: "PLAN_INVALID" }),
  );
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

test("the published .proto and the code that is generated from it say the same", () => {
  const source = readFileSync(join(projectRoot, "proto/glovebox/v1/plan.proto"), "utf8");
  const described = file_glovebox_v1_plan.messages.flatMap((message) =>
    message.fields.map(({ name, number, jsonName }) => `${message.name}.${name} = ${number} as ${jsonName}`),
  );
  const written = [...source.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)].flatMap(([, message, body = ""]) =>
    [...body.matchAll(/^ {2}(?:optional |repeated )?\S.*? (\w+) = (\d+)(?: \[json_name = "(\w+)"\])?;/gm)].map(
      ([, name, number, json]) => `${message}.${name} = ${number} as ${json ?? name}`,
    ),
  );
  expect(written).toEqual(described);
  expect(written.length).toBeGreaterThan(30);
});
