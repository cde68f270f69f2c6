import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { snakeCase } from "../../host/contract/names.ts";
import type { JsonValue } from "../../host/contract/types.ts";
import { valuesOf } from "../contract/values.ts";
import { functionComponent } from "./build.ts";
import { ECHOED, echoComponent } from "./echo.ts";
import { Runner } from "./run.ts";

let echo: Runner;
beforeAll(async () => {
  echo = await Runner.of(await echoComponent());
});

const output = async (name: string, args: Readonly<Record<string, JsonValue>> = {}): Promise<JsonValue> => {
  const { outcome } = await echo.call(name, args);
  if (outcome.kind !== "ok") throw new Error(JSON.stringify(outcome));
  return outcome.output;
};

/** The toolchain of the echoing component keeps 64-bit integers as doubles. */
function isExactInJavaScript(value: JsonValue): boolean {
  return !/"\d{16,}|"-\d{16,}/.test(JSON.stringify(value));
}

test("64-bit integers go in and come back to the last digit", async () => {
  for (const [kind, values] of [
    ["u64", [0, "18446744073709551615", "9007199254740993"]],
    ["s64", [-1, "-9223372036854775808", "9223372036854775807"]],
  ] as const) {
    const component = await functionComponent(
      `f: func(v: ${kind}) -> ${kind};`,
      "(param i64) (result i64) (local.get 0)",
    );
    const runner = await Runner.of(component);
    for (const v of values) expect((await runner.call("one.f", { v })).outcome).toEqual({ kind: "ok", output: v });
  }
});

test.each(ECHOED)("values of %s go into a component and come back as they were", async (name) => {
  const action = echo.tool.actions.find((one) => one.name === `types.echo_${snakeCase(name)}`);
  const type = action?.parameters[0]?.type;
  if (action === undefined || type === undefined) throw new Error(name);
  await fc.assert(
    fc.asyncProperty(valuesOf(type).filter(isExactInJavaScript), async (value) => {
      expect(await output(action.name, { v: value })).toEqual(value);
    }),
    { numRuns: 15 },
  );
});

test("text with a byte order mark, without letters, or beyond 16 bits comes back as it was", async () => {
  for (const text of ["\ufeffa", "", "😀\u0000", "a\u2028b"])
    expect(await output("types.echo_text", { v: text })).toBe(text);
});

test("functions of the world and of an interface without a package are actions too", async () => {
  expect(await output("tested.hello", { name: "world" })).toBe("hello world");
  expect(await output("inline.ping")).toBe("pong");
  expect(await output("types.nothing")).toBeNull();
});

test("A5: functions called constructor, then, and data-view run, and nothing waits on them", async () => {
  expect(await output("types.constructor")).toBe("constructed");
  expect(await output("types.then", { a: "1", b: "2" })).toBe("12");
  expect(await output("types.data_view")).toBe("view");
});

test("A5: a record that comes back has no prototype, and Object.prototype is what it was", async () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const point = JSON.parse('{ "x_pos": 1, "constructor": "c", "then": true, "to_json": 3, "proto": 4, "b2_c3": "x" }');
  const back = await output("types.echo_point", { v: point });
  expect(back).toEqual(point);
  expect(Object.getPrototypeOf(back)).toBeNull();
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

test("failures that the contract allows are outcomes with their case and payload", async () => {
  const outcomes = [0, 1, 2].map(async (how) => (await echo.call("types.may_fail", { how })).outcome);
  expect(await Promise.all(outcomes)).toEqual([
    { kind: "ok", output: "fine" },
    { kind: "error", case: "constructor", payload: null },
    { kind: "error", case: "then", payload: "x" },
  ]);
  expect((await echo.call("types.may_fail_plainly", { how: 1 })).outcome).toEqual({
    kind: "error",
    case: "error",
    payload: null,
  });
});

const breaking: readonly (readonly [how: number, code: string])[] = [
  [3, "FUEL_EXHAUSTED"],
  [4, "MEMORY_LIMIT"],
  [6, "TRAP"],
];

test.each(breaking)("B1 B4: way %i of breaking down ends in %s, and the next call runs", async (how, code) => {
  const { outcome } = await echo.call("types.may_fail", { how }, 3_000_000_000n);
  expect(outcome).toMatchObject({ kind: "critical", error: { code } });
  expect(await output("types.may_fail", { how: 0 })).toBe("fine");
});

test("arguments that do not fit are refused before the component runs, all at once", async () => {
  const { outcome, fuel } = await echo.call("types.then", { a: 1, c: "x" });
  expect(outcome).toMatchObject({ kind: "critical", error: { code: "ARGUMENT_INVALID" } });
  const problems = outcome.kind === "critical" ? outcome.error.data?.problems : [];
  expect(problems).toHaveLength(3);
  expect(fuel).toBe((await echo.call("types.then", {})).fuel);
});

test("nothing survives a call: each has a fresh instance, and takes the same fuel", async () => {
  const fuels = new Set<bigint>();
  for (let round = 0; round < 5; round++) {
    const { outcome, fuel } = await echo.call("types.count", {});
    expect(outcome).toEqual({ kind: "ok", output: 1 });
    fuels.add(fuel);
  }
  expect(fuels.size).toBe(1);
});

test("functions that a plan cannot call are listed with the reason", () => {
  const reasons = Object.fromEntries(echo.tool.skipped.map(({ function: name, reason }) => [name, reason]));
  expect(reasons).toEqual({
    "[constructor]thing": "it belongs to a resource, and a plan cannot hold one",
    "[method]thing.size": "it belongs to a resource, and a plan cannot hold one",
    "use-thing": "it takes or gives a handle of the resource thing",
    init: "its toolchain has called it when the component was made",
    "make-thing": "it takes or gives a handle of the resource thing",
  });
});

test("the memory of an instance is known after the call", async () => {
  const { memoryBytes } = await echo.call("types.nothing", {});
  expect(memoryBytes).toBeGreaterThan(0);
  expect(memoryBytes % 65_536).toBe(0);
});

test("B3: where the engine's stack is too small for the depth limit, nothing is started", async () => {
  const runner = await Runner.of(await functionComponent("f: func() -> u32;", "(result i32) (i32.const 1)"));
  expect(runner.prepared.stackHolds).toBe(true);
  const cramped = new Runner(runner.tool, { ...runner.prepared, stackHolds: false });
  await expect(cramped.call("one.f", {})).rejects.toMatchObject({ code: "STACK_TOO_SMALL" });
});
