// Traps are told in the same words on every engine, with the author's name of the function.

import { expect, test } from "vitest";
import { explainTrap, type TrapKind } from "../../host/metering/trap.ts";
import { call, instantiate, SCHEMES, wat } from "./support.ts";

const CASES: readonly (readonly [string, TrapKind, string])[] = [
  ["unreachable", "unreachable", "(unreachable)"],
  ["a load out of bounds", "out_of_bounds_memory", "(drop (i32.load (i32.const -4)))"],
  ["a division by zero", "integer_divide_by_zero", "(drop (i32.div_s (i32.const 1) (i32.const 0)))"],
  ["a remainder by zero", "integer_divide_by_zero", "(drop (i32.rem_u (i32.const 1) (i32.const 0)))"],
  ["an overflowing division", "integer_overflow", "(drop (i32.div_s (i32.const -2147483648) (i32.const -1)))"],
  ["a truncation of NaN", "invalid_conversion", "(drop (i32.trunc_f64_s (f64.const nan)))"],
  ["a table index out of bounds", "out_of_bounds_table", "(call_indirect (i32.const 99))"],
  ["an empty table entry", "indirect_call_mismatch", "(call_indirect (i32.const 3))"],
  ["a call of another type", "indirect_call_mismatch", "(call_indirect (param i32) (i32.const 1) (i32.const 0))"],
  ["memory.fill out of bounds", "out_of_bounds_memory", "(memory.fill (i32.const -1) (i32.const 0) (i32.const 9))"],
];

test.each(CASES)("%s is told as %s", async (_, kind, code) => {
  const module = await wat(`(module (memory 1) (table 5 funcref) (elem (i32.const 0) func $empty) (func $empty)
    (func $guilty ${code}) (func (export "f") (call $guilty)))`);
  for (const scheme of SCHEMES) {
    const outcome = call(instantiate(module, { scheme }), "f");
    expect(outcome.kind === "trapped" && outcome.report).toMatchObject({
      code: "TRAP",
      kind,
      function: { index: 1, name: "guilty" },
      message: `trap: ${kind.replaceAll("_", " ")} in guilty`,
    });
  }
});

// messages of JavaScriptCore, SpiderMonkey and a later V8
const FOREIGN: readonly (readonly [string, TrapKind])[] = [
  ["Unreachable code should not be executed (evaluating 'f()')", "unreachable"],
  ["unreachable executed", "unreachable"],
  ["Out of bounds memory access (evaluating 'f()')", "out_of_bounds_memory"],
  ["index out of bounds", "out_of_bounds_memory"],
  ["Division by zero (evaluating 'f()')", "integer_divide_by_zero"],
  ["integer divide by zero", "integer_divide_by_zero"],
  ["Integer overflow (evaluating 'f()')", "integer_overflow"],
  ["integer overflow", "integer_overflow"],
  ["Out of bounds Trunc operation (evaluating 'f()')", "invalid_conversion"],
  ["invalid conversion to integer", "invalid_conversion"],
  ["Out of bounds call_indirect (evaluating 'f()')", "out_of_bounds_table"],
  ["table index out of bounds", "out_of_bounds_table"],
  ["call_indirect to a signature that does not match (evaluating 'f()')", "indirect_call_mismatch"],
  ["indirect call signature mismatch", "indirect_call_mismatch"],
  ["call_indirect to a null table entry (evaluating 'f()')", "indirect_call_mismatch"],
  ["indirect call to null", "indirect_call_mismatch"],
  ["null function", "indirect_call_mismatch"],
  ["dereferencing a null pointer", "null_reference"],
  ["something new", "other"],
];

test.each(FOREIGN)("%j is told as %s", (message, kind) => {
  const state = { state: 0, fuelUsedUp: false, stackUsedUp: false, stopped: false, fuel: 1n, modules: [] };
  expect(explainTrap(new WebAssembly.RuntimeError(message), state)).toMatchObject({ code: "TRAP", kind });
});

test("an unreachable of the guest is a trap, even when more fuel is used than there was", async () => {
  const module = await wat('(module (func (export "f") (drop (i32.const 1)) (drop (i32.const 1)) (unreachable)))');
  for (const scheme of SCHEMES) {
    const outcome = call(instantiate(module, { scheme }, { fuel: 2n }), "f");
    expect(outcome.kind === "trapped" && outcome.report).toMatchObject({ code: "TRAP", kind: "unreachable", fuel: 3n });
  }
});

test("an engine's own stack overflow is told as such, and as not deterministic", () => {
  const state = { state: 0, fuelUsedUp: false, stackUsedUp: false, stopped: false, fuel: 1n, modules: [] };
  const report = explainTrap(new RangeError("Maximum call stack size exceeded"), state);
  expect(report).toMatchObject({ code: "STACK_EXHAUSTED", deterministic: false });
});

test("what no module threw is not explained", async () => {
  const instance = instantiate(await wat('(module (func (export "f")))'));
  expect(instance.meter.explain(new Error("mine"))).toBeUndefined();
  expect(instance.meter.explain(undefined)).toBeUndefined();
});

test("an exception that leaves the guest is told as one", async () => {
  const module = await wat('(module (tag $t) (func (export "f") (throw $t)))');
  const outcome = call(instantiate(module), "f");
  expect(outcome.kind === "trapped" && outcome.report).toMatchObject({
    code: "TRAP",
    kind: "uncaught_exception",
    fuel: 2n,
  });
});
