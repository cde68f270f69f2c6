// Builds components for tests: C with Debian's clang and wasi-libc, and text, turned into components by jco's tools. Cached by digest.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const cache = join(root, "node_modules/.cache/glovebox-wasi-tests");
const adapterPath = join(root, "node_modules/@bytecodealliance/jco/lib/wasi_snapshot_preview1.command.wasm");

/** Why C programs cannot be built here; null when they can. */
export const clangMissing: string | null = existsSync("/usr/include/wasm32-wasi")
  ? null
  : "needs clang, lld, wasi-libc and libclang-rt-dev-wasm32 (Debian packages)";

/** A C program as a `wasi:cli/run` component. */
export async function buildC(sourcePath: string): Promise<Uint8Array> {
  const core = await compile(sourcePath, "core.wasm", ["--target=wasm32-wasi", "--sysroot=/usr", "-Wl,-s"]);
  return await commandComponent(readFileSync(core));
}

/** The same program for this machine: the path of an executable. */
export async function buildNative(sourcePath: string): Promise<string> {
  return await compile(sourcePath, "native", ["-D_GNU_SOURCE"]);
}

async function compile(sourcePath: string, name: string, options: readonly string[]): Promise<string> {
  const source = readFileSync(sourcePath);
  const headers = readdirSync(dirname(sourcePath)).filter((file) => file.endsWith(".h"));
  const included = headers.map((file) => readFileSync(join(dirname(sourcePath), file)));
  const key = Buffer.concat([source, ...included, Buffer.from(options.join(" "))]);
  return await cached(key, name, async (output) => {
    // Without our own PATH: clang would find and run binaryen's slow wasm-opt in node_modules/.bin.
    const env = { PATH: "/usr/bin:/bin" };
    await run("clang", ["-O1", "-Wall", "-Werror", ...options, sourcePath, "-o", output], { env });
  });
}

/** A preview1 command module as a component. */
export async function commandComponent(core: Uint8Array): Promise<Uint8Array> {
  const adapter = readFileSync(adapterPath);
  const path = await cached(Buffer.concat([core, adapter]), "component.wasm", async (output) => {
    writeFileSync(output, await componentNew(core, [["wasi_snapshot_preview1", adapter]]));
  });
  return readFileSync(path);
}

/** A core module in the text format, typed by a world, as a component. */
export async function buildText(wat: string, wit: string): Promise<Uint8Array> {
  const path = await cached(`${wat}\n${wit}`, "component.wasm", async (output) => {
    const embedded = await componentEmbed({ binary: await parse(wat), witSource: wit, stringEncoding: "utf8" });
    writeFileSync(output, await componentNew(embedded, []));
  });
  return readFileSync(path);
}

/** A JavaScript program as a component: `program.js` of a folder, with the world of its `world.wit`, over our copies of WASI. */
export async function buildJavaScript(folder: string): Promise<Uint8Array> {
  const [jsSource, world] = ["program.js", "world.wit"].map((name) => readFileSync(join(folder, name), "utf8"));
  const copies = readdirSync(join(root, "wit/deps")).map((name) => readFileSync(join(root, "wit/deps", name), "utf8"));
  const nested = copies.map((wit) => wit.replace(/^package ([^;]+);([\s\S]*)$/m, "package $1 {$2}"));
  const path = await cached([jsSource, world, ...nested].join("\n"), "component.wasm", async (output) => {
    const witPath = join(dirname(output), "world.wit");
    writeFileSync(witPath, [world, ...nested].join("\n"));
    const { componentize } = await import("componentize-qjs");
    const options = { witPath, jsSource: jsSource ?? "", world: "program", sync: true, optSize: true };
    writeFileSync(output, (await componentize(options)).component);
  });
  return readFileSync(path);
}

/** The directory that holds a component's generated glue, `program.js`, and its core modules. */
export async function transpile(component: Uint8Array): Promise<string> {
  const glue = await cached(component, "program.js", async (output) => {
    const { $init, generate } = await import("@bytecodealliance/jco-transpile/component");
    await $init;
    const generated = generate(component, {
      name: "program",
      instantiation: { tag: "sync" },
      map: [],
      noTypescript: true,
      noNodejsCompat: true,
      validLiftingOptimization: false,
      tracing: false,
      noNamespacedExports: true,
      base64Cutoff: 0,
      compat: false,
      multiMemory: false,
      noComponentErrorWrapping: true,
    } as Parameters<typeof generate>[1]);
    for (const [name, bytes] of generated.files) writeFileSync(join(dirname(output), name), bytes);
  });
  return dirname(glue);
}

/** What generated glue exports: makes an instance from core modules and import objects. */
export type Instantiate = (
  getCoreModule: (name: string) => WebAssembly.Module,
  imports: object,
) => Record<string, Record<string, (...args: readonly unknown[]) => unknown>>;

/** A fresh instance of transpiled glue over import objects. */
export async function instantiate(directory: string, imports: object): Promise<ReturnType<Instantiate>> {
  const glue = (await import(pathToFileURL(join(directory, "program.js")).href)) as { instantiate: Instantiate };
  return glue.instantiate((name) => new WebAssembly.Module(readFileSync(join(directory, name))), imports);
}

/** The file that `make` writes into a directory of its own, made once for each key. */
async function cached(
  key: string | Uint8Array,
  name: string,
  make: (output: string) => Promise<void>,
): Promise<string> {
  const directory = join(cache, createHash("sha256").update(name).update(key).digest("hex"));
  const path = join(directory, name);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, "building-"));
  await make(join(building, name));
  try {
    renameSync(building, directory);
  } catch {
    rmSync(building, { recursive: true }); // another process was first
  }
  return path;
}
