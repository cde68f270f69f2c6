import fc from "fast-check";
import { expect, test } from "vitest";
import { PLAN_LIMITS } from "../../../host/limits.ts";
import { readDocument } from "../../../host/scope/document/read.ts";
import type { SourceDocument } from "../../../host/scope/document/types.ts";

const json = (text: string): SourceDocument => readDocument({ file: "a.json", text }, PLAN_LIMITS);
const yaml = (text: string): SourceDocument => readDocument({ file: "a.yaml", text }, PLAN_LIMITS);
const value = (source: unknown): SourceDocument => readDocument({ value: source }, PLAN_LIMITS);

function complaints(document: SourceDocument): string[] {
  const located = document.locate(document.problems);
  return document.problems.map(({ message }, index) => `${located[index]?.line}:${located[index]?.column} ${message}`);
}

test("any JSON value reads as itself, from text, from YAML and from memory", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      fc.pre(!text.includes("__proto__"));
      const expected: unknown = JSON.parse(text, (_key, inner) => (Object.is(inner, -0) ? 0 : inner));
      expect(json(text).value).toEqual(expected);
      expect(json(JSON.stringify(JSON.parse(text), null, 2)).value).toEqual(expected);
      expect(value(JSON.parse(text)).value).toEqual(expected);
    }),
  );
});

test("minus zero reads as zero, since canonical JSON has one zero", () => {
  for (const document of [json("-0"), json("-0.0"), yaml("-0"), value(-0)]) expect(document.value).toBe(0);
});

test("JSON text is accepted exactly when JSON.parse accepts it", () => {
  const texts = fc.string({ unit: fc.constantFrom(...'{}[]",:0123.-eE+ \n\ttruefalsenul\\u00a'), maxLength: 12 });
  fc.assert(
    fc.property(texts, (text) => {
      let accepted = true;
      try {
        JSON.parse(text);
      } catch {
        accepted = false;
      }
      const { problems } = json(text);
      const own = problems.filter(({ message }) => !/twice|surrogate|too large/.test(message));
      expect(own.length === 0).toBe(accepted);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ["{", "1:2 a key in double quotes is expected here"],
  ['{"a" 1}', "1:6 a colon is expected after the key"],
  ['{"a": 1,}', '1:9 a comma before "}"'],
  ["[1 2]", '1:4 a comma or "]" is expected here'],
  ['{\n  "a": tru\n}', "2:8 a value is expected here, and tru is not one"],
  ['"abc', "1:1 a string without its closing quote"],
  ['"a\nb"', "1:3 a control character inside of a string"],
  ['"\\x"', "1:1 a string with an unknown escape"],
  ["1 2", "1:3 there is more text after the end of the value"],
  ["", "1:1 a value is expected here, and the text ends is not one"],
  ["-", "1:1 a number is expected after the minus"],
  ["1e999", "1:1 a number that is too large"],
  ['"\\ud800"', "1:1 a string with half of a surrogate pair"],
])("JSON %j says where it stops making sense", (text, complaint) => {
  const document = json(text);
  expect(document.value).toBeUndefined();
  expect(complaints(document)).toEqual([complaint]);
});

test("P5: a duplicate key is a problem at the second one, in JSON and in YAML", () => {
  expect(complaints(json('{"a": 1,\n "a": 2}'))).toEqual(['2:2 the key "a" is there twice']);
  expect(complaints(yaml("b:\n  a: 1\n  a: 2\n"))).toEqual(['3:3 the key "a" is there twice']);
});

test("P5: a __proto__ key is a problem, and reaches no prototype", () => {
  const texts = [
    json('{"__proto__": {"x": 1}}'),
    yaml("__proto__: { x: 1 }"),
    value(JSON.parse('{"__proto__": {"x": 1}}')),
  ];
  for (const document of texts) {
    expect(document.problems.map(({ message }) => message)).toEqual(['the key "__proto__" is not allowed']);
    expect(document.value).toEqual({});
    expect(Object.getPrototypeOf(document.value)).toBe(Object.prototype);
  }
  expect(({} as { x?: number }).x).toBeUndefined();
});

test("P5: nesting beyond the limit is refused, however deep, in every form", () => {
  const deep = 1_000_000;
  const loop: unknown[] = [];
  loop.push(loop);
  const documents = [
    json("[".repeat(deep)),
    json('{"a":'.repeat(deep)),
    yaml("[".repeat(deep / 10)),
    yaml("- ".repeat(deep / 10)),
    yaml("? ".repeat(deep / 10)),
    yaml("{a: ".repeat(deep / 100)),
    value(loop),
  ];
  for (const document of documents) {
    expect(document.value).toBeUndefined();
    expect(document.problems[0]?.message).toMatch(/nested more than 64 deep/);
  }
  expect(json("[".repeat(64) + "]".repeat(64)).problems).toEqual([]);
  expect(json("[".repeat(65) + "]".repeat(65)).problems).toHaveLength(1);
});

test("P5: a literal, a source or a number of values beyond the limit is refused", () => {
  const literal = "x".repeat(10_000_000);
  expect(json(JSON.stringify(literal)).problems[0]?.message).toMatch(/string of more than 4194304 characters/);
  expect(value({ a: literal }).problems[0]?.message).toMatch(/string of more than 4194304 characters/);
  expect(yaml(`a: ${literal}`).problems[0]?.message).toMatch(/longer than 524288 characters/);
  expect(json(" ".repeat(PLAN_LIMITS.sourceBytes + 1)).problems[0]?.message).toMatch(/longer than 16777216 characters/);
  expect(json(`[${"1,".repeat(250_001)}1]`).problems[0]?.message).toMatch(/more than 250000 values/);
});

test("YAML aliases are refused, so that no document grows by reading it", () => {
  const laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
  expect(complaints(yaml(laughs))).toContain("2:8 an alias is not allowed here");
});

test.each([
  ["a: [1, 2", /2 is|expected|must/i],
  ["a: b: c", /compact mappings/],
  ["a: !!unknown x", /Unresolved tag/],
  ["a: 1\n---\nb: 2", /more than one YAML document/],
  ["\tb: 1", /tab/i],
])("YAML %j is a problem with its line", (text, message) => {
  const document = yaml(text);
  expect(document.value).toBeUndefined();
  expect(document.problems[0]?.message).toMatch(message);
});

test("YAML reads grouped integers as numbers, and nothing else with an underscore", () => {
  const text = "a: 10_000_000_000\nb: 1_00\nc: '1_000'\nd: 2024_11_22\ne: -1_000\nf: 1_000.5";
  expect(yaml(text).value).toEqual({
    a: 10_000_000_000,
    b: "1_00",
    c: "1_000",
    d: "2024_11_22",
    e: -1000,
    f: "1_000.5",
  });
});

test("YAML numbers that JSON has no word for are a problem", () => {
  expect(complaints(yaml("a: .inf\nb: .nan"))).toEqual([
    "1:4 Infinity is not a JSON value",
    "2:4 NaN is not a JSON value",
  ]);
});

test("what is not JSON data in a value is a problem with its pointer", () => {
  const document = value({ a: [1, () => 1], b: new Date(0), c: Number.NaN, d: undefined, e: 1n });
  expect(document.value).toEqual({ a: [1, null], b: null, c: null, e: null });
  expect(document.problems.map(({ pointer }) => pointer)).toEqual(["/a/1", "/b", "/c", "/e"]);
});

test("what was read is frozen, and no longer tied to the value that was given", () => {
  const source = { a: { b: [1] } };
  const read = value(source).value as typeof source;
  source.a.b.push(2);
  expect(read).toEqual({ a: { b: [1] } });
  expect(() => read.a.b.push(3)).toThrow(TypeError);
});

test.each([
  ["a.json", '{\n  "a": [\n    {"b": 1}\n  ]\n}'],
  ["a.yaml", "a:\n  - x: 1\n    b: 1\n"],
])("places in %s are located by key and by value", (file, text) => {
  const document = readDocument({ file, text }, PLAN_LIMITS);
  const [key, inner, missing] = document.locate([
    { pointer: "/a/0/b", on: "key" },
    { pointer: "/a/0/b", on: "value" },
    { pointer: "/a/0/nothing/here", on: "value" },
  ]);
  expect(key?.line).toBe(3);
  expect(inner?.column).toBe((key?.column ?? 0) + (file === "a.json" ? 5 : 3));
  expect(missing?.line).toBe(file === "a.json" ? 3 : 2);
});

test("places in a value are ordered as the value holds them, and have no line", () => {
  const document = value({ b: [{ x: 1 }, { y: 2 }], a: 1 });
  const located = document.locate([
    { pointer: "/a", on: "value" },
    { pointer: "/b/1/y", on: "value" },
    { pointer: "/b/0", on: "value" },
  ]);
  const [a, y, first] = located.map(({ order }) => order);
  expect([first, y, a]).toEqual([first, y, a].toSorted((one, other) => (one ?? 0) - (other ?? 0)));
  expect(located[0]).toMatchObject({ line: null, column: null });
});

test("the first character decides when the file's name does not say", () => {
  expect(readDocument({ file: "plan", text: '\uFEFF {"a": 1}' }, PLAN_LIMITS).value).toEqual({ a: 1 });
  expect(readDocument({ file: "plan", text: "a: 1" }, PLAN_LIMITS).value).toEqual({ a: 1 });
});
