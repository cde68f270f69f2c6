import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentWit } from "@bytecodealliance/jco-transpile/wasm-tools";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildStandardTools, standardTool } from "../../tools-wasm/build.ts";
import { compileAssemblyScript } from "../../tools-wasm/sdk/assemblyscript.ts";
import { buildTool } from "../../tools-wasm/sdk/build.ts";
import { caseFoldingTable } from "../../tools-wasm/sdk/case-folding.ts";
import { embedManifest } from "../../tools-wasm/sdk/manifest.ts";
import { witText } from "../../tools-wasm/sdk/wit.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const TOOLS = ["file", "process", "text", "json", "config", "archive", "http", "package"];

beforeAll(async () => {
  await buildStandardTools(ROOT);
});

const built = (name: string): Uint8Array => readFileSync(join(ROOT, "dist", "tools", `${name}.wasm`));

describe("the standard tools", () => {
  // `package` takes the longest, and is made as `http` is.
  test.each(TOOLS.filter((name) => name !== "package"))("%s: the same sources give the same bytes", async (name) => {
    const again = await buildTool(standardTool(ROOT, name));
    expect(Buffer.compare(again, built(name))).toBe(0);
  });

  test("what is up to date is not built again", async () => {
    expect(await buildStandardTools(ROOT)).toEqual([]);
  });

  test("process imports nothing, and file imports nothing but files", async () => {
    const imports = (wit: string): string[] => wit.split("\n").filter((line) => line.includes("import "));
    expect(imports(await componentWit(built("process")))).toEqual([]);
    expect(imports(await componentWit(built("file"))).map((line) => line.trim())).toEqual([
      "import wasi:clocks/wall-clock@0.2.0;",
      "import wasi:filesystem/types@0.2.0;",
      "import wasi:filesystem/preopens@0.2.0;",
    ]);
  });

  test("http imports nothing but HTTP and what that is made of", async () => {
    const found = [...(await componentWit(built("http"))).matchAll(/^ {2}import (\S+)@0\.2\.0;/gm)];
    expect(found.map(([, name]) => name).sort()).toEqual([
      "wasi:http/outgoing-handler",
      "wasi:http/types",
      "wasi:io/error",
      "wasi:io/poll",
      "wasi:io/streams",
    ]);
  });

  // `file` and `json` have the regular expressions in them, and all of wasi:filesystem or JSONPath besides; `package` has HTTP, files and archives.
  test.each(TOOLS)("%s is as small as it was meant to be", (name) => {
    expect(built(name).length).toBeLessThan({ file: 48_000, json: 44_000, package: 58_000 }[name] ?? 40_000);
  });

  test.each(TOOLS)("%s carries its manifest, as canonical JSON, in its last section", (name) => {
    const json = Buffer.from(built(name)).toString("latin1").split("glovebox:manifest").at(-1) ?? "";
    const manifest = JSON.parse(json) as { name: string; actions: Record<string, { effect: string }> };
    expect(manifest.name).toBe(name);
    expect(Object.keys(manifest)).toEqual(Object.keys(manifest).toSorted());
    for (const { effect } of Object.values(manifest.actions))
      expect(effect).toMatch(/^(pure|read|reversible|compensable)$/);
  });
});

describe("the SDK", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "glovebox-sdk-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const compile = (source: string): Promise<Uint8Array> => {
    writeFileSync(join(folder, "exports.ts"), source);
    return compileAssemblyScript(folder, join(folder, "exports.ts"));
  };

  test("a function is exported under the name that its decorator gives, and under no other", async () => {
    const core = await compile('@exported("a:b/c@1.0.0#do-it") export function doIt(): i32 { return 7; }');
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(core)));
    expect(Object.keys(exports).sort()).toEqual(["a:b/c@1.0.0#do-it", "memory"]);
    expect((exports["a:b/c@1.0.0#do-it"] as () => number)()).toBe(7);
  });

  test.each([
    ["console", 'console.log("x")'],
    ["Date.now", "Date.now()"],
    ["Math.random", "Math.random()"],
    ["process", "process.exit(1)"],
  ])("%s is refused: no component can import it", async (_name, statement) => {
    const source = `@exported("a:b/c#f") export function f(): void { ${statement}; }`;
    await expect(compile(source)).rejects.toThrow(/not a WIT interface/);
  });

  test("an error of the author is shown with its line", async () => {
    await expect(compile("export function f(): i32 {\n  return nothing;\n}")).rejects.toThrow(/exports\.ts:2:10/);
  });

  test("a decorated function that the entry does not export is refused", async () => {
    await expect(compile('@exported("a:b/c#f") function f(): void {}')).rejects.toThrow(/f is not exported/);
  });

  test("WIT packages become one text, the dependencies nested", async () => {
    writeFileSync(join(folder, "a.wit"), "// first\npackage a:b@1.0.0;\ninterface x {}\n");
    writeFileSync(join(folder, "b.wit"), "package a:b@1.0.0;\ninterface y {}\n");
    expect(await witText(folder, [])).toBe("// first\npackage a:b@1.0.0;\ninterface x {}\n\n\ninterface y {}\n");
    writeFileSync(join(folder, "b.wit"), "package other:b;\n");
    await expect(witText(folder, [])).rejects.toThrow(/a:b@1.0.0 and other:b/);
    const text = await witText(join(ROOT, "wit"), [join(ROOT, "wit", "deps")]);
    expect(text.match(/^package [^;{]+[;{]/gm)).toEqual([
      "package glovebox:std@0.1.0;",
      "package wasi:clocks@0.2.0 {",
      "package wasi:filesystem@0.2.0 {",
      "package wasi:http@0.2.0 {",
      "package wasi:io@0.2.0 {",
    ]);
  });

  test("a manifest of any length is a section of its own", () => {
    for (const length of [0, 100, 127, 128, 16_384, 70_000]) {
      const component = embedManifest(Uint8Array.of(1, 2, 3), `b: ${"x".repeat(length)}\na: 1\n`);
      const json = length === 0 ? '{"a":1,"b":null}' : `{"a":1,"b":"${"x".repeat(length)}"}`;
      expect(sectionOf(component.subarray(3))).toEqual({ id: 0, name: "glovebox:manifest", rest: json });
    }
  });
});

test.runIf(process.versions.unicode === "17.0")("the case folding table is that of Unicode 17", () => {
  const path = join(ROOT, "tools-wasm/sdk/assembly/regex/case-folding-table.ts");
  expect(readFileSync(path, "utf8")).toBe(caseFoldingTable());
});

/** Reads the one custom section that `bytes` hold. */
function sectionOf(bytes: Uint8Array): { id: number | undefined; name: string; rest: string } {
  let at = 1;
  const size = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  expect(size()).toBe(bytes.length - at);
  const end = size() + at;
  const decode = (from: number, to?: number): string => new TextDecoder().decode(bytes.subarray(from, to));
  return { id: bytes[0], name: decode(at, end), rest: decode(end) };
}
