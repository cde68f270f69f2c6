import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { admit } from "../../host/component/admit.ts";
import { compile, JCO_VERSION } from "../../host/component/compile.ts";
import { confineGlue } from "../../host/component/glue.ts";
import { buildEntry, type ToolEntry } from "../../host/component/tool-entry.ts";
import { ADMISSION_LIMITS, type AdmissionLimits } from "../../host/limits.ts";
import { componentOf, functionComponent, rawComponent, rawModule, section, text, vector } from "./build.ts";
import { DIGEST } from "./run.ts";

const build = (component: Uint8Array, limits: Partial<AdmissionLimits> = {}): Promise<ToolEntry> =>
  buildEntry(component, { digest: DIGEST, limits: { ...ADMISSION_LIMITS, ...limits }, supportedImports: [] });

const refused = (code: string) => expect.objectContaining({ code });

test("the version of jco that is named is the one that is installed", () => {
  const file = new URL("../../node_modules/@bytecodealliance/jco-transpile/package.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8")).version).toBe(JCO_VERSION);
});

test("the same component compiles to the same bytes", async () => {
  const component = await functionComponent(
    "f: func(v: string) -> list<string>;",
    "(param i32 i32) (result i32) (i32.const 0)",
  );
  expect(await build(component)).toEqual(await build(component.slice()));
});

test("generated code keeps no state outside of its one function, and reaches no global of the host but those of the language", async () => {
  const component = await functionComponent(
    "f: func(v: list<string>) -> list<u64>;",
    "(param i32 i32) (result i32) (i32.const 0)",
  );
  const { javascript } = (await build(component)).compiled;
  const top = javascript.split("\n").filter((line) => /^[^\s}/]/.test(line));
  expect(top.map((line) => line.replace(/\(.*/, "").trim())).toEqual([
    '"use components";',
    "export function instantiate",
    "export const _util = {",
    "export const suspends = false;",
  ]);
  expect(javascript).toContain(
    "const { WebAssembly, TextDecoder, FinalizationRegistry, console, globalThis } = $boundary.globals;",
  );
  expect(javascript).not.toMatch(/\b(?:require|import)\s*\(|\beval\s*\(|new Function\b/);
});

test("code that another version of jco might write is refused, not run", () => {
  expect(() => confineGlue("export function instantiate() {}")).toThrow(refused("COMPONENT_COMPILE_FAILED"));
});

const colliding = ["memory0", "exports0", "instantiate-core", "imports", "gen", "realloc0"];

test.each(colliding)(
  "A5: an export called %s, which would mean something in generated code, is refused or runs as itself",
  async (name) => {
    const wit = `package a:b; world w { export ${name}: func() -> u32; }`;
    const component = await componentOf(
      wit,
      `(module (memory (export "memory") 1) (func (export "${name}") (result i32) (i32.const 1)))`,
    );
    const outcome = await build(component).then(
      ({ contract }) => contract.functions.map((one) => one.function),
      (error: { readonly code: string }) => error.code,
    );
    expect([[name], "COMPONENT_NAME_REJECTED"]).toContainEqual(outcome);
  },
);

/** A component with a core module that has one function of type () -> (), of this body. */
function withBody(body: readonly number[]): Uint8Array {
  const sections = [vector(1, [0x60, 0, 0]), vector(3, [0])];
  const code = Buffer.concat([Buffer.from([0]), Buffer.from(body), Buffer.from([0x0b])]);
  const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
  const content = Buffer.concat([Buffer.from([1, ...leb(code.length)]), code]);
  const module = Buffer.concat([
    Buffer.from(rawModule(...sections)),
    Buffer.from([10, ...leb(content.length)]),
    content,
  ]);
  return Buffer.concat([rawComponent(), Buffer.from([1, ...leb(module.length)]), module]);
}

test("A6: deeply nested blocks are refused before jco sees them", async () => {
  const depth = 200_000;
  const nested = withBody([...new Array(depth).fill([0x02, 0x40]).flat(), ...new Array(depth).fill(0x0b)]);
  await expect(build(nested)).rejects.toEqual(refused("COMPONENT_TOO_COMPLEX"));
});

test("A6: 2.5 million nested blocks are refused by their size alone", async () => {
  const nested = withBody([]);
  const body = Buffer.alloc(7_500_000, 0x02);
  await expect(build(Buffer.concat([nested, Buffer.from([1, 0xe0, 0xe1, 0xc9, 0x03]), body]))).rejects.toMatchObject({
    data: { offset: expect.any(Number) },
  });
});

test("A8: a branch table with too many targets is refused", async () => {
  const table = [0x02, 0x40, 0x41, 0, 0x0e, 0xf0, 0xff, 0x03, ...new Array(65_520).fill(0), 0, 0x0b];
  await expect(build(withBody(table))).rejects.toEqual(refused("COMPONENT_TOO_COMPLEX"));
});

test("A8: a function body over the limit is refused", async () => {
  await expect(build(withBody(new Array(1_100_000).fill(0x01)))).rejects.toEqual(refused("COMPONENT_TOO_COMPLEX"));
});

const modules: readonly (readonly [what: string, module: number[], code: string])[] = [
  [
    "A10: a table of ten million elements",
    rawModule(vector(4, [0x70, 0x00, 0x80, 0xad, 0xe2, 0x04])),
    "COMPONENT_TOO_COMPLEX",
  ],
  ["A10: a shared memory", rawModule(vector(5, [0x03, 0x01, 0x01])), "UNSUPPORTED_FEATURE"],
  ["A10: a 64-bit memory", rawModule(vector(5, [0x04, 0x01])), "UNSUPPORTED_FEATURE"],
  [
    "A2: an import from __proto__",
    rawModule(vector(1, [0x60, 0, 0]), vector(2, [...text("__proto__"), ...text("a"), 0, 0])),
    "COMPONENT_NAME_REJECTED",
  ],
  [
    "A2: an import of constructor",
    rawModule(vector(1, [0x60, 0, 0]), vector(2, [...text("a"), ...text("constructor"), 0, 0])),
    "COMPONENT_NAME_REJECTED",
  ],
  [
    "A1: an export with a quote",
    rawModule(vector(1, [0x60, 0, 0]), vector(3, [0]), vector(7, [...text("a'b"), 0, 0]), vector(10, [2, 0, 0x0b])),
    "COMPONENT_NAME_REJECTED",
  ],
  [
    "A11: a module that is not valid",
    rawModule(vector(1, [0x60, 0, 1, 0x7f]), vector(3, [0]), vector(10, [2, 0, 0x0b])),
    "COMPONENT_INVALID",
  ],
];

test.each(modules)("%s is refused with the byte where, in the file", async (_what, module, code) => {
  const start = 8 + 2;
  const component = rawComponent(section(1, ...module));
  await expect(build(component)).rejects.toMatchObject({ code, data: { offset: expect.any(Number) } });
  const error = await build(component).catch((thrown: { readonly data: { readonly offset: number } }) => thrown);
  expect((error as { readonly data: { readonly offset: number } }).data.offset).toBeGreaterThanOrEqual(start);
});

/** A component of one core module, which exports one function under so many names. */
const withCoreExports = (count: number): Uint8Array => {
  const names = Array.from({ length: count }, (_, index) => [...text(`e${index}`), 0x00, 0x00]);
  const module = rawModule(vector(1, [0x60, 0, 0]), vector(3, [0]), vector(7, ...names), vector(10, [2, 0, 0x0b]));
  return rawComponent(section(1, ...module));
};

test("A9: a core module may export thousands of functions, as those of Python do, and no more", async () => {
  await expect(build(withCoreExports(2000))).resolves.toMatchObject({ contract: { functions: [] } });
  await expect(build(withCoreExports(ADMISSION_LIMITS.coreExports + 1))).rejects.toEqual(
    refused("COMPONENT_TOO_COMPLEX"),
  );
});

test("A9: bindings over the limit are refused", async () => {
  const component = await functionComponent("f: func() -> u32;", "(result i32) (i32.const 0)");
  await expect(build(component, { generatedBytes: 1000 })).rejects.toEqual(refused("COMPONENT_TOO_COMPLEX"));
});

test("A11: what our parser lets pass and jco does not is COMPONENT_INVALID", async () => {
  const missing = rawComponent(vector(7, [0x40, 0x00, 0x01, 0x00]), vector(8, [0x00, 0x00, 0x05, 0x00, 0x00]));
  await expect(build(missing)).rejects.toEqual(refused("COMPONENT_INVALID"));
});

test("A14: custom sections reach neither jco nor the engine, and change nothing", async () => {
  const plain = await functionComponent("f: func() -> u32;", "(result i32) (i32.const 0)");
  const custom = section(0, ...text("name"), 0xff, 0xfe, 0xff);
  const noisy = Uint8Array.from([...plain, ...custom, ...custom]);
  const admitted = (bytes: Uint8Array) => admit(bytes, { limits: ADMISSION_LIMITS, supportedImports: [] });
  expect(await compile(admitted(noisy), ADMISSION_LIMITS)).toEqual(await compile(admitted(plain), ADMISSION_LIMITS));
});
