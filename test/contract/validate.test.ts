import fc from "fast-check";
import { expect, test } from "vitest";
import { schemaOf } from "../../host/contract/schema.ts";
import type { WitType } from "../../host/contract/types.ts";
import { checkArguments, checkValue } from "../../host/contract/validate.ts";
import { anyType, enumeration, flags, list, option, record, result, t, tuple, variant } from "./types.ts";
import { typedValues } from "./values.ts";

const shape = variant({ empty: null, circle: t("f64"), "poly-line": list(t("u8")) });
const line = record({ number: t("u32"), text: t("string"), "is-match": option(t("bool")) });

test("every value that a component can return is accepted", () => {
  fc.assert(
    fc.property(typedValues(anyType), ([type, value]) => {
      expect(checkValue(type, value)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

const refused: readonly (readonly [what: string, type: WitType, value: unknown, pointer: string, message: string])[] = [
  ["a number for a boolean", t("bool"), 1, "", "expected true or false, got 1"],
  ["256 as u8", t("u8"), 256, "", "expected a whole number from 0 to 255 (u8), got 256"],
  ["-1 as u32", t("u32"), -1, "", "expected a whole number from 0 to 4294967295 (u32), got -1"],
  ["a fraction as s16", t("s16"), 1.5, "", "expected a whole number from -32768 to 32767 (s16), got 1.5"],
  ["a numeral as s32", t("s32"), "1", "", 'expected a whole number from -2147483648 to 2147483647 (s32), got "1"'],
  ["an unsafe number as u64", t("u64"), 2 ** 60, "", "as a string of digits when above 2^53"],
  ["a u64 that is too large", t("u64"), "18446744073709551616", "", "from 0 to 18446744073709551615"],
  ["a numeral with a leading zero", t("u64"), "01", "", "(u64;"],
  ["minus zero as a numeral", t("s64"), "-0", "", "(s64;"],
  ["an f32 that is too large", t("f32"), 1e39, "", "expected a number (f32)"],
  ["NaN itself", t("f64"), Number.NaN, "", 'or "NaN"'],
  ["two characters", t("char"), "ab", "", 'expected one character, got "ab"'],
  ["half of a surrogate pair", t("string"), "\ud800", "", "half of a surrogate pair"],
  ["half of a pair as a character", t("char"), "\udc00", "", "expected one character"],
  ["nothing", t("string"), undefined, "", "expected a string, got nothing"],
  ["text that is not base64", list(t("u8")), "A", "", "expected bytes as base64"],
  ["a wrong element", list(t("u32")), [1, "2"], "/1", "expected a whole number"],
  ["a list of another length as a tuple", tuple(t("u8"), t("u8")), [1], "", "an array of exactly 2: tuple<u8, u8>"],
  ["an unknown field", line, { number: 1, text: "", tetx: "" }, "/tetx", 'there is no field "tetx"'],
  ["a missing field", line, { number: 1 }, "", 'the field "text" (string) is missing'],
  ["an array as a record", line, [], "", "expected an object (thing), got an array of 0"],
  ["a kebab-case field", line, { number: 1, text: "", "is-match": true }, "/is-match", 'Did you mean "is_match"?'],
  ["an inherited field", record({ a: t("u8") }), Object.create({ a: 1 }), "", 'the field "a" (u8) is missing'],
  ["an unknown case", shape, "cirlce", "", 'Did you mean "circle"?'],
  ["a case without its value", shape, "circle", "", 'the case "circle" carries f64: write { "circle": value }'],
  ["a case with too much", shape, { empty: null }, "", 'the case "empty" carries no value: write just "empty"'],
  ["two cases", shape, { circle: 1, poly_line: "" }, "", "expected one case of shape: empty, circle, poly_line"],
  ["a wrong payload", shape, { circle: "x" }, "/circle", "expected a number (f64)"],
  ["a name of Object.prototype as a case", enumeration("a"), "constructor", "", 'there is no case "constructor"'],
  ["an unknown flag", flags("can-read"), ["can-read"], "/0", 'Did you mean "can_read"?'],
  ["a flag twice", flags("a"), ["a", "a"], "/1", 'the flag "a" is there twice'],
  ["a plain value for an option of an option", option(option(t("u8"))), 1, "", '{ "some": value }'],
  ["a value where a result has none", result(null, t("u8")), { ok: 1 }, "/ok", '"ok" takes no value here'],
  ["both sides of a result", result(t("u8"), t("u8")), { ok: 1, err: 1 }, "", 'either { "ok": value }'],
  ["a handle", { kind: "handle", own: true, resource: "file" }, 1, "", "cannot be written as data"],
  ["a pointer that needs escapes", record({ a: option(t("u8")) }), { "a/b~c": 1 }, "/a~1b~0c", "there is no field"],
];

test.each(refused)("%s is refused, saying where and what would fit", (_what, type, value, pointer, message) => {
  const [problem, ...more] = checkValue(type, value);
  expect(more).toEqual([]);
  expect(problem?.pointer).toBe(pointer);
  expect(problem?.message).toContain(message);
});

test("an option may be left out of a record, and null stands for none", () => {
  expect(checkValue(line, { number: 1, text: "" })).toEqual([]);
  expect(checkValue(line, { number: 1, text: "", is_match: null })).toEqual([]);
});

test("arguments are checked by name, all at once", () => {
  const parameters = [
    { name: "path", type: t("string") },
    { name: "context_lines", type: option(t("u32")) },
  ];
  expect(checkArguments(parameters, { path: "a" })).toEqual([]);
  const problems = checkArguments(parameters, { contextlines: 1, context_lines: -1 }, { pointer: "/steps/0/params" });
  expect(problems.map(({ pointer }) => pointer)).toEqual([
    "/steps/0/params/contextlines",
    "/steps/0/params/context_lines",
    "/steps/0/params",
  ]);
});

test("a value that is not known yet is left to the caller", () => {
  const open = (value: unknown) => (value === "<later>" ? [] : null);
  expect(checkValue(list(t("u32")), [1, "<later>"], { open })).toEqual([]);
  expect(checkValue(list(t("u32")), [1, "<now>"], { open })).toHaveLength(1);
});

test("a list full of mistakes does not make a list of problems without end", () => {
  const many = Array.from({ length: 100_000 }, () => "x");
  expect(checkValue(list(t("u32")), many).length).toBeLessThanOrEqual(100);
});

test("the zod schema accepts and refuses the same, with paths", () => {
  const schema = schemaOf(line);
  expect(schema.safeParse({ number: 1, text: "a" }).success).toBe(true);
  const issues = schema.safeParse({ number: -1, text: "a" }).error?.issues;
  expect(issues?.map(({ path }) => path)).toEqual([["number"]]);
});
