// Whether what a build reads has changed since the last time, without building.
// Knows nothing of what is built.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** The sha256 of every file under `folders` (path relative to `root`, and content) and of `facts`, in hex. */
export async function digestOf(root: string, folders: readonly string[], facts: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const fact of facts) hash.update(`fact ${JSON.stringify(fact)}\n`);
  for (const folder of folders) {
    for (const file of await filesUnder(folder)) {
      const bytes = await readFile(file);
      hash.update(`file ${JSON.stringify(relative(root, file))} ${bytes.length}\n`).update(bytes);
    }
  }
  return hash.digest("hex");
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The version of an installed package: part of what decides the bytes of a build. */
export async function packageVersion(root: string, name: string): Promise<string> {
  const text = await readFile(join(root, "node_modules", name, "package.json"), "utf8");
  return `${name}@${String((JSON.parse(text) as { version?: unknown }).version)}`;
}
