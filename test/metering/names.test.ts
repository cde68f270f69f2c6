// Names: what may be imported and exported, what is replaced, and what the author called things.

import { describe, expect, test } from "vitest";
import { type MeterOptions, meter } from "../../host/metering/index.ts";
import { compile, instantiate, wat } from "./support.ts";

const exporting = async (name: string): Promise<Uint8Array> =>
  await wat(`(module (func (export ${JSON.stringify(name)})))`);

function code(bytes: Uint8Array, options: MeterOptions = {}): string {
  try {
    meter(bytes, options);
    return "accepted";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("the grammar of names", () => {
  test.each([
    "memory",
    "cabi_realloc",
    "glovebox:std/file@0.1.0#read",
    "[method]descriptor.read",
    "_Z3fooi",
    "$f",
    "fd_write [v2]",
    "",
  ])("%j is accepted", async (name) => {
    expect(code(await exporting(name))).toBe("accepted");
  });

  test.each(['a"b', "a\\\\b", "a`b", "a\nb", "a\u2028b", "a'b", "a{b}", "a\tb", "é"])(
    "A1: %j is refused",
    async (name) => {
      expect(code(await exporting(name))).toBe("COMPONENT_NAME_REJECTED");
    },
  );

  test.each(["__proto__", "constructor", "prototype", "then"])(
    "A2: %s is refused as import and export",
    async (name) => {
      expect(code(await exporting(name))).toBe("COMPONENT_NAME_REJECTED");
      expect(code(await wat(`(module (import "m" "${name}" (func)))`))).toBe("COMPONENT_NAME_REJECTED");
      expect(code(await wat(`(module (import "${name}" "f" (func)))`))).toBe("COMPONENT_NAME_REJECTED");
    },
  );

  test("a name longer than the limit is refused", async () => {
    expect(code(await exporting("x".repeat(1024)))).toBe("accepted");
    expect(code(await exporting("x".repeat(1025)))).toBe("COMPONENT_NAME_REJECTED");
  });

  test("no guest can import what counts it", async () => {
    const thief = await wat('(module (import "glovebox:meter" "word" (global (mut i64))))');
    expect(code(thief)).toBe("COMPONENT_NAME_REJECTED");
    expect(code(thief, { rename: true })).toBe("COMPONENT_NAME_REJECTED");
  });
});

test("names are replaced on request, with a map back", async () => {
  const module = await wat(
    `(module (import "x\\"y" "then" (func $f)) (import "m" "g" (global i32)) (func (export "a b") (call $f)) (memory (export "constructor") 1))`,
  );
  const metered = meter(module, { rename: true });
  expect(metered.imports.map(({ module: from, name, newModule, newName }) => [from, name, newModule, newName])).toEqual(
    [
      ['x"y', "then", "i", "i0"],
      ["m", "g", "i", "i1"],
    ],
  );
  expect(metered.exports.map(({ kind, name, newName }) => [kind, name, newName])).toEqual([
    ["function", "a b", "e0"],
    ["memory", "constructor", "e1"],
  ]);
  expect(WebAssembly.Module.exports(compile(metered.bytes)).map(({ name }) => name)).toEqual(["e0", "e1"]);
});

describe("custom sections", () => {
  const SOURCE = `(module (@custom ".debug_info" "x") (@custom "producers" (after func) "y") (func $author (export "f") (param $p i32)))`;

  test("all are dropped, but the author's names of functions are kept aside", async () => {
    const metered = meter(await wat(SOURCE));
    const module = compile(metered.bytes);
    for (const name of [".debug_info", "producers", "name"])
      expect(WebAssembly.Module.customSections(module, name)).toEqual([]);
    expect([...metered.names]).toEqual([[0, "author"]]);
  });

  test("those that rewriting cannot spoil stay when that is asked for", async () => {
    const module = compile(meter(await wat(SOURCE), { strip: false }).bytes);
    const lengths = [".debug_info", "producers", "name"].map(
      (name) => WebAssembly.Module.customSections(module, name).length,
    );
    expect(lengths).toEqual([0, 1, 1]);
  });

  test("A14: a name section that is malformed, huge or not UTF-8 is taken as far as it goes", () => {
    const section = (...payload: number[]): Uint8Array =>
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, payload.length + 5, 4, 110, 97, 109, 101, ...payload);
    expect(meter(section(1, 100, 1)).names.size).toBe(0);
    expect([...meter(section(1, 9, 2, 0, 1, 97, 1, 2, 0xff, 0xfe, 0)).names]).toEqual([
      [0, "a"],
      [1, "\ufffd\ufffd"],
    ]);
    expect(meter(section(1, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0)).names.size).toBe(0);
  });
});

test("what a module defines and how it starts is told", async () => {
  const { metered } = instantiate(await wat("(module (memory 2 9) (table 3 funcref) (func $s) (start $s))"));
  expect(metered).toMatchObject({
    memories: [{ min: 2, max: 9 }],
    tables: [{ min: 3, max: undefined }],
    hasStart: true,
    functions: 1,
  });
});

test("the same bytes give the same result", async () => {
  const module = await wat(
    '(module (memory 1) (func (export "f") (drop (memory.grow (i32.const 1))) (drop (f64.div (f64.const 0) (f64.const 0)))))',
  );
  expect(meter(module).bytes).toEqual(meter(module).bytes);
});
