// Fuel, depth, memory and tables end where their limits say, in both schemes, and nothing a guest does gets around them.

import { describe, expect, test } from "vitest";
import { Meter, meter } from "../../host/metering/index.ts";
import { call, compile, ending, instantiate, type Outcome, SCHEMES, wat } from "./support.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

const LOOP = await wat('(module (func (export "f") (loop (br 0))))');
const RECURSION = await wat(
  '(module (func $f (export "f") (param i32) (result i32) (call $f (i32.add (local.get 0) (i32.const 1)))))',
);
const TABLE_RECURSION =
  await wat(`(module (type $t (func (param i32) (result i32))) (table 1 funcref) (elem (i32.const 0) func $f)
  (func $f (export "f") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0))))`);
const COUNTER =
  await wat(`(module (global $n (mut i32) (i32.const 0)) (func $f (export "f") (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $f))
  (func (export "n") (result i32) (global.get $n)) (export "depth" (global $n)))`);
const GROWER = await wat(`(module (memory 1 2000) (table $t 1 500 funcref)
  (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "table") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0)))
  (func (export "fail") (param i32) (if (i32.eq (memory.grow (local.get 0)) (i32.const -1)) (then (unreachable)))))`);

function report(outcome: Outcome): string {
  return outcome.kind === "returned" ? String(outcome.value) : outcome.report.code;
}

describe.each(SCHEMES)("scheme %s", (scheme) => {
  test("B1: an endless loop ends at its budget, at the same count every time", () => {
    const outcomes = [1, 2].map(() => call(instantiate(LOOP, { scheme }, { fuel: 12_345n }), "f"));
    expect(outcomes.map(ending)).toEqual(["FUEL_EXHAUSTED", "FUEL_EXHAUSTED"]);
    expect(outcomes.map((outcome) => outcome.fuel)).toEqual([12_345n, 12_345n]);
  });

  test("a budget of nothing runs nothing, and the largest budget is 2^49", () => {
    expect(ending(call(instantiate(LOOP, { scheme }, { fuel: 0n }), "f"))).toBe("FUEL_EXHAUSTED");
    expect(instantiate(LOOP, { scheme }, { fuel: 1n << 60n }).meter.remaining).toBe(1n << 49n);
  });

  test.each([
    ["direct", RECURSION],
    ["through a table", TABLE_RECURSION],
  ])("B3: endless recursion, %s, ends by our limit and not by the engine's", (_, module) => {
    const outcome = call(instantiate(module, { scheme }), "f", 0);
    expect(outcome.kind === "trapped" && outcome.report).toMatchObject({
      code: "STACK_EXHAUSTED",
      deterministic: true,
    });
  });

  test("recursion reaches the depth that the frame size says, whatever the scheme", () => {
    const instance = instantiate(COUNTER, { scheme }, { stackBytes: 64 * KIB });
    expect(ending(call(instance, "f"))).toBe("STACK_EXHAUSTED");
    // frames of 96 bytes and two operands, in units of 64
    expect((instance.raw.depth as unknown as { value: number }).value).toBe(Math.ceil((64 * KIB) / 128));
  });

  test("B3: fat frames end by our limit", async () => {
    const locals = "(local i64 i64 i64 i64)".repeat(500);
    const fat = await wat(
      `(module (func $f (export "f") (param i64) (result i64) ${locals} (local.set 1000 (call $f (local.get 0))) (local.get 1000)))`,
    );
    const outcome = call(instantiate(fat, { scheme }), "f", 1n);
    expect(outcome.kind === "trapped" && outcome.report).toMatchObject({
      code: "STACK_EXHAUSTED",
      deterministic: true,
    });
  });

  test("B4: memory grows up to the limit of all memories together, and is refused beyond it", () => {
    const instance = instantiate(GROWER, { scheme }, { memoryBytes: 10 * 64 * KIB });
    expect([3, 7, 6, 1, 0].map((pages) => report(call(instance, "memory", pages)))).toEqual([
      "1",
      "-1",
      "4",
      "-1",
      "10",
    ]);
  });

  test("memory beyond the module's own maximum is refused without naming our limit", () => {
    const instance = instantiate(GROWER, { scheme }, { memoryBytes: 1024 * MIB });
    expect(report(call(instance, "fail", 3000))).toBe("TRAP");
  });

  test("a trap after memory was refused is told as MEMORY_LIMIT", () => {
    const instance = instantiate(GROWER, { scheme }, { memoryBytes: MIB });
    expect(report(call(instance, "fail", 100))).toBe("MEMORY_LIMIT");
  });

  test("tables grow up to the limit, and not beyond the module's own maximum", () => {
    const small = instantiate(GROWER, { scheme }, { tableElements: 11 });
    expect([11, 10, 1].map((count) => report(call(small, "table", count)))).toEqual(["-1", "1", "-1"]);
    const ample = instantiate(GROWER, { scheme }, { tableElements: 1000 });
    expect([500, 499].map((count) => report(call(ample, "table", count)))).toEqual(["-1", "1"]);
  });

  test("A10: a module that starts with more than its limits is refused before it runs", async () => {
    const big = await wat("(module (memory 100))");
    expect(() => instantiate(big, { scheme }, { memoryBytes: MIB })).toThrowError(
      expect.objectContaining({ code: "MEMORY_LIMIT" }),
    );
    expect(() => instantiate(GROWER, { scheme }, { tableElements: 0 })).toThrowError(
      expect.objectContaining({ code: "MEMORY_LIMIT" }),
    );
  });

  test("B2: bulk operations of the largest size end by fuel before they run", async () => {
    const bulk =
      await wat(`(module (memory 1000) (func (export "f") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
      (func (export "peek") (result i32) (i32.load8_u (i32.const 0))))`);
    const instance = instantiate(bulk, { scheme }, { fuel: 10_000n });
    expect(ending(call(instance, "f", 1000 * 64 * KIB))).toBe("FUEL_EXHAUSTED");
    expect(ending(call(instantiate(bulk, { scheme }, { fuel: 10_000n }), "f", -1))).toBe("FUEL_EXHAUSTED");
  });

  test("A12: a start function is charged, and can exhaust the fuel or trap", async () => {
    const start = await wat("(module (func $s (drop (i32.const 1))) (start $s))");
    expect(instantiate(start, { scheme }).meter.consumed).toBe(2n);
    const endless = meter(await wat("(module (func $s (loop (br 0))) (start $s))"), { scheme });
    const one = new Meter({ fuel: 1000n, stackBytes: 64 * KIB, memoryBytes: 0, tableElements: 0 });
    expect(endless.hasStart).toBe(true);
    let thrown: unknown;
    try {
      new WebAssembly.Instance(compile(endless.bytes), one.imports());
    } catch (error) {
      thrown = error;
    }
    expect(one.explain(thrown)).toMatchObject({ code: "FUEL_EXHAUSTED", fuel: 1000n });
  });
});

const CALLS_HOST = await wat(`(module (import "h" "f" (func $h (param i32) (result i32))) (memory (export "memory") 1)
  (func (export "f") (param i32) (result i32) (call $h (local.get 0)) (i32.store8 (i32.const 0) (i32.const 1)))
  (func (export "legacy") (result i32) (loop try (drop (call $h (i32.const 0))) catch_all end (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1))) (br 0)) (i32.const 1))
  (func $again (export "again") (param i32) (result i32) (call $h (local.get 0))))`);

describe.each(SCHEMES)("host calls, scheme %s", (scheme) => {
  test("a host function sees the exact count, and can give more fuel", () => {
    const seen: bigint[] = [];
    const host = (value: number): number => {
      seen.push(instance.meter.consumed);
      instance.meter.add(100n);
      return value + 1;
    };
    const instance = instantiate(CALLS_HOST, { scheme }, { fuel: 50n }, { h: { f: host } });
    expect(call(instance, "f", 4)).toMatchObject({ kind: "returned", value: 5, fuel: 6n });
    expect(seen).toEqual([3n]);
    expect(instance.meter.remaining).toBe(144n);
  });

  test("after stop, the guest traps when the host function returns", () => {
    const instance = instantiate(CALLS_HOST, { scheme }, {}, { h: { f: () => instance.meter.stop() } });
    const outcome = call(instance, "f", 4);
    expect(outcome.kind === "trapped" && outcome.report).toMatchObject({ code: "STOPPED", fuel: 3n });
    expect(instance.memory()[0]).toBe(0);
  });

  test("B14: after stop, a guest that catches everything still ends at its next check", () => {
    const host = (): never => {
      instance.meter.stop();
      throw new Error("limit");
    };
    const instance = instantiate(CALLS_HOST, { scheme, depth: true }, {}, { h: { f: host } });
    expect(ending(call(instance, "legacy"))).toBe("STOPPED");
    expect(instance.memory()[0]).toBeLessThanOrEqual(1);
    expect(ending(call(instance, "again", 0))).toBe("STOPPED");
  });

  test("B3: recursion through the host ends by our limit", () => {
    const instance = instantiate(
      CALLS_HOST,
      { scheme },
      {},
      { h: { f: (n: number) => instance.exports.again?.(n + 1) } },
    );
    const outcome = call(instance, "again", 0);
    expect(outcome.kind === "trapped" && outcome.report).toMatchObject({
      code: "STACK_EXHAUSTED",
      deterministic: true,
    });
  });

  test("an exception of a host function that the guest catches does not disturb the depth", () => {
    let calls = 0;
    const host = (): never => {
      calls++;
      throw new Error("refused");
    };
    const instance = instantiate(CALLS_HOST, { scheme }, { fuel: 200_000n, stackBytes: 16 * KIB }, { h: { f: host } });
    expect(ending(call(instance, "legacy"))).toBe("FUEL_EXHAUSTED");
    expect(calls).toBeGreaterThan(10_000);
  });
});

test("two modules of one call share fuel, memory and depth", async () => {
  const one = meter(
    await wat(
      '(module (memory 1) (func (export "f") (loop (br 0))) (func (export "g") (result i32) (memory.grow (i32.const 1))))',
    ),
  );
  const two = meter(
    await wat(
      '(module (import "a" "f" (func $f)) (import "a" "g" (func $g (result i32))) (memory 1) (func (export "f") (call $f)) (func (export "g") (result i32) (drop (memory.grow (i32.const 1))) (call $g)))',
    ),
  );
  const shared = new Meter({ fuel: 10_000n, stackBytes: 64 * KIB, memoryBytes: 3 * 64 * KIB, tableElements: 0 });
  for (const module of [one, two]) shared.admitModule(module);
  const first = new WebAssembly.Instance(compile(one.bytes), shared.imports());
  const second = new WebAssembly.Instance(compile(two.bytes), shared.imports({ a: first.exports }));
  const exports = second.exports as Record<"f" | "g", () => number>;
  expect(exports.g()).toBe(-1);
  expect(() => exports.f()).toThrow(WebAssembly.RuntimeError);
  expect(shared.remaining).toBe(0n);
});

test("each protection can be left out", async () => {
  const bare = meter(LOOP, { fuel: false, depth: false, growth: false, nan: false });
  expect(bare.bytes.length).toBeLessThan(LOOP.length + 110);
  const noFuel = instantiate(RECURSION, { fuel: false });
  expect(ending(call(noFuel, "f", 0))).toBe("STACK_EXHAUSTED");
  expect(noFuel.meter.consumed).toBe(0n);
  const noDepth = instantiate(RECURSION, { depth: false }, { fuel: 5000n });
  expect(ending(call(noDepth, "f", 0))).toBe("FUEL_EXHAUSTED");
  const noGrowth = instantiate(GROWER, { growth: false }, { memoryBytes: 64 * KIB, tableElements: 1 });
  expect(report(call(noGrowth, "memory", 5))).toBe("1");
});

test("a host that goes on after a trap has the whole depth again when it unwinds", () => {
  const instance = instantiate(RECURSION, {}, { stackBytes: 16 * KIB });
  const first = call(instance, "f", 0);
  expect(ending(first)).toBe("STACK_EXHAUSTED");
  expect(call(instance, "f", 0).fuel).toBeLessThan(5n);
  instance.meter.unwind();
  expect(call(instance, "f", 0).fuel).toBe(first.fuel);
});

test("a table filled from a global of functions is called as outsiders call", async () => {
  const module = await wat(`(module (type $t (func (result i32))) (global $g funcref (ref.func $f)) (table 1 funcref)
    (elem (i32.const 0) funcref (global.get $g)) (func $f (type $t) (i32.const 42)) (func (export "f") (result i32) (call_indirect (type $t) (i32.const 0))))`);
  for (const scheme of SCHEMES)
    expect(call(instantiate(module, { scheme }), "f")).toMatchObject({ value: 42, fuel: 5n });
});
