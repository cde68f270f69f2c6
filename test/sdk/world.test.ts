// Worlds with more than plain functions: resources on both sides, several packages, functions of the world itself, awkward names.

import { expect, test } from "vitest";
import { generateBindings } from "../../tools-wasm/sdk/bindings/generate.ts";
import { Runner } from "../component/run.ts";
import { loadStock } from "../tools/stock-host.ts";
import { buildInMemory, witOf } from "./echo.ts";

const SHELVES = `package test:shelves@1.0.0;
interface store {
  resource item {
    constructor(name: string);
    name: func() -> string;
    join: static func(a: borrow<item>, b: borrow<item>) -> item;
  }
  weigh: func(items: list<borrow<item>>) -> tuple<u32, string>;
}
interface shelf {
  use store.{item as thing};
  resource counter {
    constructor(start: u32);
    add: func(by: u32) -> u32;
    merge: static func(a: counter, b: borrow<counter>) -> counter;
  }
  label: func(of: borrow<thing>, more: list<borrow<thing>>) -> string;
  make: func(name: string) -> thing;
  pick: func(all: list<counter>) -> option<counter>;
}
world w { import store; export shelf; }`;

const AUTHOR = `import { Item, weigh } from "./bindings/store";
export class Counter {
  constructor(private value: u32) {}
  add(by: u32): u32 { this.value += by; return this.value; }
  static merge(a: Counter, b: Counter): Counter { return new Counter(a.value + b.value); }
}
export function label(first: Item, more: Item[]): string {
  const joined = Item.join(first, more[0]);
  const weight = weigh([first, joined]);
  const text = joined.name() + " " + weight.f0.toString() + weight.f1;
  joined.drop();
  return text;
}
export function make(name: string): Item { return Item.create(name + "!"); }
export function pick(all: Counter[]): Counter | null { return all.length > 0 ? all[all.length - 1] : null; }
`;

/** The host's side: how many items are alive is how many handles were not given back. */
class Item {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  name(): string {
    return this.text;
  }
  static join(a: Item, b: Item): Item {
    return new Item(`${a.text}+${b.text}`);
  }
}

const store = {
  Item,
  weigh: (items: readonly Item[]) => [items.reduce((sum, { text }) => sum + text.length, 0), "kg"],
};

interface Counter {
  add(by: number): number;
}

test("imported resources are objects with methods, and what is borrowed goes back when the call ends", async () => {
  const tool = await loadStock(await buildInMemory(SHELVES, { "shelf.ts": AUTHOR }));
  const exports = tool.instantiate({}, { "test:shelves/store": store });
  const shelf = exports["test:shelves/shelf@1.0.0"] ?? {};
  const items = [new Item("a"), new Item("bc"), new Item("d")] as const;
  for (let round = 0; round < 3; round++) {
    expect(shelf.label?.(items[0], [items[1], items[2]])).toBe("a+bc 5kg");
  }
  expect(shelf.make?.("new")).toMatchObject({ text: "new!" });
});

test("exported resources are the author's classes: constructors, methods, static functions, lists and options of them", async () => {
  const tool = await loadStock(await buildInMemory(SHELVES, { "shelf.ts": AUTHOR }));
  const shelf = tool.instantiate({}, { "test:shelves/store": store })["test:shelves/shelf@1.0.0"] ?? {};
  const CounterClass = shelf.Counter as unknown as {
    new (start: number): Counter;
    merge(a: Counter, b: Counter): Counter;
  };
  const [a, b] = [new CounterClass(1), new CounterClass(10)];
  expect([a.add(2), b.add(5), a.add(1)]).toEqual([3, 15, 4]);
  const merged = CounterClass.merge(a, b);
  expect(merged.add(0)).toBe(19);
  const picked = shelf.pick?.([b, merged]) as Counter | undefined;
  expect(picked?.add(1)).toBe(20);
  expect(shelf.pick?.([])).toBeUndefined();
});

const PACKAGES = `package test:many@1.0.0;
use c:d/types@2.0.0 as shared;
interface tools {
  use shared.{point, mode as way};
  use e:f/more.{point as spot};
  type here = point;
  move: func(p: here, m: way) -> result<spot>;
  /// Names that AssemblyScript has other uses for.
  delete: func(%type: string, this: u8, %constructor: bool) -> %string;
  record %string { %class: u8, all: list<%list> }
  enum %list { %static, %f32 }
}
world w {
  import log: func(text: string);
  import inline: interface { add: func(a: u8, b: u8) -> u16; }
  include extra;
  export tools;
  export run: func(count: u8) -> s16;
}
world extra { export also: interface { ping: func() -> char; } }
package c:d@2.0.0 { interface types { record point { x: f32 } enum mode { fast, slow } } }
package e:f { interface more { record point { x: f32, y: f32 } } }`;

const MANY: Readonly<Record<string, string>> = {
  "tools.ts": `import { Here, Way, Spot, String_, List } from "./bindings/tools";
    import { Result, Unit } from "./bindings/runtime";
    export function move(p: Here, m: Way): Result<Spot, Unit> { return Result.ok<Spot, Unit>(new Spot(p.x, <f32>m)); }
    export function delete_(type_: string, this_: u8, constructor_: bool): String_ { return new String_(this_, constructor_ ? [List.F32, List.Static] : []); }`,
  "w.ts": `import { log } from "./bindings/w"; import { add } from "./bindings/inline";
    export function run(count: u8): i16 { log("counted"); return -<i16>add(count, count); }`,
  "also.ts": "export function ping(): u32 { return 0x1F600; }",
};

test("several packages, other names for interfaces and types, functions of the world, and keywords as names", async () => {
  const tool = await loadStock(await buildInMemory(PACKAGES, MANY));
  const said: string[] = [];
  const imports = {
    $root: { log: (text: string) => said.push(text) },
    log: { default: (text: string) => said.push(text) },
    inline: { add: (a: number, b: number) => a + b },
  };
  const exports = tool.instantiate({}, imports);
  const tools = exports["test:many/tools@1.0.0"] ?? {};
  expect(tools.move?.({ x: 1.5 }, "slow")).toEqual({ x: 1.5, y: 1 });
  expect(tools.delete?.("t", 7, true)).toEqual({ class: 7, all: ["f32", "static"] });
  expect((exports.run as unknown as (count: number) => number)(200)).toBe(-400);
  expect(said).toEqual(["counted"]);
  expect(exports.also?.ping?.()).toBe("😀");
});

test("bindings carry the documentation of the WIT", () => {
  const { files } = generateBindings(
    witOf(
      "package a:b; /// Of words.\n interface i { /// A point.\n record p { /// To the right.\n x: u8 } f: func(v: p); } world w { export i; }",
    ).world,
  );
  const text = files.get("i.ts") ?? "";
  expect(text).toContain("/** A point. */\nexport class P {");
  expect(text).toContain("/** To the right. */");
});

const broken: readonly (readonly [what: string, wit: string, message: RegExp])[] = [
  [
    "a sign that is missing",
    "package a:b;\ninterface i {\n  f: func(a: u8 b: u8);\n}",
    /wit\/test\.wit:3:17: "\)" is expected here/,
  ],
  [
    "a type that is not there",
    "package a:b; interface i { f: func(v: nothing); } world w { export i; }",
    /i has no type nothing/,
  ],
  [
    "a package that is not there",
    "package a:b; world w { import c:d/e@1.0.0; }",
    /the package c:d@1\.0\.0 is not there: put its WIT into wit\/deps/,
  ],
  ["a stream", "package a:b; interface i { f: func(v: stream<u8>); } world w { export i; }", /stream is not supported/],
  ["two worlds", "package a:b; world v {} world w {}", /2 worlds: say which one/],
];

test.each(broken)("%s is reported with its place", (_, wit, message) => {
  expect(() => witOf(wit)).toThrow(message);
});

test("what an author gets wrong is reported where the author wrote it", async () => {
  const wit =
    "package a:b; interface i { f: func(v: u8) -> string; g: func(); resource r { m: func(); } } world w { export i; }";
  const build = (text: string): Promise<Uint8Array> => buildInMemory(wit, { "i.ts": text });
  const right =
    'export function f(v: u8): string { return ""; }\nexport function g(): void {}\nexport class R { m(): void {} }\n';
  expect((await build(right)).length).toBeGreaterThan(100);
  await expect(build(right.replace('""', "v"))).rejects.toThrow(/assembly\/i\.ts:1:43: Type 'u8' is not assignable/);
  await expect(build(right.replace("v: u8", "v: u8, w: u8"))).rejects.toThrow(
    /assembly\/i\.ts:1:1: this is not what the contract asks for: f\(v: u8\): string/,
  );
  await expect(build(right.replace("function g", "function h"))).rejects.toThrow(
    /assembly\/i\.ts:1:1: `export` what the contract asks for: g\(\): void/,
  );
  await expect(build(right.replace("m()", "n()"))).rejects.toThrow(/in the class R: m\(\): void/);
  await expect(buildInMemory(wit, {})).rejects.toThrow(
    /assembly\/i\.ts is missing; it exports what the contract asks for: f\(v: u8\): string/,
  );
});

test("a component that was built with the SDK is admitted, and its actions have the types of the WIT", async () => {
  const wit =
    "package a:b@1.0.0; interface i { enum e { p, q } f: func(v: list<e>) -> result<u64, e>; } world w { export i; }";
  const author =
    'import { E } from "./bindings/i"; import { Result } from "./bindings/runtime";\nexport function f(v: E[]): Result<u64, E> { return v.length == 0 ? Result.err<u64, E>(E.Q) : Result.ok<u64, E>(<u64>v[0]); }';
  const { tool, ...runner } = await Runner.of(await buildInMemory(wit, { "i.ts": author }));
  expect(tool.actions.map(({ name }) => name)).toEqual(["i.f"]);
  expect(tool.imports).toEqual([]);
  expect(runner.prepared).toBeDefined();
});
