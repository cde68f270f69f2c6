// Traps are told in the same words on every engine, with the author's name of the function.

import { expect, test } from "vitest";
import { Meter, meter } from "../../host/metering/index.ts";
import { findPlace } from "../../host/metering/offset-map.ts";
import { OP } from "../../host/metering/operators.ts";
import { explainTrap, type TrapKind } from "../../host/metering/trap.ts";
import { randomModule } from "./random-module.ts";
import { AMPLE, call, compile, type Exports, instantiate, SCHEMES, type Value, wat } from "./support.ts";

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

// where V8 says that the module as it was trapped
function byteOfTrap(module: Uint8Array, calls: readonly (readonly [string, readonly Value[]])[]): number | undefined {
  const exports = new WebAssembly.Instance(compile(module)).exports as Exports;
  try {
    for (const [name, values] of calls) exports[name]?.(...values);
  } catch (error) {
    const found = /:0x([0-9a-f]+)\)?$/m.exec((error as Error).stack ?? "");
    return found === null ? undefined : Number.parseInt(found[1] ?? "", 16);
  }
  return undefined;
}

test.each(CASES)("%s is told with the byte of the author's module", async (_, _kind, code) => {
  const module = await wat(`(module (memory 1) (table 5 funcref) (elem (i32.const 0) func $empty) (func $empty)
    (func $guilty (local i32 i64) (loop ${code})) (func (export "f") (call $empty) (call $guilty)))`);
  const expected = byteOfTrap(module, [["f", []]]);
  for (const scheme of SCHEMES) {
    const outcome = call(instantiate(module, { scheme, offsets: true, offsetBase: 1000 }), "f");
    expect(outcome.kind === "trapped" && outcome.report.offset).toBe(1000 + (expected ?? 0));
  }
});

test("random modules trap at the same byte with and without metering", () => {
  let traps = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const module = randomModule(seed, 50, { exceptions: (["none", "legacy", "tables"] as const)[seed % 3] ?? "none" });
    const calls = module.calls.map(({ name, values }) => [name, values] as const);
    for (const scheme of SCHEMES) {
      const instance = instantiate(module.bytes, { scheme, offsets: true }, { fuel: 100_000n });
      const last = calls
        .map(([name, values]) => call(instance, name, ...values))
        .find(({ kind }) => kind === "trapped");
      if (last?.kind !== "trapped" || last.report.code !== "TRAP" || last.report.kind === "uncaught_exception")
        continue;
      traps++;
      expect(last.report.offset).toBe(byteOfTrap(module.bytes, calls));
    }
  }
  expect(traps).toBeGreaterThan(50);
});

test("fuel and depth are told with the byte where their function begins", async () => {
  const module = await wat(
    '(module (func $first) (func $spin (export "f") (loop (br 0))) (func $down (export "g") (call $down)))',
  );
  for (const scheme of SCHEMES) {
    const spin = call(instantiate(module, { scheme, offsets: true }, { fuel: 100n }), "f");
    expect(spin.kind === "trapped" && spin.report).toMatchObject({
      code: "FUEL_EXHAUSTED",
      function: { name: "spin" },
    });
    // its code starts with `loop`, and $down's with `call`
    expect(spin.kind === "trapped" && module[spin.report.offset ?? 0]).toBe(OP.loop);
    const down = call(instantiate(module, { scheme, offsets: true }), "g");
    expect(down.kind === "trapped" && module[down.report.offset ?? 0]).toBe(OP.call);
  }
});

test("with several modules the label says which one trapped, and its own names and bytes are told", async () => {
  const inner = await wat('(module (func $a) (func $inner (export "f") (unreachable)))');
  const outer = await wat('(module (import "inner" "f" (func $f)) (func $outer (export "f") (call $f) (nop)))');
  const [one, two] = [inner, outer].map((module, index) => meter(module, { offsets: true, label: `part-${index}` }));
  if (one === undefined || two === undefined) throw new Error("both were metered");
  const shared = new Meter(AMPLE);
  const { exports } = new WebAssembly.Instance(compile(one.bytes), shared.imports());
  const top = new WebAssembly.Instance(compile(two.bytes), shared.imports({ inner: exports })).exports as Exports;
  const compiled = [one, two].map((module) => ({ ...module, bytes: compile(module.bytes) }));
  for (const modules of [[one, two], compiled]) {
    expect(() => top.f?.()).toThrow(
      expect.toSatisfy((thrown: unknown) => {
        const report = shared.explain(thrown, modules);
        expect(report).toMatchObject({
          module: "part-0",
          function: { index: 1, name: "inner" },
          message: `trap: unreachable in inner of part-0 (at byte ${report?.offset})`,
        });
        expect(inner[report?.offset ?? 0]).toBe(OP.unreachable);
        return true;
      }),
    );
    shared.unwind();
  }
});

test("the place is only told where it is known", async () => {
  const module = await wat('(module (func $f (export "f") (unreachable)))');
  const plain = call(instantiate(module), "f");
  expect(plain.kind === "trapped" && plain.report).toMatchObject({
    module: undefined,
    offset: undefined,
    function: { name: "f" },
  });
  const two = [meter(module), meter(module)];
  const state = { state: 0, fuelUsedUp: false, stackUsedUp: false, stopped: false, fuel: 1n, modules: two };
  expect(explainTrap(thrownWith("at f (wasm://wasm/0123abcd:wasm-function[0]:0x1f)"), state)).toMatchObject({
    function: { index: 0, name: undefined },
    offset: undefined,
  });
  expect(explainTrap(thrownWith("    at unknown"), state)?.function).toBeUndefined();
  expect(() => meter(module, { label: "a b" })).toThrow(/label/);
});

function thrownWith(stack: string): Error {
  return Object.assign(new WebAssembly.RuntimeError("unreachable"), { stack: `RuntimeError: unreachable\n${stack}` });
}

const STACKS: readonly (readonly [engine: string, line: string, expected: object | undefined])[] = [
  ["V8", "    at wasm://wasm/part-7-0123abcd:wasm-function[5]:0x1f", { index: 5, name: "five" }],
  ["V8 with a name", "    at part-7.f (wasm://wasm/part-7-0123abcd:wasm-function[5]:0x1f)", { index: 5, name: "five" }],
  ["SpiderMonkey", "f@file.js line 3 > WebAssembly.Module:wasm-function[5]:0x1f", { index: 5, name: "five" }],
  ["JavaScriptCore", "part-7.wasm-function[5]@[wasm code]", { index: 5, name: "five" }],
  ["JavaScriptCore without a name", "<?>.wasm-function[5]@[wasm code]", { index: 5, name: "five" }],
  ["an appended function", "    at wasm://wasm/part-7-0123abcd:wasm-function[9]:0x1f", undefined],
  ["no engine", "    at f (file.js:1:1)", undefined],
];

test("a frame between labelled modules is passed over", () => {
  const traced = ["part-0", "part-1"].map((label) => {
    return { label, functions: 9, importedFunctions: 0, names: new Map([[5, label]]), bytes: new Uint8Array() };
  });
  const state = { state: 0, fuelUsedUp: false, stackUsedUp: false, stopped: false, fuel: 1n, modules: traced };
  const thrown = thrownWith(`    at wasm://wasm/0123abcd:wasm-function[5]:0x1f
    at wasm://wasm/part-1-0123abcd:wasm-function[5]:0x1f`);
  expect(explainTrap(thrown, state)).toMatchObject({ module: "part-1", function: { index: 5, name: "part-1" } });
});

test.each(STACKS)("a frame of %s is read", (_, line, expected) => {
  const traced = {
    label: "part-7",
    functions: 9,
    importedFunctions: 0,
    names: new Map([[5, "five"]]),
    bytes: new Uint8Array(),
  };
  const state = { state: 0, fuelUsedUp: false, stackUsedUp: false, stopped: false, fuel: 1n, modules: [traced] };
  expect(explainTrap(thrownWith(line), state)?.function).toEqual(expected);
});

test("A14: a map of offsets that is none is no map", () => {
  for (const bytes of [[], [0xff], [0, 0, 100], [0, 0, 100, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x7f], [0, 0, 100, 1, 0, 9]])
    expect(findPlace(Uint8Array.from(bytes), 3)?.ordinal ?? 0).toBe(0);
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
