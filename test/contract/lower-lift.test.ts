import fc from "fast-check";
import { expect, test } from "vitest";
import { lift } from "../../host/contract/lift.ts";
import { lower } from "../../host/contract/lower.ts";
import type { WitType } from "../../host/contract/types.ts";
import { anyType, enumeration, flags, list, option, record, result, t, tuple, variant } from "./types.ts";
import { typedValues } from "./values.ts";

test("what is lowered and lifted again is what it was, for every type", () => {
  fc.assert(
    fc.property(typedValues(anyType), ([type, value]) => {
      expect(lift(type, lower(type, value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("values take the shapes that generated code expects", () => {
  expect(lower(t("u64"), "18446744073709551615")).toBe(18446744073709551615n);
  expect(lower(list(t("u8")), "AAEC")).toEqual(Uint8Array.of(0, 1, 2));
  expect(lower(list(t("u8")), [0, 255])).toEqual(Uint8Array.of(0, 255));
  expect(lower(enumeration("dark-blue"), "dark_blue")).toBe("dark-blue");
  expect(lower(flags("can-read", "x"), ["can_read"])).toEqual({ canRead: true, x: false });
  expect(lower(record({ "some-thing": option(t("u8")) }), {})).toEqual({ someThing: undefined });
  expect(lower(variant({ "not-found": t("string") }), { not_found: "a" })).toEqual({ tag: "not-found", val: "a" });
  expect(lower(option(option(t("u8"))), { some: null })).toEqual({ tag: "some", val: undefined });
  expect(lower(result(null, null), { err: null })).toEqual({ tag: "err", val: undefined });
});

test("A5: names that JavaScript gives a meaning stay plain data without a prototype", () => {
  const names = ["constructor", "then", "to-json", "value-of"];
  const type = record(Object.fromEntries(names.map((name) => [name, t("u8")])));
  const value = JSON.parse('{ "constructor": 1, "then": 2, "to_json": 3, "value_of": 4 }');
  const lowered = lower(type, value) as object;
  expect(Object.getPrototypeOf(lowered)).toBeNull();
  const lifted = lift(type, lowered) as object;
  expect(Object.getPrototypeOf(lifted)).toBeNull();
  expect(lifted).toEqual(value);
});

const misfits: readonly (readonly [what: string, type: WitType, value: unknown])[] = [
  ["a number that is out of range", t("u8"), 256],
  ["a number where a bigint belongs", t("u64"), 1],
  ["a bigint that is out of range", t("s64"), 2n ** 63n],
  ["half of a surrogate pair", t("string"), "\ud800"],
  ["text of two characters", t("char"), "ab"],
  ["an unknown case", enumeration("a"), "b"],
  ["a case of Object.prototype", variant({ a: null }), { tag: "constructor" }],
  ["a tuple of another length", tuple(t("u8")), [1, 2]],
  ["a field that only the prototype has", record({ "to-string": t("string") }), {}],
  ["something that is not a list", list(t("u32")), { length: 1 }],
  ["an array where bytes belong", list(t("u8")), [1]],
  ["a tag that is neither ok nor err", result(null, null), { tag: "other" }],
  ["a handle", { kind: "handle", own: false, resource: "x" }, {}],
  ["undefined", t("bool"), undefined],
];

test.each(misfits)("a component that returns %s breaks its contract", (_what, type, value) => {
  expect(() => lift(type, value)).toThrow(expect.objectContaining({ code: "RESULT_INVALID" }));
});

test("numbers that JSON has no literal for are lifted to their names", () => {
  expect(lift(t("f64"), Number.NaN)).toBe("NaN");
  expect(lift(t("f32"), Number.NEGATIVE_INFINITY)).toBe("-Infinity");
  expect(lift(t("u64"), 2n ** 53n)).toBe("9007199254740992");
  expect(lift(t("u64"), 7n)).toBe(7);
});
