// WIT folders -> one text, which is the only form that the component tools take here.
// Knows nothing of what the packages say.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PACKAGE = /^package\s+([^;{]+);/m;

/**
 * The package whose `.wit` files are in `folder`, with the packages of `dependencies` (one file each) nested in it.
 * Errors: a plain `Error` when a file has no `package` line, or when those of `folder` do not all name the same.
 */
export async function witText(folder: string, dependencies: readonly string[]): Promise<string> {
  const own = await witFiles(folder);
  const nested = await Promise.all(dependencies.map(witFiles));
  return [joined(own), ...nested.flat().map(nest)].join("\n");
}

/** The texts of a folder's WIT files, in the order of their names. */
async function witFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const wit = names.filter((name) => name.endsWith(".wit")).sort();
  return Promise.all(wit.map((name) => readFile(join(folder, name), "utf8")));
}

function joined(texts: readonly string[]): string {
  const [first, ...others] = texts;
  if (first === undefined) throw new Error("no .wit file found");
  const name = packageOf(first);
  for (const text of others) {
    if (packageOf(text) !== name) throw new Error(`WIT files of one folder name ${name} and ${packageOf(text)}`);
  }
  return [first, ...others.map((text) => text.replace(PACKAGE, ""))].join("\n");
}

function nest(text: string): string {
  return `package ${packageOf(text)} {\n${text.replace(PACKAGE, "")}\n}\n`;
}

function packageOf(text: string): string {
  const name = PACKAGE.exec(text)?.[1];
  if (name === undefined) throw new Error(`a WIT file without a package: ${text.slice(0, 60)}`);
  return name.trim();
}
