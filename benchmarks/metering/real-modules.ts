// Real modules doing real work: QuickJS runs a script, SQLite runs queries, Brotli packs and unpacks.
// They are development dependencies; GLOVEBOX_BENCH_MODULES names a directory with other versions of them.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Meter, type MeterOptions, MODULE_LIMITS, meter } from "../../host/metering/index.ts";

const AMPLE = { fuel: 1n << 47n, stackBytes: 512 * 1024, memoryBytes: 2 ** 30, tableElements: 1_000_000 };
// compilers of whole language runtimes go beyond what a tool may be
const WIDE = { ...MODULE_LIMITS, nesting: 20_000, functionBodyBytes: 7_000_000, exports: 100_000, imports: 100_000 };

/** Prepares the work once, metered or (without options) as it is. */
export type Prepare = (options: MeterOptions | undefined) => Promise<() => unknown>;

export interface RealModule {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly prepare: Prepare;
}

type Instantiate = (imports: WebAssembly.Imports) => { instance: WebAssembly.Instance; module: WebAssembly.Module };
type Loader = (require: NodeJS.Require, instantiate: Instantiate) => Promise<() => unknown>;

function instantiator(bytes: Uint8Array, options: MeterOptions | undefined): Instantiate {
  const code = options === undefined ? bytes : meter(bytes, { ...options, limits: WIDE }).bytes;
  const module = new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
  const one = new Meter(AMPLE);
  return (imports) => {
    const all = options === undefined ? imports : one.imports(imports);
    return { module, instance: new WebAssembly.Instance(module, all) };
  };
}

// what emscripten's `instantiateWasm` hook wants
type Receive = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;
const hook = (instantiate: Instantiate) => ({
  instantiateWasm: (imports: WebAssembly.Imports, receive: Receive): WebAssembly.Exports => {
    const { instance, module } = instantiate(imports);
    receive(instance, module);
    return instance.exports;
  },
});

const SCRIPT = `const m = {}; let s = 0;
for (let i = 0; i < 30000; i++) { const k = "k" + (i % 500); m[k] = (m[k] || 0) + i; s += m[k] % 7; }
const a = []; for (let i = 0; i < 5000; i++) a.push((i * 7919) % 5003); a.sort((x, y) => x - y);
const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); s + f(18) + a[100] + JSON.stringify(m).length`;

const quickjs: Loader = async (require, instantiate) => {
  const { newQuickJSWASMModuleFromVariant, newVariant } = require("quickjs-emscripten") as {
    newQuickJSWASMModuleFromVariant(variant: unknown): Promise<{ evalCode(code: string): unknown }>;
    newVariant(base: unknown, options: unknown): unknown;
  };
  const base = require("@jitl/quickjs-wasmfile-release-sync") as { default?: unknown };
  const variant = newVariant(base.default ?? base, { emscriptenModule: hook(instantiate) });
  const engine = await newQuickJSWASMModuleFromVariant(variant);
  return () => engine.evalCode(SCRIPT);
};

interface Database {
  run(sql: string): void;
  exec(sql: string): unknown;
  prepare(sql: string): { run(values: readonly unknown[]): void; free(): void };
  close(): void;
}

const sqlite: Loader = async (require, instantiate) => {
  const open = require("sql.js") as (options: unknown) => Promise<{ Database: new () => Database }>;
  const { Database } = await open(hook(instantiate));
  // it remembers the first instance
  delete require.cache[require.resolve("sql.js")];
  return () => {
    const db = new Database();
    db.run("create table t(a integer primary key, b text, c real); begin");
    const insert = db.prepare("insert into t values(?, ?, ?)");
    for (let i = 0; i < 3000; i++) insert.run([i, `name${i % 97}`, i * 1.5]);
    insert.free();
    db.run("commit; create index x on t(b)");
    const sums = db.exec(
      "select b, count(*), sum(c), avg(a) from t group by b having count(*) > 3 order by 3 desc limit 20",
    );
    const pairs = db.exec("select count(*) from t x join t y on x.b = y.b where x.a < y.a and x.c < 400");
    db.close();
    return JSON.stringify([sums, pairs]);
  };
};

const brotli: Loader = (require, instantiate) => {
  const file = require.resolve("brotli-wasm");
  interface Codec {
    compress(data: Uint8Array, options: { quality: number }): Uint8Array;
    decompress(data: Uint8Array): Uint8Array;
  }
  // its glue makes the instance while it is loaded: the two constructors stand in for the engine's just then
  const { Module, Instance } = WebAssembly;
  const stand = WebAssembly as unknown as Record<"Module" | "Instance", unknown>;
  stand.Module = class {};
  stand.Instance = function instance(_: unknown, imports: WebAssembly.Imports): WebAssembly.Instance {
    restore();
    return instantiate(imports).instance;
  };
  const restore = (): void => {
    stand.Module = Module;
    stand.Instance = Instance;
  };
  for (const key of Object.keys(require.cache)) if (key.includes("brotli-wasm")) delete require.cache[key];
  const codec = require(file) as Codec;
  restore();
  const text = readFileSync(new URL("../../package-lock.json", import.meta.url)).subarray(0, 120_000);
  return Promise.resolve(() => codec.decompress(codec.compress(text, { quality: 9 })).length);
};

const MODULES: readonly (readonly [name: string, file: string, load: Loader])[] = [
  ["QuickJS", "@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm", quickjs],
  ["SQLite", "sql.js/dist/sql-wasm.wasm", sqlite],
  ["Brotli", "brotli-wasm/pkg.node/brotli_wasm_bg.wasm", brotli],
];

/** The modules that are installed where GLOVEBOX_BENCH_MODULES says, or here. */
export function realModules(): RealModule[] {
  const root = join(process.env.GLOVEBOX_BENCH_MODULES ?? join(import.meta.dirname, "../.."), "node_modules");
  const require = createRequire(join(root, "index.js"));
  return MODULES.flatMap(([name, file, load]) => {
    const path = join(root, file);
    if (!existsSync(path)) return [];
    const bytes = new Uint8Array(readFileSync(path));
    return [{ name, bytes, prepare: (options) => load(require, instantiator(bytes, options)) }];
  });
}

/** Large modules to rewrite, from packages of this project; the largest is JavaScript's SpiderMonkey. */
export function largeModules(): readonly (readonly [name: string, bytes: Uint8Array])[] {
  const require = createRequire(import.meta.url);
  const jco = dirname(dirname(require.resolve("@bytecodealliance/jco-transpile")));
  const files: readonly (readonly [string, string])[] = [
    ["jco's bindings generator", join(jco, "vendor/js-component-bindgen-component.core.wasm")],
    ["jco's wasm-tools", join(jco, "vendor/wasm-tools.core.wasm")],
    ["componentize-js", join(jco, "../componentize-js/lib/starlingmonkey_embedding_weval.wasm")],
  ];
  return files.flatMap(([name, file]) =>
    existsSync(file) ? [[name, new Uint8Array(readFileSync(file))] as const] : [],
  );
}
