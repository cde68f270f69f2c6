// The same component, ready to call on two hosts over the same real directory: ours as Glovebox runs it, metered and over an
// overlay, and preview2-shim with stock glue.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { instantiate, type PreparedTool, prepare } from "../../host/component/instantiate.ts";
import { buildEntry } from "../../host/component/tool-entry.ts";
import { ADMISSION_LIMITS, CALL_LIMITS } from "../../host/limits.ts";
import { Meter } from "../../host/metering/index.ts";
import { createWasi, SUPPORTED_IMPORTS } from "../../host/wasi/index.ts";
import { createOverlay, nodeBase } from "../../sandbox-fs/index.ts";
import { witText } from "../../tools-wasm/sdk/wit.ts";

/** The functions of the world `files`. */
export interface Files {
  readStream(): bigint;
  writeStream(mebibytes: number): void;
  readRandom(times: number): bigint;
  openStat(times: number): void;
  listEntries(): number;
}

/** A fresh instance over a directory, and what ends it. */
export interface Host {
  start(directory: string): Promise<{ readonly files: Files; end(): void }>;
}

const ROOT = join(import.meta.dirname, "../..");
const UNBOUNDED = { fuel: 2n ** 47n, stackBytes: 512 * 1024, memoryBytes: 2 ** 30, tableElements: 100_000 };

/** The two hosts, and what removes what they needed. */
export async function openHosts(): Promise<{ readonly ours: Host; readonly shim: Host; close(): void }> {
  const component = await buildComponent();
  const options = { digest: "sha256:", limits: ADMISSION_LIMITS, supportedImports: SUPPORTED_IMPORTS };
  const prepared = await prepare((await buildEntry(component, options)).compiled);
  const glue = await transpile(component);
  return {
    ours: { start: (directory) => startOurs(prepared, directory) },
    shim: { start: (directory) => startShim(glue, directory) },
    close: () => rmSync(glue, { recursive: true }),
  };
}

async function buildComponent(): Promise<Uint8Array> {
  const own = readFileSync(join(import.meta.dirname, "files.wit"), "utf8");
  const [others, binary] = await Promise.all([
    witText(join(ROOT, "wit"), [join(ROOT, "wit/deps")]),
    parse(readFileSync(join(import.meta.dirname, "files.wat"), "utf8")),
  ]);
  const wasi = others.slice(others.indexOf("package wasi:"));
  return componentNew(await componentEmbed({ binary, witSource: `${own}\n${wasi}`, stringEncoding: "utf8" }), []);
}

async function startOurs(prepared: PreparedTool, directory: string): ReturnType<Host["start"]> {
  const fs = createOverlay(nodeBase(directory), { clock: () => 0n, quota: { bytes: 2 ** 30 } });
  const meter = new Meter(UNBOUNDED);
  const wasi = createWasi({
    preopens: [{ path: "/", fs, directory: fs.root }],
    environment: {},
    args: [],
    stdin: new Uint8Array(),
    clock: { now: () => 0n, advance: () => {} },
    random: { seed: "00".repeat(32), sequence: 0 },
    limits: CALL_LIMITS,
    ioOperations: Number.MAX_SAFE_INTEGER,
    ioBytes: Number.MAX_SAFE_INTEGER,
    stop: () => meter.stop(),
  });
  const { exports } = await instantiate(prepared, wasi.imports, meter);
  const end = (): void => {
    wasi.dispose();
    fs.discard();
  };
  return { files: exports as unknown as Files, end };
}

interface Glue {
  instantiate(getCoreModule: (name: string) => WebAssembly.Module, imports: object): unknown;
}

async function transpile(component: Uint8Array): Promise<string> {
  const { $init, generate } = await import("@bytecodealliance/jco-transpile/component");
  await $init;
  const directory = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  const { files } = generate(component, {
    name: "files",
    instantiation: { tag: "sync" },
    map: [],
    noTypescript: true,
    noNodejsCompat: true,
    noNamespacedExports: true,
    base64Cutoff: 0,
    multiMemory: false,
    compat: false,
    noComponentErrorWrapping: true,
    validLiftingOptimization: false,
    tracing: false,
    tlaCompat: false,
  });
  for (const [name, bytes] of files) writeFileSync(join(directory, name.replace(/\.js$/, ".mjs")), bytes);
  return directory;
}

async function startShim(glue: string, directory: string): ReturnType<Host["start"]> {
  const { instantiate: start } = (await import(pathToFileURL(join(glue, "files.mjs")).href)) as Glue;
  const shim = new WASIShim({ sandbox: { preopens: { "/": directory }, env: {}, args: [], enableNetwork: false } });
  const load = (name: string): WebAssembly.Module => new WebAssembly.Module(readFileSync(join(glue, name)));
  return { files: start(load, shim.getImportObject()) as Files, end: () => {} };
}
