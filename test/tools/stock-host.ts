// Runs a component on the stock host (jco's own transpiler and its WASI shim), over real directories.
// Proves that the tools are ordinary WASI 0.2 components: nothing of Glovebox's host is used here.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { $init, generate } from "@bytecodealliance/jco-transpile/component";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";

/** What a component exports: functions by interface name. A WIT error is thrown: an object with a `payload`. */
export type Exports = Record<string, Record<string, (...args: unknown[]) => unknown>>;
type Instantiate = (getCore: (name: string) => WebAssembly.Module, imports: object) => Exports;

/** A component, transpiled once; `instantiate` gives a fresh instance over the given directories, with `more` to import. */
export interface StockTool {
  instantiate(preopens?: Readonly<Record<string, string>>, more?: object): Exports;
}

/** The component, transpiled by stock jco. */
export async function loadStock(component: Uint8Array): Promise<StockTool> {
  await $init;
  const { files } = generate(component, { name: "tool", instantiation: { tag: "sync" }, noTypescript: true });
  const modules = new Map<string, WebAssembly.Module>();
  const folder = mkdtempSync(join(tmpdir(), "glovebox-stock-"));
  try {
    for (const [name, bytes] of files) {
      if (name.endsWith(".wasm")) modules.set(name, new WebAssembly.Module(new Uint8Array(bytes)));
      else writeFileSync(join(folder, "tool.mjs"), bytes);
    }
    const { instantiate } = (await import(pathToFileURL(join(folder, "tool.mjs")).href)) as {
      instantiate: Instantiate;
    };
    const core = (name: string): WebAssembly.Module => {
      const module = modules.get(name);
      if (module === undefined) throw new Error(`no core module ${name}`);
      return module;
    };
    return {
      instantiate: (preopens = {}, more = {}) =>
        instantiate(core, { ...new WASIShim({ sandbox: { preopens, env: {}, args: [] } }).getImportObject(), ...more }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The error that a WIT function threw: its case and payload, as jco gives them. */
export function failureOf(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return (thrown as { payload?: unknown }).payload ?? thrown;
  }
  throw new Error("the call did not fail");
}
