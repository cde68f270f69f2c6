import { expect, test } from "vitest";
import type { CallOutcome } from "../../host/contract/call.ts";
import type { JsonValue } from "../../host/contract/types.ts";
import { componentOf, functionComponent } from "./build.ts";
import { type Called, Runner } from "./run.ts";

async function outcomeOf(
  signature: string,
  body: string,
  args: Readonly<Record<string, JsonValue>> = {},
): Promise<CallOutcome> {
  const runner = await Runner.of(await functionComponent(signature, body));
  const [action] = runner.tool.actions;
  return (await runner.call(action?.name ?? "", args)).outcome;
}

/** A function that returns the pair (pointer, length) at address 16. */
const returning = (pointer: number, length: number): string =>
  `(result i32) (i32.store (i32.const 16) (i32.const ${pointer})) (i32.store (i32.const 20) (i32.const ${length})) (i32.const 16)`;

const CANONICAL = { kind: "critical", error: { code: "CANONICAL_ABI" } };

const outOfBounds: readonly (readonly [what: string, type: string, pointer: number, length: number])[] = [
  ["bytes of 4 GiB", "list<u8>", 0, -1],
  ["bytes past the end", "list<u8>", 65_530, 10],
  ["numbers past the end", "list<u64>", 65_528, 2],
  ["numbers at an odd address", "list<u32>", 3, 1],
  ["text of 4 GiB", "string", 0, -1],
  ["text past the end", "string", 65_530, 10],
  ["texts of 4 billion", "list<string>", 0, -1],
  ["records past the end", "list<tuple<u32, u32>>", 65_532, 4],
  ["booleans past the end", "list<bool>", 65_530, 100],
];

test.each(outOfBounds)(
  "B5: a result that claims %s (%s at %i, %i) is CANONICAL_ABI",
  async (_what, type, pointer, length) => {
    expect(await outcomeOf(`f: func() -> ${type};`, returning(pointer, length))).toMatchObject(CANONICAL);
  },
);

test("B5: text that is not UTF-8 is CANONICAL_ABI, not text with replacement marks", async () => {
  const body = returning(32, 2).replace("(result i32)", "(result i32) (i32.store16 (i32.const 32) (i32.const 0xfeff))");
  expect(await outcomeOf("f: func() -> string;", body)).toMatchObject(CANONICAL);
});

test("B5: half of a surrogate pair in UTF-16 is CANONICAL_ABI", async () => {
  const wit = "package test:one@1.0.0; interface one { f: func() -> string; } world w { export one; }";
  const core = `(module (memory (export "memory") 1) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
    (data (i32.const 32) "\\00\\d8") (func (export "test:one/one@1.0.0#f") ${returning(32, 1)}))`;
  const runner = await Runner.of(await componentOf(wit, core, "utf16"));
  expect((await runner.call("one.f", {})).outcome).toMatchObject(CANONICAL);
});

const wrongAnswers: readonly (readonly [what: string, type: string, body: string])[] = [
  [
    "a case that does not exist",
    "variant e { a, b(u32) } f: func() -> e;",
    "(result i32) (i32.store8 (i32.const 16) (i32.const 7)) (i32.const 16)",
  ],
  ["an enum case that does not exist", "enum e { a, b } f: func() -> e;", "(result i32) (i32.const 9)"],
  ["a character that does not exist", "f: func() -> char;", "(result i32) (i32.const 0xd800)"],
  [
    "an option that is neither",
    "f: func() -> option<u32>;",
    "(result i32) (i32.store8 (i32.const 16) (i32.const 2)) (i32.const 16)",
  ],
  [
    "a result that is neither",
    "f: func() -> result<u32, u32>;",
    "(result i32) (i32.store8 (i32.const 16) (i32.const 2)) (i32.const 16)",
  ],
];

test.each(wrongAnswers)("B5: %s is CANONICAL_ABI", async (_what, signature, body) => {
  expect(await outcomeOf(signature, body)).toMatchObject(CANONICAL);
});

const allocator = (body: string): Promise<Runner> => {
  const wit =
    "package test:one@1.0.0; interface one { f: func(v: list<u32>) -> u32; g: func(v: string) -> u32; } world w { export one; }";
  return componentOf(
    wit,
    `(module (memory (export "memory") 1) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) ${body})
      (func (export "test:one/one@1.0.0#f") (param i32 i32) (result i32) (i32.const 1))
      (func (export "test:one/one@1.0.0#g") (param i32 i32) (result i32) (i32.const 1)))`,
  ).then((component) => Runner.of(component));
};

const allocators: readonly (readonly [what: string, body: string, code: string])[] = [
  ["an address past the end", "(i32.const 65532)", "CANONICAL_ABI"],
  ["an address far outside", "(i32.const -4)", "CANONICAL_ABI"],
  ["an address that is not aligned", "(i32.const 1025)", "CANONICAL_ABI"],
  ["a trap", "unreachable", "TRAP"],
  ["a loop without end", "(loop (br 0)) (i32.const 0)", "FUEL_EXHAUSTED"],
];

test.each(allocators)("B1 B5: an allocator that gives %s ends the call", async (_what, body, code) => {
  const runner = await allocator(body);
  expect((await runner.call("one.f", { v: [1, 2, 3] })).outcome).toMatchObject({ kind: "critical", error: { code } });
});

test("B6: many lists that all point to the same bytes are not copied without end", async () => {
  const fill = `(result i32) (local i32)
    (drop (memory.grow (i32.const 99)))
    (loop (i32.store (i32.add (i32.const 64) (i32.shl (local.get 0) (i32.const 3))) (i32.const 100000))
      (i32.store (i32.add (i32.const 68) (i32.shl (local.get 0) (i32.const 3))) (i32.const 6000000))
      (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 1000))))
    (i32.store (i32.const 16) (i32.const 64)) (i32.store (i32.const 20) (i32.const 1000)) (i32.const 16)`;
  const expected = { kind: "critical", error: { code: "HOSTCALL_LIMIT" } };
  expect(await outcomeOf("f: func() -> list<list<u8>>;", fill)).toMatchObject(expected);
  expect(await outcomeOf("f: func() -> list<string>;", fill)).toMatchObject(expected);
});

test("B6: a list with more elements than may cross is stopped as it is read", async () => {
  const body = (length: number): string =>
    `(result i32) (drop (memory.grow (i32.const 150))) (i32.store (i32.const 16) (i32.const 100000))
    (i32.store (i32.const 20) (i32.const ${length})) (i32.const 16)`;
  const five = "f: func() -> list<tuple<bool, bool, bool, bool, bool>>;";
  expect(await outcomeOf(five, body(1_250_000))).toMatchObject({ kind: "ok" });
  expect(await outcomeOf(five, body(1_700_000))).toMatchObject({ error: { code: "HOSTCALL_LIMIT" } });
});

const withStart = (start: string): Promise<Uint8Array> =>
  componentOf(
    "package test:one@1.0.0; interface one { f: func() -> u32; } world w { export one; }",
    `(module (memory (export "memory") 1) (func $start ${start}) (start $start)
      (func (export "test:one/one@1.0.0#f") (result i32) (i32.const 1)))`,
  );

test("A12: a start function that loops is charged and ends in FUEL_EXHAUSTED when the tool is started", async () => {
  const runner = await Runner.of(await withStart("(loop (br 0))"));
  await expect(runner.call("one.f", {})).rejects.toMatchObject({ code: "FUEL_EXHAUSTED" });
});

test("A12: a start function that traps ends in TRAP when the tool is started", async () => {
  const runner = await Runner.of(await withStart("unreachable"));
  await expect(runner.call("one.f", {})).rejects.toMatchObject({ code: "TRAP" });
});

test("A12: a start function is charged to the call", async () => {
  const plain = await (await Runner.of(await withStart(""))).call("one.f", {});
  const busy = await (await Runner.of(await withStart("(drop (i32.add (i32.const 1) (i32.const 2)))"))).call(
    "one.f",
    {},
  );
  expect(busy.fuel - plain.fuel).toBe(3n);
});

test("A10: a tool that starts with more memory than the call may have does not start", async () => {
  const component = await componentOf(
    "package test:one@1.0.0; interface one { f: func() -> u32; } world w { export one; }",
    `(module (memory (export "memory") 2000) (func (export "test:one/one@1.0.0#f") (result i32) (i32.const 1)))`,
  );
  const runner = await Runner.of(component);
  await expect(runner.call("one.f", {})).rejects.toMatchObject({ code: "MEMORY_LIMIT" });
});

test("B3: recursion without end is STACK_EXHAUSTED, with the same fuel each time", async () => {
  const runner = await Runner.of(
    await functionComponent(
      "f: func() -> u32;",
      "(result i32) (call $down (i32.const 0))",
      "(func $down (param i32) (result i32) (i32.add (call $down (local.get 0)) (i32.const 1)))",
    ),
  );
  const first = await runner.call("one.f", {});
  expect(first.outcome).toMatchObject({ kind: "critical", error: { code: "STACK_EXHAUSTED" } });
  expect((await runner.call("one.f", {})).fuel).toBe(first.fuel);
});

test("a trap names the function as its author did, where the engine tells which", async () => {
  const runner = await Runner.of(
    await functionComponent(
      "f: func() -> u32;",
      "(result i32) (call $deeper)",
      "(func $deeper (result i32) unreachable)",
    ),
  );
  const { outcome } = await runner.call("one.f", {});
  expect(outcome).toMatchObject({ error: { code: "TRAP", data: { kind: "unreachable" } } });
  expect(outcome.kind === "critical" ? outcome.error.message : "").toContain("one.f: trap: unreachable");
});

const HOST = { name: "test:host/api", functions: new Set(["take", "take-texts"]) };

/** A guest that hands 6 MB to the host, `times` times; and whether it catches what the host throws. */
async function handing(fn: "take" | "take-texts", times: number, length: number, catching = false): Promise<Called> {
  const call = `(call $take (i32.const 100000) (i32.const ${length}))`;
  const wit = `package test:one@1.0.0; interface one { f: func() -> u32; } world w { import test:host/api@0.2.0; export one; }
    package test:host@0.2.0 { interface api { take: func(v: list<u8>); take-texts: func(v: list<list<u8>>); } }`;
  const component = await componentOf(
    wit,
    `(module (import "test:host/api@0.2.0" "${fn}" (func $take (param i32 i32))) (memory (export "memory") 150)
      (func (export "test:one/one@1.0.0#f") (result i32) (local i32)
        (loop $fill (i32.store (i32.add (i32.const 100000) (i32.shl (local.get 0) (i32.const 3))) (i32.const 200000))
          (i32.store (i32.add (i32.const 100004) (i32.shl (local.get 0) (i32.const 3))) (i32.const 6000000))
          (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if $fill (i32.lt_u (local.get 0) (i32.const 20))))
        (local.set 0 (i32.const 0))
        (loop $more ${catching ? `(block $caught (try_table (catch_all $caught) ${call}))` : call}
          (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if $more (i32.lt_u (local.get 0) (i32.const ${times}))))
        (i32.const 1)))`,
  );
  const runner = await Runner.of(component, [HOST]);
  const host = { take: () => undefined, takeTexts: () => undefined };
  return runner.call("one.f", {}, 1_000_000_000n, { "test:host/api": host });
}

test("B6: what is handed to the host is bounded by each call of the host, not by their sum", async () => {
  expect((await handing("take", 20, 6_000_000)).outcome).toEqual({ kind: "ok", output: 1 });
});

test("B6: a call of the host that would copy the same bytes many times is HOSTCALL_LIMIT, also when the guest catches it", async () => {
  const expected = { kind: "critical", error: { code: "HOSTCALL_LIMIT" } };
  expect((await handing("take-texts", 1, 20)).outcome).toMatchObject(expected);
  expect((await handing("take-texts", 1, 20, true)).outcome).toMatchObject(expected);
});

test("B5: a list past the end of the memory is CANONICAL_ABI for the host's functions too, also when the guest catches it", async () => {
  expect((await handing("take", 1, 20_000_000)).outcome).toMatchObject(CANONICAL);
  expect((await handing("take", 1, 20_000_000, true)).outcome).toMatchObject(CANONICAL);
});
