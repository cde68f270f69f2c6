import fc from "fast-check";
import { expect, test } from "vitest";
import { actionSchemas, jsonSchema } from "../../host/contract/json-schema.ts";
import { camelCase, snakeCase } from "../../host/contract/names.ts";
import { printAction, printShape, printType } from "../../host/contract/print.ts";
import { closest } from "../../host/contract/suggest.ts";
import { typescriptDeclarations, typescriptType } from "../../host/contract/typescript.ts";
import { anyType, enumeration, flags, list, option, record, result, t, tuple, variant } from "./types.ts";
import { typedValues } from "./values.ts";

const line = record({ number: t("u32"), "is-match": option(t("bool")) }, "line");
const filter = {
  name: "process.filter",
  parameters: [
    { name: "text", type: list(t("string")) },
    { name: "context_lines", type: option(t("u32")) },
  ],
  output: list(line),
  error: variant({ "invalid-pattern": t("string"), empty: null }),
  fallible: true,
  description: "Filters. */ nothing ends this comment",
};

test("an action prints as one line that says what it takes, gives and may fail with", () => {
  expect(printAction(filter)).toBe("process.filter(text: list<string>, context_lines?: u32) -> list<line> ! shape");
  expect(printShape(line)).toBe("record { number: u32, is_match: option<bool> }");
  expect(printShape(filter.error)).toBe("variant { invalid_pattern(string), empty }");
  expect(printType(tuple(result(null, t("u8")), result(t("u8"), null), result(null, null)))).toBe(
    "tuple<result<_, u8>, result<u8>, result>",
  );
  expect(printShape(flags("a-b"))).toBe("flags { a_b }");
});

test("names are written as plans write them, and as generated code does", () => {
  expect(snakeCase("context-lines")).toBe("context_lines");
  expect(snakeCase("parse-HTTP-url2")).toBe("parse_http_url2");
  expect(camelCase("parse-HTTP-url2")).toBe("parseHttpUrl2");
  expect(camelCase("b2-c3")).toBe("b2C3");
});

test("the closest known name is suggested, and none that is far away", () => {
  expect(closest("process.filtr", ["file.read", "process.filter"])).toBe("process.filter");
  expect(closest("contextLines", ["context_lines", "text"])).toBe("context_lines");
  expect(closest("raed", ["read", "write"])).toBe("read");
  expect(closest("network", ["read", "write"])).toBeNull();
  expect(closest("x".repeat(1e6), ["read"])).toBeNull();
});

test("the JSON Schema of an action's input is strict and knows which parameters may be left out", () => {
  const { input, output, error } = actionSchemas(filter);
  expect(input).toMatchObject({ type: "object", required: ["text"], additionalProperties: false });
  expect(output).toMatchObject({ type: "array", items: { title: "line", required: ["number"] } });
  expect(error).toMatchObject({ oneOf: [{ required: ["invalid_pattern"] }, { const: "empty" }] });
});

test("every type has a JSON Schema in JSON and a TypeScript type on one line", () => {
  fc.assert(
    fc.property(typedValues(anyType), ([type]) => {
      const schema = jsonSchema(type);
      expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
      expect(typescriptType(type)).not.toMatch(/\n|undefined/);
    }),
  );
});

test("TypeScript declarations name input, output and error of each action, and no comment ends early", () => {
  expect(typescriptDeclarations([filter])).toBe(
    [
      "/** Filters. * / nothing ends this comment */",
      "export type ProcessFilterInput = { text: string[]; context_lines?: number | null };",
      "export type ProcessFilterOutput = { number: number; is_match?: boolean | null }[];",
      'export type ProcessFilterError = { invalid_pattern: string } | "empty";',
    ].join("\n"),
  );
  expect(typescriptType(list(enumeration("a", "b")))).toBe('("a" | "b")[]');
  expect(typescriptType(option(option(t("u8"))))).toBe("{ some: number | null } | null");
});
