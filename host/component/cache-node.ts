// Compiled tools on disk, one directory each, named by what they were made from. Deleting any of it is always safe.
// It must not know how a tool is compiled or run. Node only.

import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { METERING_VERSION } from "../metering/index.ts";
import { COMPILE_VERSION, type CompiledModule, JCO_VERSION } from "./compile.ts";
import type { ToolEntry } from "./tool-entry.ts";

const INDEX = "entry.json";
const JAVASCRIPT = "component.mjs";

interface Index {
  readonly entry: Omit<ToolEntry, "compiled">;
  readonly modules: readonly Omit<CompiledModule, "bytes">[];
  /** sha256 of each file. */
  readonly files: Readonly<Record<string, string>>;
}

/** `sha256:` and 64 hex digits. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${sha256(bytes)}`;
}

/** The name of the directory of a compiled component: it changes with everything that the result depends on. */
export function cacheKey(digest: string, limits: object): string {
  const parts = { digest, jco: JCO_VERSION, metering: METERING_VERSION, compile: COMPILE_VERSION, limits };
  return sha256(JSON.stringify(parts)).slice(0, 40);
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

/** Writes an entry in one step: others see it whole or not at all. Returns its directory, where a corrupt one is replaced. */
export async function writeEntry(root: string, key: string, { compiled, ...entry }: ToolEntry): Promise<string> {
  const directory = join(root, key);
  const staged = join(root, `.${key}.${randomUUID()}`);
  await mkdir(staged, { recursive: true, mode: 0o700 });
  try {
    const files: Record<string, string> = {};
    const put = async (name: string, content: string | Uint8Array): Promise<void> => {
      await writeFile(join(staged, name), content, { mode: 0o600 });
      files[name] = sha256(content);
    };
    await put(JAVASCRIPT, compiled.javascript);
    for (const { name, bytes } of compiled.modules) await put(name, bytes);
    const modules = compiled.modules.map(({ name, facts }) => ({ name, facts }));
    await writeFile(join(staged, INDEX), printIndex({ entry, modules, files }), { mode: 0o600 });
    await publish(staged, directory, root);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
  return directory;
}

async function publish(staged: string, directory: string, root: string): Promise<void> {
  try {
    await rename(staged, directory);
    return;
  } catch (thrown) {
    if (!isTaken(thrown)) throw thrown;
  }
  // Someone else was faster, or what is there is corrupt.
  if ((await readEntry(directory)) !== null) return;
  const corrupt = join(root, `.corrupt.${randomUUID()}`);
  await rename(directory, corrupt);
  await rename(staged, directory);
  await rm(corrupt, { recursive: true, force: true });
}

function isTaken(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && (thrown.code === "ENOTEMPTY" || thrown.code === "EEXIST");
}

function printIndex(index: Index): string {
  const text = JSON.stringify(index);
  return `${sha256(text)}\n${text}\n`;
}

function parseIndex(text: string): Index {
  const body = text.slice(text.indexOf("\n") + 1, -1);
  if (`${sha256(body)}\n${body}\n` !== text) throw new Error("the cache entry is not as it was written");
  return JSON.parse(body) as Index;
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
