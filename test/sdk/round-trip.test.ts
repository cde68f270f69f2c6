// Values go from the host into a component and come back as they were, for any type that WIT can say.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue, WitType } from "../../host/contract/types.ts";
import { componentOfJavaScript } from "../component/build.ts";
import { Runner } from "../component/run.ts";
import { anyType, list, option, record, t, tuple, variant } from "../contract/types.ts";
import { valuesOf } from "../contract/values.ts";
import { buildInMemory, echoing } from "./echo.ts";
import { WitText } from "./wit-text.ts";

const TYPES_PER_COMPONENT = 60;
const SEEDS = [1, 2, 3, 4];

/** An interface with one function for each type, which gives back what it takes. */
function echoWit(types: readonly WitType[]): string {
  const text = new WitText();
  // In a tuple of one, so that a result is a value here, and not the outcome of the call.
  const functions = types.map((type, index) => {
    const used = `tuple<${text.use(type)}>`;
    return `echo${index}: func(v: ${used}) -> ${used};`;
  });
  return `package test:echo; interface echo { ${text.declarations.join("\n")} ${functions.join("\n")} } world w { export echo; }`;
}

async function echoRunner(types: readonly WitType[]): Promise<Runner> {
  const wit = echoWit(types);
  return Runner.of(await buildInMemory(wit, echoing(wit)));
}

async function expectSame(runner: Runner, index: number, value: JsonValue): Promise<void> {
  const { outcome } = await runner.call(`echo.echo${index}`, { v: [value] });
  expect(outcome).toEqual({ kind: "ok", output: [value] });
}

test.each(SEEDS)("values of 60 generated types come back from AssemblyScript as they were (seed %i)", async (seed) => {
  const types = fc.sample(anyType, { numRuns: TYPES_PER_COMPONENT, seed });
  const runner = await echoRunner(types);
  for (const [index, type] of types.entries()) {
    const values = fc.sample(valuesOf(type), { numRuns: 6, seed: seed + index });
    for (const value of values) await expectSame(runner, index, value);
  }
});

/** What plain JavaScript keeps to the last digit. */
function isExactInJavaScript(value: JsonValue): boolean {
  return !/"-?\d{16,}"/.test(JSON.stringify(value));
}

test("values of generated types come back from a component in plain JavaScript as they were", async () => {
  const types = fc.sample(anyType, { numRuns: 40, seed: 5 });
  const functions = types.map((_, index) => `echo${index}(v) { return v; }`);
  const component = await componentOfJavaScript(echoWit(types), `export const echo = { ${functions.join(", ")} };`);
  const runner = await Runner.of(component);
  for (const [index, type] of types.entries()) {
    const values = fc.sample(valuesOf(type).filter(isExactInJavaScript), { numRuns: 4, seed: index });
    for (const value of values) await expectSame(runner, index, value);
  }
});

test("half of a surrogate pair, which no WIT string holds, is refused on the way in, and ends the call on the way out", async () => {
  const wit = `package test:echo; interface echo { whole: func(v: string) -> string; half: func() -> string; } world w { export echo; }`;
  const authors = {
    "echo.ts": `export function whole(v: string): string { return v; } export function half(): string { return "a" + String.fromCharCode(0xd800); }`,
  };
  const runner = await Runner.of(await buildInMemory(wit, authors));
  expect((await runner.call("echo.whole", { v: "\ud83dx" })).outcome).toMatchObject({
    kind: "critical",
    error: { code: "ARGUMENT_INVALID" },
  });
  expect((await runner.call("echo.half", {})).outcome).toMatchObject({
    kind: "critical",
    error: { code: "CANONICAL_ABI" },
  });
});

const text = t("string");
const edges: readonly (readonly [string, WitType, readonly JsonValue[]])[] = [
  [
    "text beyond 16 bits, without letters, or with what ends a C string",
    text,
    ["", "😀", "\u0000", "a\ud7ff\ue000", "\ufeffx"],
  ],
  ["long text", text, ["é".repeat(100_000)]],
  ["a list of many numbers", list(t("u16")), [Array.from({ length: 50_000 }, (_, index) => index)]],
  ["a list of many strings", list(text), [Array.from({ length: 5_000 }, (_, index) => `line ${index}`)]],
  ["lists in lists", list(list(list(t("s8")))), [[], [[]], [[[]]], [[[1, -1], []], [[-128]]]]],
  ["bytes", list(t("u8")), [Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index)).toString("base64")]],
  [
    "the ends of integers",
    tuple(t("s64"), t("u64"), t("s8"), t("u32")),
    [["-9223372036854775808", "18446744073709551615", -128, 4294967295]],
  ],
  [
    "floats",
    tuple(t("f32"), t("f64")),
    [
      ["NaN", "Infinity"],
      [1.5, 5e-324],
      ["-Infinity", "NaN"],
    ],
  ],
  ["an option of an option of a number", option(option(t("f32"))), [null, { some: null }, { some: 0.5 }]],
  [
    "a variant whose cases share core values of different types",
    variant({
      none: null,
      small: t("u8"),
      single: t("f32"),
      double: t("f64"),
      big: t("s64"),
      words: list(text),
      pair: tuple(t("f32"), text),
    }),
    [
      "none",
      { small: 255 },
      { single: -1.5 },
      { double: 1e300 },
      { big: "-9007199254740993" },
      { words: ["a", ""] },
      { pair: [2.5, "x"] },
    ],
  ],
  [
    "a record that goes through memory because it has too many parts",
    record(
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, index % 2 === 0 ? text : t("u64")])),
    ),
    [
      Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [`f${index}`, index % 2 === 0 ? `v${index}` : index]),
      ),
    ],
  ],
];

test("edge cases come back as they were", async () => {
  const runner = await echoRunner(edges.map(([, type]) => type));
  for (const [index, [what, , values]] of edges.entries()) {
    for (const value of values) {
      const { outcome } = await runner.call(`echo.echo${index}`, { v: [value] });
      expect(outcome, what).toEqual({ kind: "ok", output: [value] });
    }
  }
});

test("the same world gives the same bytes", async () => {
  const wit = echoWit(edges.map(([, type]) => type));
  const [first, second] = [await buildInMemory(wit, echoing(wit)), await buildInMemory(wit, echoing(wit))];
  expect(Buffer.from(first).equals(second)).toBe(true);
});
