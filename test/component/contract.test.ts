import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseComponent } from "../../host/component/binary/parse.ts";
import { resolveWorld } from "../../host/component/binary/resolve.ts";
import { type Contract, contractOf } from "../../host/component/contract.ts";
import { snakeCase } from "../../host/contract/names.ts";
import { ADMISSION_LIMITS } from "../../host/limits.ts";
import { anyType, list, option, record, t } from "../contract/types.ts";
import { WitText } from "../sdk/wit-text.ts";

/** The contract of a component that a stock toolchain makes of a WIT text with one world. */
async function contractIn(wit: string): Promise<Contract> {
  const module = await componentEmbed({ witSource: wit, dummy: true });
  const component = await componentNew(module, []);
  return contractOf(resolveWorld(parseComponent(component, ADMISSION_LIMITS), ADMISSION_LIMITS), ADMISSION_LIMITS);
}

const unnamed = (type: unknown): unknown =>
  JSON.parse(
    JSON.stringify(type, (key, value) =>
      key === "name" && /^(type\d+|thing|shape|choice|marks)$/.test(String(value)) ? null : value,
    ),
  );

test("any type that can be written in WIT is decoded from the binary as it was written", async () => {
  await fc.assert(
    fc.asyncProperty(anyType, fc.option(anyType), async (parameter, result) => {
      const text = new WitText();
      const signature = `f: func(some-thing: ${text.use(parameter)})${result === null ? "" : ` -> ${text.use(result)}`};`;
      const { functions } = await contractIn(
        `package a:b; interface c { ${text.declarations.join("\n")} ${signature} } world w { export c; }`,
      );
      const [found] = functions;
      expect(unnamed(found?.parameters)).toEqual(unnamed([{ name: "some_thing", type: parameter }]));
      const expected = result?.kind === "result" ? [result.ok, result.err, true] : [result, null, false];
      expect(unnamed([found?.output, found?.error, found?.fallible])).toEqual(unnamed(expected));
    }),
    { numRuns: 60 },
  );
});

test("types keep the names that they are exported by, through use, aliases and other interfaces", async () => {
  const { functions, imports, skipped } = await contractIn(`package a:b@1.0.0;
    interface base { record point { x: u32 } type spot = point; resource file { size: func() -> u64; } }
    interface tools {
      use base.{point, spot, file as document};
      enum mode { fast, slow }
      move: func(p: point, m: mode) -> spot;
      look: func(f: borrow<document>) -> u64;
    }
    world w { import base; export tools; export go: func(p: list<string>) -> result<_, string>; }`);
  expect(functions.map(({ function: name }) => name)).toEqual(["go", "move"]);
  const point = record({ x: t("u32") }, "point");
  expect(functions[1]).toEqual({
    interface: "a:b/tools@1.0.0",
    function: "move",
    parameters: [
      { name: "p", type: point },
      { name: "m", type: { kind: "enum", name: "mode", cases: ["fast", "slow"] } },
    ],
    output: { ...point, name: "spot" },
    error: null,
    fallible: false,
  });
  expect(functions[0]).toMatchObject({ interface: null, output: null, error: t("string"), fallible: true });
  expect(skipped).toMatchObject([{ function: "look", reason: expect.stringContaining("a handle of the resource") }]);
  expect(imports.map(({ name }) => name)).toEqual(["a:b/base@1.0.0"]);
});

test("only functions that are really imported count, methods and constructors among them", async () => {
  const { imports } = await contractIn(`package a:b;
    interface base { resource file { constructor(path: string); size: func() -> u64; open: static func() -> file; } plain: func(); }
    world w { import base; }`);
  expect(imports).toEqual([
    { name: "a:b/base", functions: ["[constructor]file", "[method]file.size", "[static]file.open", "plain"] },
  ]);
});

test("several interfaces and packages are decoded side by side", async () => {
  const { functions } = await contractIn(`package a:b;
    world w { export c:d/first@2.0.0; export c:e/second; export third: interface { h: func(v: option<list<u8>>); } }
    package c:d@2.0.0 { interface first { f: func() -> u8; } }
    package c:e { interface second { g: func() -> tuple<u8, s64>; } }`);
  expect(functions.map(({ interface: owner, function: name }) => `${owner} ${name}`)).toEqual([
    "c:d/first@2.0.0 f",
    "c:e/second g",
    "third h",
  ]);
  expect(functions[2]?.parameters).toEqual([{ name: "v", type: option(list(t("u8"))) }]);
});

test("names are snake_case to plans, and acronyms are lower case", async () => {
  const { functions } = await contractIn(
    "package a:b; interface c { parse-HTTP-header2: func(raw-URL: string); } world w { export c; }",
  );
  expect(functions[0]).toMatchObject({ function: "parse-HTTP-header2", parameters: [{ name: "raw_url" }] });
  expect(snakeCase(functions[0]?.function ?? "")).toBe("parse_http_header2");
});

test("what a toolchain exports to set its component up is no action, and an init of the author is one", async () => {
  const { functions, skipped } = await contractIn(`package a:b; interface mine { init: func(shim: string); }
    world w { export mine; export init: func(shim: string, script: string, entry-path: option<string>, disable-gc: bool) -> result<_, string>; }`);
  expect(functions).toMatchObject([{ interface: "a:b/mine", function: "init" }]);
  expect(skipped).toMatchObject([{ interface: null, function: "init", reason: expect.stringContaining("toolchain") }]);
});
