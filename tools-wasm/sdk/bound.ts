// The program of a standard tool that has no exports of its own: generated bindings, over the sources that all standard tools share.
// Knows nothing of how a component is made of it.

import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { compileProgram } from "./assemblyscript.ts";
import { generateBindings } from "./bindings/generate.ts";
import { ToolSourceError } from "./failure.ts";
import { resolveWit, type WitFile } from "./sources.ts";
import { runtimeFiles } from "./tool.ts";

/** Where a tool in AssemblyScript is, and what it refers to. */
export interface ToolSource {
  /** A folder above everything that the sources import. */
  readonly root: string;
  /** Holds `tool.yaml`, and `assembly/exports.ts` or, for generated bindings, a file for each interface. */
  readonly folder: string;
  readonly world: string;
  /** The folder with the WIT package of the world. */
  readonly wit: string;
  /** Folders with the packages that it refers to, one file each. */
  readonly dependencies: readonly string[];
}

/** `tools-wasm/http/assembly/bindings/wasi-http-types.ts`: a tool may import what another one makes of the same interfaces. */
const BINDINGS = /^(?:.*\/)?[a-z-]+\/assembly\/bindings\/([^/]+)$/;

/**
 * Compiles `assembly/INTERFACE.ts` of a tool with the bindings of its world, which are on no disk. The runtime of the bindings is that of
 * `sdk/assembly`, so that what the author imports from there is the same. Errors: `ToolSourceError` with what the compiler says.
 */
export async function compileBound({ root, folder, world, wit, dependencies }: ToolSource): Promise<Uint8Array> {
  const [own, ...deps] = await Promise.all([wit, ...dependencies].map(witFiles));
  const { files, imports } = generateBindings(resolveWit(own ?? [], deps.flat(), [], world).world);
  const runtime = (await runtimeFiles()).get("runtime.ts")?.replaceAll('"./runtime/', '"../../../sdk/assembly/') ?? "";
  const read = async (path: string): Promise<string | null> => {
    const name = BINDINGS.exec(path)?.[1];
    if (name === undefined) return readFile(join(root, path), "utf8").catch(() => null);
    return name === "runtime.ts" ? runtime : (files.get(name) ?? null);
  };
  const compiled = await compileProgram({
    entry: `${relative(root, folder)}/assembly/bindings/entry.ts`,
    read,
    imports,
  });
  if (compiled instanceof Uint8Array) return compiled;
  throw new ToolSourceError(`${folder} does not compile:`, compiled);
}

async function witFiles(folder: string): Promise<readonly WitFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".wit")).sort();
  return Promise.all(names.map(async (name) => ({ path: name, text: await readFile(join(folder, name), "utf8") })));
}
