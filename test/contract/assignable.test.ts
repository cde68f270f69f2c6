import fc from "fast-check";
import { expect, test } from "vitest";
import { assignable } from "../../host/contract/assignable.ts";
import type { WitType } from "../../host/contract/types.ts";
import { checkValue } from "../../host/contract/validate.ts";
import { anyType, enumeration, flags, list, option, record, result, t, tuple, variant } from "./types.ts";
import { valuesOf } from "./values.ts";

test("whatever is assignable really fits: each value of the one type is a value of the other", () => {
  const pairs = fc
    .tuple(anyType, anyType)
    .chain(([from, to]) => fc.tuple(fc.constant(from), fc.constant(to), valuesOf(from)));
  fc.assert(
    fc.property(pairs, ([from, to, value]) => {
      if (assignable(from, to).ok) expect(checkValue(to, value)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test("every type is assignable to itself and to an option of itself", () => {
  fc.assert(
    fc.property(anyType, (type) => {
      expect(assignable(type, type)).toEqual({ ok: true });
      expect(assignable(type, option(type)).ok).toBe(type.kind !== "option");
    }),
  );
});

const yes: readonly (readonly [from: WitType, to: WitType])[] = [
  [t("u8"), t("s16")],
  [t("u32"), t("u64")],
  [t("u32"), t("f64")],
  [t("f32"), t("f64")],
  [t("char"), t("string")],
  [enumeration("a"), t("string")],
  [enumeration("a"), enumeration("b", "a")],
  [flags("a"), flags("a", "b")],
  [list(t("u16")), list(t("u32"))],
  [t("string"), option(t("string"))],
  [option(t("u8")), option(t("u16"))],
  [record({ a: t("u8") }), record({ a: t("u16"), b: option(t("u8")) })],
  [variant({ a: t("u8") }), variant({ a: t("u16"), b: null })],
  [result(t("u8"), null), result(t("u16"), null)],
];

test.each(yes)("%j fits %j", (from, to) => {
  expect(assignable(from, to)).toEqual({ ok: true });
});

const no: readonly (readonly [from: WitType, to: WitType, why: string])[] = [
  [t("u32"), t("u8"), "u32 does not fit u8"],
  [t("s8"), t("u64"), "s8 does not fit u64"],
  [t("u64"), t("f64"), "u64 does not fit f64"],
  [t("u32"), t("f32"), "u32 does not fit f32"],
  [t("string"), t("char"), "string does not fit char"],
  [t("string"), enumeration("a"), "string does not fit choice"],
  [option(t("string")), t("string"), "it may be null"],
  [t("u8"), option(option(t("u8"))), "u8 does not fit option<option<u8>>"],
  [option(t("u8")), option(option(t("u8"))), "does not fit"],
  [list(t("u8")), list(t("u16")), "list<u8> does not fit list<u16>"],
  [list(record({ number: t("u32") }, "line")), list(t("string")), "line does not fit string"],
  [record({ a: t("u8") }), record({ a: t("u8"), b: t("u8") }), "the field b is missing"],
  [record({ a: t("u8"), c: t("u8") }), record({ a: t("u8") }), "there is no field c"],
  [record({ a: t("string") }), record({ a: t("u8") }), "in the field a, string does not fit u8"],
  [variant({ a: null, c: null }), variant({ a: null }), "there is no case c"],
  [variant({ a: null }), variant({ a: t("u8") }), "in the case a, one carries a value"],
  [tuple(t("u8")), tuple(t("u8"), t("u8")), "they differ in length"],
  [flags("c"), flags("a"), "c is not known there"],
  [result(t("u8"), null), result(t("string"), null), "u8 does not fit string"],
];

test.each(no)("%j does not fit %j", (from, to, why) => {
  const judged = assignable(from, to);
  expect(judged.ok ? "" : judged.why).toContain(why);
});
