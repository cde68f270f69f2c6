import { expect, test } from "vitest";
import { type Admitted, admit } from "../../host/component/admit.ts";
import { leb128 } from "../../host/component/binary/writer.ts";
import type { SupportedInterface } from "../../host/contract/imports.ts";
import { ADMISSION_LIMITS } from "../../host/limits.ts";
import { componentOf, componentText, rawComponent, rawModule, section, text, vector } from "./build.ts";

const RANDOM: SupportedInterface = { name: "wasi:random/random", functions: new Set(["get-random-u64"]) };

function admitted(bytes: Uint8Array, limits: Partial<typeof ADMISSION_LIMITS> = {}): Admitted {
  return admit(bytes, { limits: { ...ADMISSION_LIMITS, ...limits }, supportedImports: [RANDOM] });
}

function codeOf(bytes: Uint8Array, limits: Partial<typeof ADMISSION_LIMITS> = {}): string {
  try {
    admitted(bytes, limits);
    return "admitted";
  } catch (thrown) {
    return (thrown as { readonly code?: string }).code ?? String(thrown);
  }
}

const errorOf = (bytes: Uint8Array): unknown => {
  try {
    return admitted(bytes);
  } catch (thrown) {
    return thrown;
  }
};

/** A component with a core module, an instance of it, and an alias of one of its exports by `name`. */
function withCoreAlias(name: string): Uint8Array {
  const module = section(1, ...rawModule());
  const instance = vector(2, [0x00, 0x00, 0x00]);
  return rawComponent(module, instance, vector(6, [0x00, 0x00, 0x01, 0x00, ...text(name)]));
}

/** A component that instantiates a module with an argument, and makes an instance with an export, both called `name`. */
function withCoreNames(name: string): Uint8Array {
  const exported = [0x01, 0x00];
  const argument = [0x00, 0x00, 0x01, ...text(name), 0x12, 0x00];
  return rawComponent(section(1, ...rawModule()), vector(2, exported, argument));
}

const hostile = [
  "a'b",
  'a"b',
  "a\\b",
  "a`b",
  "a\nb",
  "a\u2028b",
  "a*/b",
  "é",
  "a{b",
  "__proto__",
  "constructor",
  "prototype",
  "then",
];

test.each(hostile)("A1: a core export called %j is refused before anything is generated", (name) => {
  expect(codeOf(withCoreAlias(name))).toBe("COMPONENT_NAME_REJECTED");
});

test.each(hostile)("A2: a core import called %j is refused", (name) => {
  expect(codeOf(withCoreNames(name))).toBe("COMPONENT_NAME_REJECTED");
});

test("the names that toolchains really write are accepted", () => {
  const names = [
    "memory",
    "cabi_post_a:b/c@0.1.0#[method]x.y",
    "GOT.mem",
    "$imports",
    "libc.so:memory_base",
    "cm32p2|a",
    "fd_write [v2]",
    "",
  ];
  for (const name of names) expect(codeOf(withCoreAlias(name))).toBe("admitted");
});

const importedFunction = (name: string): Uint8Array =>
  rawComponent(vector(7, [0x40, 0x00, 0x01, 0x00]), vector(10, [0x00, ...text(name), 0x01, 0x00]));

const unknownImports = [
  "node:fs/promises",
  "node:timers/promises",
  "data:text/javascript,1",
  "url=<https://a.b>",
  "integrity=<sha256-a>",
  "locked-dep=<a:b@1.0.0>",
  "relative-url=<a>",
  "constructor",
  "to-string",
  "value-of",
  "has-own-property",
  "then",
  "a\nb",
];

test.each(unknownImports)("A3 A4: the import %j is not granted, whatever the host's objects inherit", (name) => {
  expect(codeOf(importedFunction(name))).toBe("IMPORT_NOT_GRANTED");
});

const importing = (name: string, fn: string): Promise<Uint8Array> =>
  componentText(`(component (import "${name}" (instance (export "${fn}" (func)))))`);

test("an import of a function that the host implements is admitted in every 0.2.x version", async () => {
  for (const version of ["0.2.0", "0.2.3", "0.2.12"]) {
    const contract = admitted(await importing(`wasi:random/random@${version}`, "get-random-u64")).contract;
    expect(contract.imports).toEqual([{ name: `wasi:random/random@${version}`, functions: ["get-random-u64"] }]);
  }
});

const refusedImports: readonly (readonly [name: string, fn: string])[] = [
  ["wasi:random/random@0.3.0", "get-random-u64"],
  ["wasi:random/random@0.2.0-rc.1", "get-random-u64"],
  ["wasi:random/random", "get-random-u64"],
  ["wasi:random/random@0.2.0", "get-random-bytes"],
  ["wasi:random/insecure@0.2.0", "get-random-u64"],
  ["node:fs/promises", "read-file"],
];

test.each(refusedImports)("A3: %s with %s is not granted, and the error names it", async (name, fn) => {
  const error = errorOf(await importing(name, fn));
  expect(error).toMatchObject({ code: "IMPORT_NOT_GRANTED", data: { interface: name } });
  expect(String(error)).toContain(name);
});

test("an import of a resource type, a component or a module is not granted", async () => {
  expect(codeOf(await componentText(`(component (import "r" (type (sub resource))))`))).toBe("IMPORT_NOT_GRANTED");
  expect(codeOf(await componentText(`(component (import "c" (component)))`))).toBe("IMPORT_NOT_GRANTED");
  expect(codeOf(await componentText(`(component (import "m" (core module)))`))).toBe("UNSUPPORTED_FEATURE");
});

const nestedTuples = (depth: number): Uint8Array => {
  const levels = Array.from({ length: depth }, (_, level) => [
    0x6f,
    0x02,
    ...(level === 0 ? [0x7d, 0x7d] : [level - 1, level - 1]),
  ]);
  return rawComponent(vector(7, ...levels));
};

test("A9: a few bytes of types that unfold to a million parts are refused", () => {
  expect(nestedTuples(18).length).toBeLessThan(200);
  expect(codeOf(nestedTuples(18))).toBe("COMPONENT_TOO_COMPLEX");
  expect(codeOf(nestedTuples(10))).toBe("admitted");
});

test("A9: types nested deeper than the limit are refused", () => {
  const lists = Array.from({ length: 40 }, (_, level) => [0x70, level === 0 ? 0x7d : level - 1]);
  expect(codeOf(rawComponent(vector(7, ...lists)))).toBe("COMPONENT_TOO_COMPLEX");
});

test("A9: thousands of exports are refused", () => {
  const exports = Array.from({ length: 4000 }, (_, index) => [0x00, ...text(`f${index}`), 0x03, 0x00, 0x00]);
  expect(codeOf(rawComponent(vector(7, [0x7d]), vector(11, ...exports)))).toBe("COMPONENT_TOO_COMPLEX");
});

test("A9: a thousand core instances are refused", () => {
  const instances = Array.from({ length: 1000 }, () => [0x00, 0x00, 0x00]);
  expect(codeOf(rawComponent(section(1, ...rawModule()), vector(2, ...instances)))).toBe("COMPONENT_TOO_COMPLEX");
});

test("A9: components nested a hundred deep are refused", () => {
  let nested = [...rawComponent()];
  for (let depth = 0; depth < 100; depth++) nested = [...rawComponent(section(4, ...nested))];
  expect(codeOf(Uint8Array.from(nested))).toBe("COMPONENT_TOO_COMPLEX");
});

test("A9: instance types nested a hundred deep are refused", () => {
  let type = [0x42, 0x00];
  for (let depth = 0; depth < 100; depth++) type = [0x42, 0x01, 0x01, ...type];
  expect(codeOf(rawComponent(vector(7, type)))).toBe("COMPONENT_TOO_COMPLEX");
});

/** Each component instantiates the one before it twice. */
async function doubling(levels: number): Promise<Uint8Array> {
  const components = Array.from({ length: levels }, (_, level) =>
    level === 0
      ? `(component $c0 (type (tuple u8 u8)))`
      : `(component $c${level} (alias outer $root $c${level - 1} (component $d)) (instance (instantiate $d)) (instance (instantiate $d)))`,
  );
  return componentText(`(component $root ${components.join(" ")} (instance (instantiate $c${levels - 1})))`);
}

test("A9: instances that double at each level are refused before they take time", async () => {
  expect(codeOf(await doubling(40))).toBe("COMPONENT_TOO_COMPLEX");
  expect(codeOf(await doubling(8))).toBe("admitted");
});

test("A9: a chain of instances longer than any stack is refused", async () => {
  expect(codeOf(await doubling(200))).toBe("COMPONENT_TOO_COMPLEX");
});

const notComponents: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ["no bytes", new Uint8Array()],
  ["half a header", Uint8Array.of(0, 0x61, 0x73, 0x6d)],
  ["a core module", Uint8Array.from(rawModule())],
  ["version 0x0e", Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0e, 0, 1, 0)],
  ["text", new TextEncoder().encode("#!/bin/sh\necho hello\n")],
  ["trailing garbage", rawComponent([0xff])],
  ["a section that is cut", rawComponent([7, 10, 1])],
  ["a section with more than its entries", rawComponent(section(7, 0, 0))],
  ["a vector of four billion entries", rawComponent(section(7, 0xff, 0xff, 0xff, 0xff, 0x0f))],
  ["a number that never ends", rawComponent(section(7, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00))],
  ["an index that does not exist", rawComponent(vector(7, [0x70, 0x05]))],
  ["an export of nothing", rawComponent(vector(11, [0x00, ...text("a"), 0x01, 0x07, 0x00]))],
  ["a name that is not UTF-8", rawComponent(vector(11, [0x00, 0x02, 0xff, 0xfe, 0x03, 0x00, 0x00]))],
];

test.each(notComponents)("A11: %s is COMPONENT_INVALID, with the byte where", (_what, bytes) => {
  expect(errorOf(bytes)).toMatchObject({ code: "COMPONENT_INVALID", data: { offset: expect.any(Number) } });
});

test("A11: an empty component is admitted: it offers nothing", () => {
  expect(admitted(rawComponent()).contract).toEqual({ functions: [], skipped: [], imports: [] });
});

const KNOWN_CODES =
  /^(admitted|COMPONENT_INVALID|COMPONENT_TOO_COMPLEX|COMPONENT_NAME_REJECTED|IMPORT_NOT_GRANTED|UNSUPPORTED_FEATURE|MANIFEST_INVALID)$/;

const SMALL_WIT = `package a:b@0.1.0;
  interface c { record r { x: u32, y: option<string> } variant e { not-found, other(list<r>) } f: func(v: r) -> result<r, e>; }
  world w { import wasi:random/random@0.2.0; export c; export g: func(); }
  package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u64; } }`;
const SMALL_CORE = `(module (import "wasi:random/random@0.2.0" "get-random-u64" (func (result i64)))
  (memory (export "memory") 1) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)
  (func (export "g")) (func (export "a:b/c@0.1.0#f") (param i32 i32 i32 i32) (result i32) i32.const 0))`;

test("A11: ten thousand bit flips end in a typed error or an admission, never in anything else", async () => {
  const sound = await componentOf(SMALL_WIT, SMALL_CORE);
  let seed = 1;
  for (let round = 0; round < 10_000; round++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const flipped = sound.slice();
    const at = (seed >>> 8) % flipped.length;
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (seed & 7));
    expect(codeOf(flipped), `seed round ${round}, byte ${at}`).toMatch(KNOWN_CODES);
  }
});

test("A11: a component that is cut anywhere ends in a typed error or an admission", async () => {
  const sound = await componentOf(SMALL_WIT, SMALL_CORE);
  for (let length = 0; length < sound.length; length++) expect(codeOf(sound.subarray(0, length))).toMatch(KNOWN_CODES);
});

test("A14: large and many custom sections, with names that are not text, do not matter", () => {
  const huge = [0, ...leb128(1_000_005), ...text("name"), ...new Array(1_000_000).fill(0xff)];
  const many = Array.from({ length: 1000 }, () => section(0, 2, 0xff, 0xfe, 1, 2, 3));
  expect(codeOf(rawComponent(huge, ...many))).toBe("admitted");
});

test("two manifests are refused", () => {
  const manifest = section(0, ...text("glovebox:manifest"), 0x7b, 0x7d);
  expect(codeOf(rawComponent(manifest, manifest))).toBe("MANIFEST_INVALID");
});

test("a component over the size limit is refused before it is read", () => {
  expect(codeOf(new Uint8Array(100), { componentBytes: 99 })).toBe("COMPONENT_TOO_COMPLEX");
});

const refusedFeatures: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ["a component start function", rawComponent(section(9, 0, 0, 0))],
  ["component values", rawComponent(section(12, 0))],
  ["core types", rawComponent(section(3, 0))],
  ["a stream", rawComponent(vector(7, [0x66, 0x00]))],
  ["a future", rawComponent(vector(7, [0x65, 0x00]))],
  ["an async function type", rawComponent(vector(7, [0x43, 0x00, 0x01, 0x00]))],
  ["async built-ins", rawComponent(vector(8, [0x05]))],
];

test.each(refusedFeatures)("%s is UNSUPPORTED_FEATURE, with the byte where", (_what, bytes) => {
  expect(errorOf(bytes)).toMatchObject({ code: "UNSUPPORTED_FEATURE", data: { offset: expect.any(Number) } });
});

test("fields that JavaScript could not tell apart are refused", () => {
  const record = (a: string, b: string): Uint8Array =>
    rawComponent(vector(7, [0x72, 0x02, ...text(a), 0x7d, ...text(b), 0x7d]));
  expect(codeOf(record("a-1b", "a1b"))).toBe("COMPONENT_NAME_REJECTED");
  expect(codeOf(record("a-b", "A-B"))).toBe("COMPONENT_NAME_REJECTED");
  expect(codeOf(record("a-b", "a-c"))).toBe("admitted");
});

test("A5: a field that is not a kebab-case name is refused", () => {
  for (const name of ["__proto__", "a b", "a_b", "", "-a", "é"]) {
    expect(codeOf(rawComponent(vector(7, [0x6d, 0x01, ...text(name)])))).toBe("COMPONENT_NAME_REJECTED");
  }
});

test("two components with the same bytes are admitted with the same result", async () => {
  const bytes = await componentOf(SMALL_WIT, SMALL_CORE);
  expect(admitted(bytes).contract).toEqual(admitted(bytes.slice()).contract);
});
