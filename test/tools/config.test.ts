import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { useActions } from "./actions.ts";

const { at, put, answer, output, failure } = useActions();

type Value = string | number | boolean | null;

const settingOf = (value: Value): unknown => {
  if (value === null) return "null";
  if (typeof value === "string") return { text: value };
  if (typeof value === "boolean") return { boolean: value };
  return Number.isInteger(value) ? { integer: value } : { number: value };
};

/** The text of a file after a setting, and what the action gave. */
async function set(name: string, text: string, key: readonly string[], value: Value): Promise<[string, unknown]> {
  put(name, text);
  const before = await output("config.set", { path: `/project/${name}`, key, value: settingOf(value) });
  return [readFileSync(at(name), "utf8"), before];
}

describe("JSON", () => {
  test.each([
    ['{"a": 1}', ["a"], 2, '{"a": 2}', "1"],
    ['{"a": 1}', ["a"], "x\n", '{"a": "x\\n"}', "1"],
    [
      '{\n  // why\n  "a": 1, /* c */\n  "b": [1, {"c": 2}] // d\n}\n',
      ["b", "1", "c"],
      true,
      '{\n  // why\n  "a": 1, /* c */\n  "b": [1, {"c": true}] // d\n}\n',
      "2",
    ],
    ['{\n  "a": 1\n}\n', ["b"], null, '{\n  "a": 1,\n  "b": null\n}\n', null],
    ['{\r\n\t"a": 1, // x\r\n}\r\n', ["b", "c"], 1.5, '{\r\n\t"a": 1,\r\n\t"b": { "c": 1.5 }, // x\r\n}\r\n', null],
    ["{}", ["a", "b"], -7, '{ "a": { "b": -7 } }', null],
    ["", ["a"], 1, '{ "a": 1 }\n', null],
    ['{"a": 1, "a": {"b": 2}}', ["a", "b"], 3, '{"a": 1, "a": {"b": 3}}', "2"],
    ['{"a\\u0062": 1}', ["ab"], 2, '{"a\\u0062": 2}', "1"],
    ['{"a": {"x": "}"} }', ["a"], 0, '{"a": 0 }', '{"x": "}"}'],
  ] as const)("%j with %j set to %j", async (text, key, value, expected, before) => {
    expect(await set("file.json", text, key, value)).toEqual([expected, before]);
  });

  test("any document keeps all but what is set, and has what is set", async () => {
    const name = fc.string({ maxLength: 4 });
    const document = fc.dictionary(name, fc.oneof(fc.integer(), fc.string(), fc.dictionary(name, fc.string())), {
      noNullPrototype: true,
    });
    const key = fc.array(name, { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(document, key, fc.string(), fc.nat(2), async (value, names, text, indent) => {
        const [first = "", second] = names;
        fc.pre(!names.includes("__proto__"));
        const inner = value[first];
        fc.pre(second === undefined || inner === undefined || typeof inner === "object");
        const [changed] = await set("file.json", JSON.stringify(value, null, indent), names, text.toWellFormed());
        const set1 = text.toWellFormed();
        const whole = second === undefined ? set1 : { ...(inner as object | undefined), [second]: set1 };
        expect(JSON.parse(changed)).toEqual({ ...value, [first]: whole });
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['{"a": 1', ["a"], 1],
    ['{"a": [1]}', ["a", "1"], 1],
    ['{\n"a": 1}', ["a", "b"], 2],
    ['{\n\n"a" 1}', ["a"], 3],
    ["[1]", ["a"], 1],
  ])("%j with %j is not edited, and stays", async (text, key, line) => {
    put("file.json", text);
    const given = await failure("config.set", { path: "/project/file.json", key, value: "null" });
    expect(given).toMatchObject({ error: "not_editable", payload: { line } });
    expect(readFileSync(at("file.json"), "utf8")).toBe(text);
  });
});

describe("YAML", () => {
  const TEXT =
    "# top\nserver:\n  port: 80   # the port\n  host: 'a # b'\n  # end of server\n\nlist:\n- a\n- b\ntext: |\n  # not a comment\n  port: 1\nempty:\nlast: x\n";

  test.each([
    [["server", "port"], 8080, "port: 80 ", "port: 8080 ", "80"],
    [["server", "host"], "x: y", "'a # b'", '"x: y"', "'a # b'"],
    [["last"], "on", "last: x", 'last: "on"', "x"],
    [["last"], "a word", "last: x", "last: a word", "x"],
    [["last"], "1.10", "last: x", 'last: "1.10"', "x"],
    [["empty"], null, "empty:\n", "empty: null\n", ""],
    [["server", "tls"], true, "  # end of server\n", "  # end of server\n  tls: true\n", null],
    [["new", "a b"], "", "last: x\n", 'last: x\nnew:\n  a b: ""\n', null],
    [["empty", "deep", "er"], 1, "empty:\n", "empty:\n  deep:\n    er: 1\n", null],
  ] as const)("%j set to %j changes nothing else", async (key, value, from, to, before) => {
    const [changed, given] = await set("file.yaml", TEXT, key, value);
    expect(changed).toBe(TEXT.replace(from, () => to));
    expect(given).toBe(before);
    const found = key.reduce((node: unknown, name) => (node as Record<string, unknown>)[name], parse(changed));
    expect(found).toBe(value);
  });

  test("line ends are kept, a missing one is added, and an empty file gets its first lines", async () => {
    expect(await set("a.yml", "a: 1\r\nb: 2", ["c"], 3)).toEqual(["a: 1\r\nb: 2\r\nc: 3\r\n", null]);
    expect(await set("a.yml", "", ["a", "b"], "x")).toEqual(["a:\n  b: x\n", null]);
    expect(await set("a.yml", "---\n# only\n", ["a"], 1)).toEqual(["---\n# only\na: 1\n", null]);
  });

  test("any text that is set is what a YAML parser reads", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 12 }), async (given) => {
        const text = given.toWellFormed();
        const [changed] = await set("file.yaml", "a: 1 # c\nb: 2\n", ["a"], text);
        expect(parse(changed)).toEqual({ a: text, b: 2 });
        expect(changed.endsWith(" # c\nb: 2\n")).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["a: &x 1\n", ["a"], 1],
    ["a: {b: 1}\n", ["a", "b"], 1],
    ["a: [1]\n", ["a"], 1],
    ["a: |\n  text\n", ["a"], 1],
    ["a: 'x\n  y'\n", ["a"], 1],
    ["a: x\n  y\n", ["a"], 1],
    ["b: 1\na:\n  c: 1\n", ["a"], 2],
    ["a:\n- 1\n", ["a"], 1],
    ["a:\n- 1\n", ["a", "b"], 2],
    ["a: 1\n---\na: 2\n", ["a"], 2],
    ["a: 1\na: 2\n", ["a"], 2],
    ["a:\n\tb: 1\n", ["a", "b"], 2],
    ["- a: 1\n", ["a"], 1],
    ["{a: 1}\n", ["a"], 1],
    ["  b: 1\na: 1\n", ["a"], 2],
  ])("%j with %j is not edited, and stays", async (text, key, line) => {
    put("file.yaml", text);
    const given = await failure("config.set", { path: "/project/file.yaml", key, value: { integer: 3 } });
    expect(given).toMatchObject({ error: "not_editable", payload: { line } });
    expect(readFileSync(at("file.yaml"), "utf8")).toBe(text);
  });
});

describe("INI", () => {
  const TEXT = "; top\nroot=1\n\n[server]\n# port\nport = 80 ; why\nhost: h\n\n[last]\n";

  test.each([
    [["root"], 2, "root=1", "root=2", "1"],
    [["server", "port"], 8080, "80 ;", "8080 ;", "80"],
    [["server", "host"], "x y", "host: h", "host: x y", "h"],
    [["server", "tls"], true, "host: h\n", "host: h\ntls: true\n", null],
    [["other"], "x", "root=1\n", "root=1\nother: x\n", null],
    [["last", "a"], "x", "[last]\n", "[last]\na: x\n", null],
    [["new", "a"], null, "[last]\n", "[last]\n\n[new]\na: \n", null],
  ] as const)("%j set to %j changes nothing else", async (key, value, from, to, before) => {
    expect(await set("file.ini", TEXT, key, value)).toEqual([TEXT.replace(from, to), before]);
  });

  test.each([
    [["a", "b", "c"], "x"],
    [["a=b"], "x"],
    [[";a"], "x"],
    [["a]", "b"], "x"],
    [["a"], "x\ny"],
    [["a"], "x ; y"],
    [["a"], " x"],
  ])("%j cannot be set to %j", async (key, value) => {
    put("file.ini", "a=1\n");
    const given = await failure("config.set", { path: "/project/file.ini", key, value: { text: value } });
    expect(given).toMatchObject({ error: "not_writable" });
  });
});

describe(".env", () => {
  const TEXT = "# top\nexport A=1 # why\nB='x # y' # z\nC=\n";

  test.each([
    ["A", "2", "A=1", "A=2", "1"],
    ["B", "it's $5", "'x # y'", `"it's \\$5"`, "'x # y'"],
    ["C", "a b", "C=", "C='a b'", ""],
    ["D", "x", "C=\n", "C=\nD=x\n", null],
  ] as const)("%s set to %j changes nothing else", async (key, value, from, to, before) => {
    expect(await set(".env.local", TEXT, [key], value)).toEqual([TEXT.replace(from, () => to), before]);
  });

  test("a value over several lines is not edited; a name that is none is refused", async () => {
    put(".env", 'A="x\ny"\n');
    const params = { path: "/project/.env", value: { text: "x" } };
    expect(await failure("config.set", { ...params, key: ["B"] })).toMatchObject({ error: "not_editable" });
    expect(await failure("config.set", { ...params, key: ["1B"] })).toMatchObject({ error: "not_writable" });
    expect(await failure("config.set", { ...params, key: ["A", "B"] })).toMatchObject({ error: "not_writable" });
  });
});

test("what is wrong with the file, its format or the key is an error of the contract", async () => {
  const params = { key: ["a"], value: { integer: 1 } };
  expect(await failure("config.set", { ...params, path: "/project/none.json" })).toEqual({
    error: "file_failed",
    payload: { path: "/project/none.json", reason: "not-found" },
  });
  put("file.txt", "a=1\n");
  expect(await failure("config.set", { ...params, path: "/project/file.txt" })).toMatchObject({
    error: "unknown_format",
  });
  expect(await output("config.set", { ...params, path: "/project/file.txt", format: "env" })).toBe("1");
  put("file.json", Uint8Array.from([0x7b, 0xff]));
  expect(await failure("config.set", { ...params, path: "/project/file.json" })).toMatchObject({
    payload: { reason: "not-utf8" },
  });
  expect(await failure("config.set", { ...params, path: "/project/file.json", key: [] })).toMatchObject({
    error: "not_writable",
  });
  put("deep.json", "[".repeat(100_000));
  expect(await answer("config.set", { ...params, path: "/project/deep.json", key: ["0"] })).toMatchObject({
    error: "not_editable",
  });
});
