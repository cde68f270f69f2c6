import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { useActions } from "./actions.ts";
import { loadStock, type StockTool } from "./stock-host.ts";

const { output, failure, answer } = useActions();

let stock: StockTool;

beforeAll(async () => {
  stock = await loadStock(readFileSync(join(import.meta.dirname, "../../dist/tools/json.wasm")));
});

/** Calls an action in a fresh instance on the stock host; throws what the action failed with. */
function call(action: "query" | "patch", ...args: unknown[]): unknown {
  return stock.instantiate()["glovebox:std/json@0.1.0"]?.[action]?.(...args);
}

/** The values that a query selects. */
const select = (document: unknown, query: string): unknown[] =>
  (call("query", JSON.stringify(document), query) as { value: string }[]).map(({ value }) => JSON.parse(value));

describe("JSON", () => {
  test("any value comes back equal, through the root of either kind of query", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const normal = JSON.parse(JSON.stringify(value)) as unknown;
        expect(select(value, "")).toEqual([normal]);
        expect(select(value, "$")).toEqual([normal]);
      }),
      { numRuns: 200 },
    );
  });

  test("numbers are written as they were, and strings with as few escapes as there can be", async () => {
    const text = '[1e400, -0, 12345678901234567890, 1.50, "\\u00e9\\u0001\\/\\"\\ud83d\\ude00\\ud83d"]';
    expect(await output("json.query", { text, query: "" })).toEqual([
      { pointer: "", value: '[1e400,-0,12345678901234567890,1.50,"é\\u0001/\\"😀\ufffd"]' },
    ]);
  });

  test.each([
    ["", 0],
    ["[1,]", 3],
    ['{"a":1,}', 7],
    ["[01]", 2],
    ["{a:1}", 1],
    ['"\n"', 1],
    ['"\\x"', 2],
    ["nul", 0],
    ["[1] 2", 4],
    ["-", 1],
    ["1.", 2],
    ["\ufeff1", 0],
    ["// no\n1", 0],
    ['["', 2],
  ])("%j is not JSON, and the answer says where", async (text, position) => {
    expect(await failure("json.query", { text, query: "" })).toMatchObject({
      error: "invalid_json",
      payload: { position },
    });
  });

  test("what JSON.parse takes is taken, and nothing else", () => {
    const part = fc.constantFrom(...'[]{},:0123.-+eE"\\u tfn\n', "true", "null", '"a"', "1", "\\ud800", "e5");
    fc.assert(
      fc.property(fc.string({ unit: part, maxLength: 8 }), (text) => {
        const parses = (parse: () => unknown): boolean => {
          try {
            return parse() !== undefined;
          } catch {
            return false;
          }
        };
        expect(parses(() => call("query", text, ""))).toBe(parses(() => [JSON.parse(text)]));
      }),
      { numRuns: 500 },
    );
  });

  test("P5: depth and number of values are bounded, before they are met", async () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(await failure("json.query", { text: nested(502), query: "" })).toEqual({ error: "too_deep", payload: 500 });
    expect(await output("json.query", { text: nested(501), query: "/0/0" })).toHaveLength(1);
    const many = `[${"0,".repeat(400_000)}0]`;
    expect(await failure("json.query", { text: many, query: "" })).toEqual({ error: "too_many", payload: 400_000 });
    const nodes = `[${"0,".repeat(300)}0]`;
    const squared = `[${`${nodes},`.repeat(400)}${nodes}]`;
    expect(await failure("json.query", { text: squared, query: "$..*" })).toEqual({
      error: "too_many",
      payload: 100_000,
    });
  });

  test("an object of many members costs its size, not the square of it", async () => {
    const fuel = async (count: number): Promise<number> => {
      const members = Array.from({ length: count }, (_, index) => [`name ${index}`, index]);
      const text = JSON.stringify(Object.fromEntries(members));
      const given = await answer("json.query", { text, query: "/name 7" });
      return "fuel" in given ? given.fuel : Number.NaN;
    };
    expect(await fuel(20_000)).toBeLessThan(3 * (await fuel(10_000)));
  });
});

describe("json.query", () => {
  const DOCUMENT = { foo: ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8 };

  test.each([
    ["/foo", ["bar", "baz"]],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/c%d", 2],
    ["/e^f", 3],
    ["/i\\j", 5],
    ['/k"l', 6],
    ["/ ", 7],
    ["/m~0n", 8],
  ])("the pointer %s of RFC 6901 finds its value", (pointer, expected) => {
    expect(select(DOCUMENT, pointer)).toEqual([expected]);
  });

  test.each(["/nothing", "/foo/2", "/foo/-", "/foo/00", "/foo/0/x", "/foo/-1"])("%s finds nothing", (pointer) => {
    expect(select(DOCUMENT, pointer)).toEqual([]);
  });

  test("each result says where it is, with a pointer that leads there", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        for (const node of call("query", text, "$..*") as { pointer: string; value: string }[]) {
          expect(call("query", text, node.pointer)).toEqual([node]);
        }
      }),
      { numRuns: 50 },
    );
  });

  // RFC 9535, section 1.5.
  const STORE = {
    store: {
      book: [
        { category: "reference", author: "Rees", title: "Sayings", price: 8.95 },
        { category: "fiction", author: "Waugh", title: "Sword", price: 12.99 },
        { category: "fiction", author: "Melville", title: "Moby", isbn: "0-553", price: 8.99 },
        { category: "fiction", author: "Tolkien", title: "Rings", isbn: "0-395", price: 22.99 },
      ],
      bicycle: { color: "red", price: 399 },
    },
  };

  test.each([
    ["$.store.book[*].author", ["Rees", "Waugh", "Melville", "Tolkien"]],
    ["$..author", ["Rees", "Waugh", "Melville", "Tolkien"]],
    ["$.store..price", [8.95, 12.99, 8.99, 22.99, 399]],
    ["$..book[2].title", ["Moby"]],
    ["$..book[-1].title", ["Rings"]],
    ["$..book[0,1].title", ["Sayings", "Sword"]],
    ["$..book[:2].title", ["Sayings", "Sword"]],
    ["$..book[::-2].title", ["Rings", "Sword"]],
    ["$..book[?@.isbn].title", ["Moby", "Rings"]],
    ["$..book[?@.price<10].title", ["Sayings", "Moby"]],
    ["$..book[?@.price > $.store.bicycle.price || !@.isbn && @.author != 'Rees'].title", ["Sword"]],
    ["$..book[?match(@.author, '.e.*')]['title', \"price\"]", ["Sayings", 8.95, "Moby", 8.99]],
    ["$..book[?search(@.title, '(?i)S')].title", ["Sayings", "Sword", "Rings"]],
    ["$..book[?length(@) == 5 && count(@.*) == 5].title", ["Moby", "Rings"]],
    ["$.store[?value(@..color) == 'red'].price", [399]],
  ])("%s", (query, expected) => {
    expect(select(STORE, query)).toEqual(expected);
  });

  test.each([
    ["store", 0],
    ["$.", 2],
    ["$[01]", 2],
    ["$['a", 4],
    ["$[?@.a==]", 8],
    ["$[?1]", 4],
    ["$[?@.*==1]", 8],
    ["$[?count(1)>0]", 10],
    ["$[?foo(@)]", 6],
    [" $", 0],
    ["$ ", 1],
    ["/~2", 0],
  ])("%j is no query, and the answer says where", async (query, position) => {
    const { error, payload } = await failure("json.query", { text: "[]", query });
    expect({ error, payload }).toMatchObject({ error: "invalid_query", payload: { position } });
  });

  test("brackets and filters may be nested 100 deep, and no deeper", async () => {
    const nested = (depth: number): string => `$${"[?@".repeat(depth)}${"]".repeat(depth)}`;
    expect(await failure("json.query", { text: "[]", query: nested(300) })).toMatchObject({ error: "invalid_query" });
    expect(await output("json.query", { text: "[]", query: nested(40) })).toEqual([]);
  });
});

interface ComplianceCase {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly result?: readonly unknown[];
  readonly results?: readonly (readonly unknown[])[];
  readonly invalid_selector?: boolean;
}

/** The suite of github.com/jsonpath-standard/jsonpath-compliance-test-suite, for whoever has a copy of it. */
const SUITE = join(process.env.JSONPATH_SUITE ?? "/nowhere", "cts.json");

test.skipIf(!existsSync(SUITE))(
  "the public JSONPath compliance suite passes (skipped unless JSONPATH_SUITE names its folder)",
  () => {
    const { tests } = JSON.parse(readFileSync(SUITE, "utf8")) as { tests: readonly ComplianceCase[] };
    // Unicode properties are not claimed.
    const claimed = tests.filter(({ selector }) => !/\\[pP]\{/.test(selector));
    expect(tests.length - claimed.length).toBe(4);
    for (const { name, selector, document, result, results, invalid_selector } of claimed) {
      let selected: unknown;
      try {
        selected = select(document ?? null, selector);
      } catch {
        selected = "invalid";
      }
      const allowed = invalid_selector === true ? ["invalid"] : (results ?? [result]);
      expect({ name, selector, allowed }).toMatchObject({ allowed: expect.arrayContaining([selected]) as unknown });
    }
  },
);

describe("json.patch", () => {
  const patch = (document: unknown, operations: unknown): Promise<unknown> =>
    output("json.patch", { text: JSON.stringify(document), patch: JSON.stringify(operations) }).then((text) =>
      JSON.parse(text as string),
    );

  // RFC 6902, appendix A.
  test.each([
    [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { foo: "bar", baz: "qux" }],
    [{ foo: ["bar", "baz"] }, [{ op: "add", path: "/foo/1", value: "qux" }], { foo: ["bar", "qux", "baz"] }],
    [{ baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
    [{ foo: [1, 2, 3] }, [{ op: "remove", path: "/foo/1" }], { foo: [1, 3] }],
    [{ baz: "qux" }, [{ op: "replace", path: "/baz", value: "boo" }], { baz: "boo" }],
    [{ a: { b: 1, c: 2 }, d: {} }, [{ op: "move", from: "/a/b", path: "/d/e" }], { a: { c: 2 }, d: { e: 1 } }],
    [{ foo: [1, 2, 3, 4] }, [{ op: "move", from: "/foo/1", path: "/foo/3" }], { foo: [1, 3, 4, 2] }],
    [{ a: [1, 2.0] }, [{ op: "test", path: "/a", value: [1, 2] }], { a: [1, 2] }],
    [{ foo: "bar" }, [{ op: "add", path: "/child", value: { x: {} }, xyz: 1 }], { foo: "bar", child: { x: {} } }],
    [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
    [{ foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["abc"] }], { foo: ["bar", ["abc"]] }],
    [
      { a: [1] },
      [
        { op: "copy", from: "/a", path: "/b" },
        { op: "add", path: "/b/0", value: 0 },
      ],
      { a: [1], b: [0, 1] },
    ],
    [{ a: 1 }, [{ op: "replace", path: "", value: [] }], []],
    [{ a: 1 }, [{ op: "move", from: "/a", path: "/a" }], { a: 1 }],
    [[1, 2], [{ op: "replace", path: "/1", value: 3 }], [1, 3]],
    [{}, [], {}],
  ])("%j with %j", async (document, operations, expected) => {
    expect(await patch(document, operations)).toEqual(expected);
  });

  test.each([
    [{ foo: "bar" }, [{ op: "add", path: "/baz/bat", value: 1 }], "patch_failed", 0],
    [
      { a: 1 },
      [
        { op: "replace", path: "/a", value: 2 },
        { op: "test", path: "/a", value: 1 },
      ],
      "patch_failed",
      1,
    ],
    [{ a: "10" }, [{ op: "test", path: "/a", value: 10 }], "patch_failed", 0],
    [[1], [{ op: "add", path: "/2", value: 1 }], "patch_failed", 0],
    [[1], [{ op: "remove", path: "/-" }], "patch_failed", 0],
    [{ a: {} }, [{ op: "move", from: "/a", path: "/a/b" }], "patch_failed", 0],
    [{}, [{ op: "remove", path: "" }], "patch_failed", 0],
    [{}, [{ op: "copy", from: "/x", path: "/y" }], "patch_failed", 0],
    [{}, [{ op: "add", path: "/x" }], "invalid_patch", 0],
    [{}, [{ op: "add", path: "x", value: 1 }], "invalid_patch", 0],
    [{}, [{ op: "spam", path: "/x", value: 1 }], "invalid_patch", 0],
    [{}, [{ path: "/x", value: 1 }], "invalid_patch", 0],
    [{}, [[]], "invalid_patch", 0],
    [{}, {}, "invalid_patch", 0],
  ])("%j with %j fails as %s", async (document, operations, error, operation) => {
    const params = { text: JSON.stringify(document), patch: JSON.stringify(operations) };
    expect(await failure("json.patch", params)).toMatchObject({ error, payload: { operation } });
  });

  test("indents when it is asked to, as JSON.stringify does", async () => {
    const document = { a: [1, { b: [] }], c: {} };
    const text = JSON.stringify(document);
    expect(await output("json.patch", { text, patch: "[]", indent: 2 })).toBe(JSON.stringify(document, null, 2));
    expect(await output("json.patch", { text, patch: "[]" })).toBe(text);
  });

  test("P5: copies that double a document meet the limit of values", async () => {
    const operations = Array.from({ length: 60 }, (_, index) => ({ op: "copy", from: "", path: `/${index}` }));
    const params = { text: "{}", patch: JSON.stringify(operations) };
    expect(await failure("json.patch", params)).toMatchObject({ error: "too_many" });
  });
});
