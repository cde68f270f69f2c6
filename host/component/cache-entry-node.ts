// One compiled tool on disk, read back only as it was written. It is all that a process that runs calls needs of the cache.
// It must not know how a tool is compiled. Node only.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CompiledModule } from "./compile.ts";
import type { ToolEntry } from "./tool-entry.ts";

/** The files that every entry has. */
export const INDEX: string = "entry.json";
export const JAVASCRIPT: string = "component.mjs";

/** What says which files an entry has. */
export interface Index {
  readonly entry: Omit<ToolEntry, "compiled">;
  readonly modules: readonly Omit<CompiledModule, "bytes">[];
  /** sha256 of each file. */
  readonly files: Readonly<Record<string, string>>;
}

/** The file whose import gives the code of an entry. */
export function javascriptOf(directory: string): string {
  return join(directory, JAVASCRIPT);
}

/** Reads an entry; null when it is not there or not as it was written. */
export async function readEntry(directory: string): Promise<ToolEntry | null> {
  try {
    const { entry, modules, files } = parseIndex(await readFile(join(directory, INDEX), "utf8"));
    const contents = new Map<string, Buffer>();
    for (const [name, digest] of Object.entries(files)) {
      const content = await readFile(join(directory, name));
      if (sha256(content) !== digest) return null;
      contents.set(name, content);
    }
    const loaded = modules.map((module) => ({ ...module, bytes: contentOf(contents, module.name) }));
    const javascript = new TextDecoder().decode(contentOf(contents, JAVASCRIPT));
    return { ...entry, compiled: { javascript, modules: loaded } };
  } catch {
    // Whatever is wrong with it, it can be made again.
    return null;
  }
}

function contentOf(contents: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const content = contents.get(name);
  if (content === undefined) throw new Error(`the cache entry has no file ${name}`);
  return content;
}

function parseIndex(text: string): Index {
  const body = text.slice(text.indexOf("\n") + 1, -1);
  if (`${sha256(body)}\n${body}\n` !== text) throw new Error("the cache entry is not as it was written");
  return JSON.parse(body) as Index;
}

/** In hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
