// A component of plain JavaScript that gives back whatever it is given, in many types; and functions with awkward names.

import { componentOfJavaScript } from "./build.ts";

const TYPES: Readonly<Record<string, string>> = {
  point: "point",
  shape: "shape",
  color: "color",
  perms: "perms",
  u8: "u8",
  s8: "s8",
  u16: "u16",
  s16: "s16",
  u32: "u32",
  s32: "s32",
  u64: "u64",
  s64: "s64",
  f32: "f32",
  f64: "f64",
  char: "char",
  bool: "bool",
  text: "string",
  bytes: "list<u8>",
  shorts: "list<s16>",
  longs: "list<u64>",
  lists: "list<list<string>>",
  maybe: "option<string>",
  "maybe-maybe": "option<option<u32>>",
  "maybe-thrice": "option<option<option<bool>>>",
  pair: "tuple<u32, string, list<bool>>",
  outcome: "tuple<result<u32, string>, result<_, u8>, result>",
};

const WIT = `package test:echo@1.2.3;
interface types {
  record point { x-pos: s32, %constructor: option<string>, then: option<bool>, to-json: u8, proto: u8, b2-c3: char }
  variant shape { %constructor, then(string), circle(f64), poly(list<point>), nested(option<option<u32>>) }
  enum color { red, dark-blue, then, %constructor }
  flags perms { can-read, can-write, then, to-string }
  resource thing { constructor(); size: func() -> u32; }
  ${Object.entries(TYPES)
    .map(([name, type]) => `echo-${name}: func(v: ${type}) -> ${type};`)
    .join("\n")}
  may-fail: func(how: u32) -> result<string, shape>;
  may-fail-plainly: func(how: u32) -> result;
  use-thing: func(v: borrow<thing>) -> u32;
  make-thing: func() -> thing;
  %constructor: func() -> string;
  then: func(a: string, b: string) -> string;
  nothing: func();
  data-view: func() -> string;
  count: func() -> u32;
}
world w { export types; export hello: func(name: string) -> string; export inline: interface { ping: func() -> string; } }`;

const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const SOURCE = `
let calls = 0;
const same = (value) => value;
export const types = {
  ${Object.keys(TYPES)
    .map((name) => `${camel(`echo-${name}`)}: same,`)
    .join("\n")}
  mayFail: (how) => {
    if (how === 0) return "fine";
    if (how === 1) throw { tag: "constructor" };
    if (how === 2) throw { tag: "then", val: "x" };
    if (how === 3) while (true) {}
    if (how === 4) { const all = []; while (true) all.push(new Array(1000).fill(how)); }
    if (how === 5) return (function down() { return down() + 1; })();
    throw new Error("a mistake in the tool");
  },
  mayFailPlainly: (how) => { if (how > 0) throw undefined; },
  useThing: () => 1,
  makeThing: () => new Thing(),
  constructor: () => "constructed",
  then: (a, b) => a + b,
  nothing: () => {},
  dataView: () => "view",
  count: () => ++calls,
  Thing: class Thing { size() { return 1; } },
};
export const hello = (name) => "hello " + name;
export const inline = { ping: () => "pong" };
`;

/** The names of the types that are echoed. */
export const ECHOED: readonly string[] = Object.keys(TYPES);

export function echoComponent(): Promise<Uint8Array> {
  return componentOfJavaScript(WIT, SOURCE);
}
