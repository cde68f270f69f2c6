// Compiled tools on disk, one directory each, named by what they were made from. Deleting any of it is always safe.
// It must not know how a tool is compiled or run. Node only.

import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GloveboxError } from "../errors.ts";
import { METERING_VERSION } from "../metering/index.ts";
import { INDEX, type Index, JAVASCRIPT, readEntry, sha256 } from "./cache-entry-node.ts";
import { COMPILE_VERSION, JCO_VERSION } from "./compile.ts";
import type { ToolEntry } from "./tool-entry.ts";

/** `sha256:` and 64 hex digits. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${sha256(bytes)}`;
}

/** The name of the directory of a compiled component: it changes with everything that the result depends on. */
export function cacheKey(digest: string, limits: object): string {
  const parts = { digest, jco: JCO_VERSION, metering: METERING_VERSION, compile: COMPILE_VERSION, limits };
  return sha256(JSON.stringify(parts)).slice(0, 40);
}

/** Writes an entry in one step: others see it whole or not at all. Returns its directory, where a corrupt one is replaced. */
export async function writeEntry(root: string, key: string, { compiled, ...entry }: ToolEntry): Promise<string> {
  const directory = join(root, key);
  const staged = join(root, `.${key}.${randomUUID()}`);
  await makeDirectory(staged);
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

/** The cache's own directory for an entry. Errors: CACHE_UNWRITABLE. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await makeDirectories(path);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new GloveboxError("CACHE_UNWRITABLE", `compiled tools cannot be kept in ${dirname(path)} (${reason})`, {
      hint: "Set XDG_CACHE_HOME, or cacheDirectory, to a directory that can be written.",
      cause,
    });
  }
}

/** One level at a time: Node's own recursive mkdir never ends in a place like /proc, where nothing can be made. Others may be making the same. */
async function makeDirectories(path: string): Promise<void> {
  const orphaned = await makeOne(path);
  if (orphaned === null) return;
  if (dirname(path) === path) throw orphaned;
  await makeDirectories(dirname(path));
  const missing = await makeOne(path);
  if (missing !== null) throw missing;
}

/** Null when the directory is there; the error when its parent is missing. */
async function makeOne(path: string): Promise<Error | null> {
  try {
    await mkdir(path, { mode: 0o700 });
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return null;
    if (code === "ENOENT") return error as Error;
    throw error;
  }
}
