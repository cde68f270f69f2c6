// `glovebox meter`: what it writes runs and counts; what it prints says what was done.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Meter } from "../../host/metering/index.ts";
import { wat } from "../metering/support.ts";
import { directoryWith, glovebox, inProcess } from "./glovebox.ts";

const SOURCE = `(module (import "h" "log" (func)) (memory (export "memory") 2 9)
  (func $double (export "double") (param f64) (result f64) (f64.mul (local.get 0) (f64.const 2))))`;

async function source(): Promise<string> {
  return join(directoryWith({ "module.wasm": await wat(SOURCE) }), "module.wasm");
}

test("what is written runs on the engine as it is, and counts", async () => {
  const file = await source();
  const output = `${file}.metered`;
  const { code, stdout, stderr } = await glovebox(["meter", file, "-o", output]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("double()");
  expect(stdout).toContain(`readFile(${JSON.stringify(output)})`);
  const meter = new Meter({ fuel: 100n, stackBytes: 1024, memoryBytes: 1 << 20, tableElements: 0 });
  meter.admitModule({ memories: [{ min: 2, max: 9 }], tables: [] });
  const imports = meter.imports({ h: { log: () => undefined } });
  const { instance } = await WebAssembly.instantiate(new Uint8Array(readFileSync(output)), imports);
  expect((instance.exports.double as (value: number) => number)(21)).toBe(42);
  expect(meter.consumed).toBe(4n);
});

test("--json says what was done, and nothing is written without -o", async () => {
  const file = await source();
  const { stdout } = await inProcess(["meter", file, "--json", "--no-depth", "--no-nan", "--scheme", "globals"]);
  const summary: unknown = JSON.parse(stdout);
  expect(summary).toMatchObject({
    file,
    output: null,
    scheme: "globals",
    protections: ["fuel", "growth"],
    functions: 2,
    imported_functions: 1,
    runs_at_start: false,
    memories: [{ min: 2, max: 9 }],
    tables: [],
    imports: [{ kind: "function", module: "h", name: "log" }],
    exports: [
      { kind: "memory", name: "memory" },
      { kind: "function", name: "double" },
    ],
  });
});

test("--print gives the text of the metered module, and switches change it", async () => {
  const file = await source();
  const print = async (...args: string[]): Promise<string> =>
    (await inProcess(["meter", file, "--print", ...args])).stdout;
  const all = await print();
  expect(all).toMatch(/^\(module/);
  expect(all).toContain('(import "glovebox:meter" "word"');
  expect(all).toContain("f64.eq");
  expect(await print("--no-nan")).not.toContain("f64.eq");
  expect(await print("--no-fuel", "--no-depth", "--no-growth", "--no-nan")).not.toContain("i64.add");
  expect(all).not.toContain("double (;");
  expect(await print("--keep-sections")).toContain("$double");
  expect(await print("--offsets")).toContain("glovebox.offsets");
});

test("a limit can be raised and lowered by its name", async () => {
  const file = await source();
  const { code, stderr } = await inProcess(["meter", file, "--limit", "exports=1"]);
  expect([code, stderr]).toEqual([64, expect.stringContaining("2 exports are more than 1 (at byte")]);
  expect((await inProcess(["meter", file, "--limit", "exports=2", "--limit", "imports=1"])).code).toBe(0);
});

const MISTAKES: readonly (readonly [
  title: string,
  bytes: Uint8Array | string,
  args: readonly string[],
  says: RegExp,
])[] = [
  ["no module", "hello", [], /no core WebAssembly module \(at byte 0\)/],
  ["a truncated module", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1), [], /ends too early \(at byte 9\)/],
  ["a component", Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), [], /a component, not a core .*\(at byte 4\)/],
  ["a limit that does not exist", "", ["--limit", "size=1"], /names no limit.*\n.*functionBodyBytes/],
  ["a limit without a number", "", ["--limit", "exports=many"], /names no limit/],
  ["text and JSON at once", "", ["--print", "--json"], /cannot be used with/],
  [
    "an output that cannot be written",
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    ["-o", "/dev/null/x"],
    /cannot be written/,
  ],
];

test.each(MISTAKES)("%s: one message, and exit code 64", async (_, bytes, args, says) => {
  const file = join(directoryWith({ "module.wasm": bytes }), "module.wasm");
  const { code, stdout, stderr } = await inProcess(["meter", file, ...args]);
  const printed = stdout + stderr;
  expect(code).toBe(64);
  expect(printed).toMatch(says);
  expect(printed).not.toMatch(/\n {4}at /);
});

test("a file that is missing is one message, and exit code 64", async () => {
  const { code, stderr } = await inProcess(["meter", "missing.wasm"]);
  expect([code, stderr]).toEqual([
    64,
    expect.stringContaining("cannot read the module missing.wasm: there is no such file"),
  ]);
});
