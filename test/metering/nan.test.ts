// B18: a NaN that arithmetic made has the canonical bits wherever they can be seen; other bits are kept.

import { describe, expect, test } from "vitest";
import { call, instantiate, wat } from "./support.ts";

const F64 = 0x7ff8000000000000n;
const F32 = 0x7fc00000;
const ODD = "0x7ff4000000000001";

const run = async (code: string, result: "i32" | "i64", declarations = ""): Promise<unknown> => {
  const module = await wat(`(module (memory 1) ${declarations} (func (export "f") (result ${result}) ${code}))`);
  const outcome = call(instantiate(module), "f");
  return outcome.kind === "returned" && outcome.value;
};

// the sign bit of an engine's own NaN is set on x86
const QUOTIENT = "(f64.div (f64.const 0) (f64.const 0))";
const odd = (bits: string): string => `(f64.reinterpret_i64 (i64.const ${bits}))`;

const SETTLED: readonly (readonly [string, string, string?])[] = [
  ["a cast", `(i64.reinterpret_f64 ${QUOTIENT})`],
  ["a store", `(f64.store (i32.const 0) ${QUOTIENT}) (i64.load (i32.const 0))`],
  ["a local of arithmetic", `(local f64) (local.set 0 ${QUOTIENT}) (i64.reinterpret_f64 (local.get 0))`],
  [
    "a local of mixed origin",
    `(local f64) (local.set 0 ${odd(ODD)}) (local.set 0 ${QUOTIENT}) (i64.reinterpret_f64 (local.get 0))`,
  ],
  ["a tee", `(local f64) (i64.reinterpret_f64 (local.tee 0 ${QUOTIENT}))`],
  [
    "a chain of locals",
    `(local f64 f64) (local.set 0 ${QUOTIENT}) (local.set 1 (local.get 0)) (i64.reinterpret_f64 (local.get 1))`,
  ],
  ["arithmetic on a foreign NaN", `(i64.reinterpret_f64 (f64.add ${odd("0xfff0000000000123")} (f64.const 1)))`],
  ["min", `(i64.reinterpret_f64 (f64.min ${odd("0xfff0000000000123")} (f64.const 1)))`],
  ["sqrt", "(i64.reinterpret_f64 (f64.sqrt (f64.const -1)))"],
  ["nearest", `(i64.reinterpret_f64 (f64.nearest ${odd("0xfff0000000000123")}))`],
  ["promotion", "(i64.reinterpret_f64 (f64.promote_f32 (f32.reinterpret_i32 (i32.const 0xffa00001))))"],
  ["the magnitude of copysign", `(i64.reinterpret_f64 (f64.copysign ${QUOTIENT} (f64.const 1)))`],
  [
    "the sign that copysign takes",
    `(i64.extend_i32_u (i32.and (i64.eqz (i64.const 1)) (i32.const 0))) (drop) (i64.reinterpret_f64 (f64.abs (f64.copysign (f64.const 0) ${QUOTIENT}))) (i64.const ${F64}) (i64.add)`,
  ],
  ["a block's result", `(i64.reinterpret_f64 (block (result f64) ${QUOTIENT}))`],
  ["a branch's value", `(i64.reinterpret_f64 (block (result f64) (br 0 ${QUOTIENT})))`],
  ["select", `(i64.reinterpret_f64 (select ${QUOTIENT} (f64.const 1) (i32.const 1)))`],
  ["a call's result", "(i64.reinterpret_f64 (call $q))", `(func $q (result f64) ${QUOTIENT})`],
  [
    "a call's argument",
    `(call $r ${QUOTIENT})`,
    "(func $r (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))",
  ],
  [
    "a global",
    `(global.set $g ${QUOTIENT}) (i64.reinterpret_f64 (global.get $g))`,
    "(global $g (mut f64) (f64.const 0))",
  ],
  ["vectors", "(i64x2.extract_lane 1 (f64x2.div (v128.const f64x2 0 0) (v128.const f64x2 0 0)))"],
];

describe("settled", () => {
  test.each(SETTLED.map(([title, code, declarations = ""]) => [title, code, declarations] as const))(
    "B18: %s",
    async (_, code, declarations) => {
      expect(await run(code, "i64", declarations)).toBe(F64);
    },
  );

  test("B18: single precision, scalar and vector", async () => {
    expect(await run("(i32.reinterpret_f32 (f32.div (f32.const 0) (f32.const 0)))", "i32")).toBe(F32);
    expect(await run("(i32.reinterpret_f32 (f32.demote_f64 (f64.div (f64.const 0) (f64.const 0))))", "i32")).toBe(F32);
    expect(await run("(i32x4.extract_lane 2 (f32x4.sqrt (f32x4.splat (f32.const -1))))", "i32")).toBe(F32);
    expect(
      await run(
        "(v128.store (i32.const 0) (f32x4.add (f32x4.splat (f32.const inf)) (f32x4.splat (f32.const -inf)))) (i32.load (i32.const 12))",
        "i32",
      ),
    ).toBe(F32);
  });
});

const KEPT: readonly (readonly [string, string, bigint])[] = [
  ["a constant", `(i64.reinterpret_f64 (f64.const nan:0x4000000000001))`, 0x7ff4000000000001n],
  [
    "a load and a store",
    `(i64.store (i32.const 0) (i64.const ${ODD})) (f64.store (i32.const 8) (f64.load (i32.const 0))) (i64.load (i32.const 8))`,
    0x7ff4000000000001n,
  ],
  ["a local", `(local f64) (local.set 0 ${odd(ODD)}) (i64.reinterpret_f64 (local.get 0))`, 0x7ff4000000000001n],
  [
    "a local that arithmetic writes too",
    `(local f64) (local.set 0 (f64.add (f64.const 1) (f64.const 1))) (local.set 0 ${odd(ODD)}) (i64.reinterpret_f64 (local.get 0))`,
    0x7ff4000000000001n,
  ],
  [
    "a local written from such a local",
    `(local f64 f64) (local.set 0 (f64.add (f64.const 1) (f64.const 1))) (local.set 0 ${odd(ODD)}) (local.set 1 (local.get 0)) (i64.reinterpret_f64 (local.get 1))`,
    0x7ff4000000000001n,
  ],
  ["negation", `(i64.reinterpret_f64 (f64.neg ${odd(ODD)}))`, -0x800bffffffffffffn - 0n],
  ["select", `(i64.reinterpret_f64 (select ${odd(ODD)} (f64.const 1) (i32.const 1)))`, 0x7ff4000000000001n],
];

describe("kept", () => {
  test.each(KEPT)("%s keeps the bits of a NaN", async (title, code, bits) => {
    const expected = title === "negation" ? BigInt.asIntN(64, 0xfff4000000000001n) : bits;
    expect(await run(code, "i64")).toBe(expected);
  });
});

test("arithmetic whose bits nobody sees is left as it is", async () => {
  const module = await wat(`(module (func (export "f") (param f64) (result i32) (local f64 i32)
    (loop (local.set 1 (f64.add (f64.mul (local.get 1) (local.get 0)) (f64.const 1))) (br_if 0 (f64.lt (local.get 1) (f64.const 100))))
    (f64.gt (local.get 1) (local.get 0))))`);
  const on = instantiate(module).metered.bytes.length;
  const off = instantiate(module, { nan: false }).metered.bytes.length;
  expect(on).toBe(off);
});
