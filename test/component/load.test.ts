import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../host/component/cache-node.ts";
import { call } from "../../host/component/call.ts";
import { buildEntryInChild } from "../../host/component/compile-node.ts";
import { instantiate } from "../../host/component/instantiate.ts";
import { createToolLoader, type LoadedTool, type ToolLoader } from "../../host/component/load-node.ts";
import { prepareFromDisk } from "../../host/component/prepare-node.ts";
import { buildEntry } from "../../host/component/tool-entry.ts";
import { ADMISSION_LIMITS, type AdmissionLimits } from "../../host/limits.ts";
import { functionComponent, rawComponent } from "./build.ts";
import { newMeter } from "./run.ts";

let cacheDirectory: string;
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), "glovebox-cache-"));
});
afterEach(() => rm(cacheDirectory, { recursive: true, force: true }));

const COMPONENT = functionComponent("f: func(v: u32) -> u32;", "(param i32) (result i32) (local.get 0)");

let builds = 0;
function loaderInProcess(limits: Partial<AdmissionLimits> = {}): ToolLoader {
  const build = (...given: Parameters<typeof buildEntry>) => {
    builds++;
    return buildEntry(...given);
  };
  return createToolLoader({ cacheDirectory, supportedImports: [], limits: { ...ADMISSION_LIMITS, ...limits }, build });
}

async function callOf(tool: LoadedTool): Promise<unknown> {
  const [action] = tool.actions;
  if (action === undefined) throw new Error("no action");
  const instance = await instantiate(await prepareFromDisk(tool.directory), Object.create(null), newMeter());
  return call(instance, action, { v: 7 });
}

test("a tool is compiled in a child process, kept, and runs from what was kept", async () => {
  const loader = createToolLoader({ cacheDirectory, supportedImports: [] });
  const tool = await loader.load(await COMPONENT, "one");
  expect(tool.identity).toEqual({ name: "one", digest: digestOf(await COMPONENT) });
  expect(await callOf(tool)).toEqual({ kind: "ok", output: 7 });
});

test("a tool that is loaded twice, or twice at once, is compiled once", async () => {
  builds = 0;
  const loader = loaderInProcess();
  const [first, second] = await Promise.all([loader.load(await COMPONENT, "one"), loader.load(await COMPONENT, "one")]);
  expect(await loaderInProcess().load(await COMPONENT, "one")).toEqual(first);
  expect(second).toEqual(first);
  expect(builds).toBe(1);
});

test("many tools that are loaded at once are compiled four at a time", async () => {
  let running = 0;
  let most = 0;
  const four = Promise.withResolvers<void>();
  const build = async (...given: Parameters<typeof buildEntry>) => {
    most = Math.max(most, ++running);
    if (running === 4) four.resolve();
    await four.promise;
    const entry = await buildEntry(...given);
    running--;
    return entry;
  };
  const loader = createToolLoader({ cacheDirectory, supportedImports: [], build });
  const bodies = Array.from({ length: 10 }, (_, index) => `(param i32) (result i32) (i32.const ${index})`);
  const components = await Promise.all(bodies.map((body) => functionComponent("f: func(v: u32) -> u32;", body)));
  const tools = await Promise.all(components.map((component) => loader.load(component, "one")));
  expect(new Set(tools.map(({ directory }) => directory)).size).toBe(10);
  expect(most).toBe(4);
});

test("other limits, or another component, are another entry", async () => {
  const first = await loaderInProcess().load(await COMPONENT, "one");
  const second = await loaderInProcess({ typeDepth: 31 }).load(await COMPONENT, "one");
  expect(second.directory).not.toBe(first.directory);
});

test("an entry whose files were changed, cut or removed is made again", async () => {
  const loader = loaderInProcess();
  const { directory } = await loader.load(await COMPONENT, "one");
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const content = await readFile(file);
    const spoiled = [Buffer.concat([content, Buffer.from(" ")]), content.subarray(0, -1), Buffer.alloc(0), null];
    for (const spoil of spoiled) {
      if (spoil === null) await rm(file);
      else await writeFile(file, spoil);
      await expect(prepareFromDisk(directory), name).rejects.toMatchObject({ code: "STATE_INVALID" });
      expect(await callOf(await loader.load(await COMPONENT, "one"))).toEqual({ kind: "ok", output: 7 });
    }
  }
  expect((await readdir(cacheDirectory)).filter((name) => name.startsWith("."))).toEqual([]);
});

test("what loads tools at the same time in several processes agrees", async () => {
  const file = join(cacheDirectory, "one.wasm");
  await writeFile(file, await COMPONENT);
  const script = `
    import { createToolLoader } from ${JSON.stringify(new URL("../../host/component/load-node.ts", import.meta.url).href)};
    const loader = createToolLoader({ cacheDirectory: ${JSON.stringify(cacheDirectory)}, supportedImports: [] });
    const tool = await loader.loadFile(${JSON.stringify(file)});
    console.log(tool.directory);`;
  const run = () => promisify(execFile)(process.execPath, ["--no-warnings", "--input-type=module", "-e", script]);
  const outputs = await Promise.all([run(), run(), run()]);
  const [directory, ...others] = outputs.map(({ stdout }) => stdout.trim());
  expect(others).toEqual([directory, directory]);
  expect((await readdir(cacheDirectory)).filter((name) => name.startsWith("."))).toEqual([]);
});

test("a warm start never loads jco", async () => {
  const file = join(cacheDirectory, "one.wasm");
  await writeFile(file, await COMPONENT);
  await loaderInProcess().loadFile(file);
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({ resolve(name, context, next) {
      if (name.includes("jco")) throw new Error("jco was loaded");
      return next(name, context);
    } });
    const { createToolLoader } = await import(${JSON.stringify(new URL("../../host/component/load-node.ts", import.meta.url).href)});
    const { prepareFromDisk } = await import(${JSON.stringify(new URL("../../host/component/prepare-node.ts", import.meta.url).href)});
    const build = () => { throw new Error("it was not in the cache"); };
    const loader = createToolLoader({ cacheDirectory: ${JSON.stringify(cacheDirectory)}, supportedImports: [], build });
    const tool = await loader.loadFile(${JSON.stringify(file)});
    await prepareFromDisk(tool.directory);
    console.log("ready");`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--no-warnings",
    "--input-type=module",
    "-e",
    script,
  ]);
  expect(stdout.trim()).toBe("ready");
});

test("A13: a component that is not the pinned one is TOOL_CHANGED, and is not looked at", async () => {
  const pinned = digestOf(new Uint8Array());
  builds = 0;
  const loading = loaderInProcess().load(await COMPONENT, "one", pinned);
  await expect(loading).rejects.toMatchObject({
    code: "TOOL_CHANGED",
    data: { pinned, found: digestOf(await COMPONENT) },
  });
  expect(builds).toBe(0);
});

test("a tool in the cache is held against the imports that this host supports", async () => {
  const wit =
    "package test:one@1.0.0; world w { import wasi:random/random@0.2.0; export f: func(); } package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u64; } }";
  const { componentOf } = await import("./build.ts");
  const component = await componentOf(
    wit,
    `(module (import "wasi:random/random@0.2.0" "get-random-u64" (func (result i64))) (func (export "f")))`,
  );
  const random = { name: "wasi:random/random", functions: new Set(["get-random-u64"]) };
  const options = { cacheDirectory, build: buildEntry };
  await createToolLoader({ ...options, supportedImports: [random] }).load(component, "one");
  const loading = createToolLoader({ ...options, supportedImports: [] }).load(component, "one");
  await expect(loading).rejects.toMatchObject({ code: "IMPORT_NOT_GRANTED" });
});

const inChild = async (component: Uint8Array, limits: Partial<AdmissionLimits>) =>
  buildEntryInChild(component, {
    digest: digestOf(component),
    limits: { ...ADMISSION_LIMITS, ...limits },
    supportedImports: [],
  });

/** The processes that this one has started and not waited for. */
async function children(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)("ps", ["--ppid", String(process.pid), "-o", "args="]).catch(() => ({
    stdout: "",
  }));
  return stdout
    .split("\n")
    .filter((line) =>
      line.includes(fileURLToPath(new URL("../../host/component/compile-child-node.ts", import.meta.url))),
    );
}

test("A15: a compilation that takes too long or too much is COMPONENT_COMPILE_LIMIT, leaves no process, and may be tried again", async () => {
  await expect(inChild(await COMPONENT, { compileSeconds: 0.01 })).rejects.toMatchObject({
    code: "COMPONENT_COMPILE_LIMIT",
  });
  await expect(inChild(await COMPONENT, { compileMemoryMb: 20 })).rejects.toMatchObject({
    code: "COMPONENT_COMPILE_LIMIT",
  });
  expect(await children()).toEqual([]);
  expect((await inChild(await COMPONENT, {})).contract.functions).toHaveLength(1);
});

test("errors of admission come out of the child as they are", async () => {
  await expect(inChild(rawComponent([0xff]), {})).rejects.toMatchObject({
    code: "COMPONENT_INVALID",
    data: { offset: 9 },
  });
});

test("a file that never ends, or is too large, is refused before it is read", async () => {
  await expect(loaderInProcess().loadFile("/dev/zero")).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  await expect(loaderInProcess().loadFile(cacheDirectory)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  const file = join(cacheDirectory, "large.wasm");
  await writeFile(file, new Uint8Array(100));
  const loading = loaderInProcess({ componentBytes: 99 }).loadFile(file);
  await expect(loading).rejects.toMatchObject({ code: "COMPONENT_TOO_COMPLEX" });
});

test("a file that is not there is FILE_UNREADABLE, and a file's name makes a tool's name", async () => {
  const loader = loaderInProcess();
  await expect(loader.loadFile(join(cacheDirectory, "nothing.wasm"))).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
  });
  for (const [name, expected] of [
    ["My Tool.v2.wasm", "my-tool-v2"],
    ["7z.wasm", "tool-7z"],
  ] as const) {
    const file = join(cacheDirectory, name);
    await writeFile(file, await COMPONENT);
    expect((await loader.loadFile(file)).identity.name).toBe(expected);
  }
});
