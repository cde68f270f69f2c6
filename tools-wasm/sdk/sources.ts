// What is in a tool's folder: its WIT with all that it refers to, and the files of the author. Node only.
// Knows nothing of what is made of them.

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { ToolSourceError } from "./failure.ts";
import type { World } from "./wit/model.ts";
import { parseWit } from "./wit/parse.ts";
import { resolveWorld } from "./wit/resolve.ts";
import type { PackageSyntax } from "./wit/syntax.ts";

/** A WIT file of a tool, or of a package that it refers to. */
export interface WitFile {
  /** As messages name it. */
  readonly path: string;
  readonly text: string;
}

export interface WitSources {
  readonly world: World;
  /** All packages as one text, which is what the component tools take. */
  readonly text: string;
}

/** The folder with the pinned WASI packages that a tool may refer to without having them itself. */
export const WASI_FOLDER: string = firstThatExists(
  join(import.meta.dirname, "../../wit/deps"),
  join(import.meta.dirname, "../../../wit/deps"),
);

/** A path of the checkout, or of the installed package, where this code lies one folder deeper. */
function firstThatExists(...paths: readonly string[]): string {
  return paths.find((path) => existsSync(path)) ?? paths[0] ?? "";
}

/** Reads the WIT of a tool: `wit/*.wit`, with `wit/deps/**`, then our own WASI packages for what is still missing. Errors: `ToolSourceError`. */
export async function readWit(folder: string, worldName: string | null): Promise<WitSources> {
  const own = await witFiles(join(folder, "wit"), folder, false);
  if (own.length === 0) {
    const message = `there is no .wit file in ${join(folder, "wit")}`;
    throw new ToolSourceError("the WIT cannot be read:", [{ message, place: null }]);
  }
  const deps = await witFiles(join(folder, "wit", "deps"), folder, true);
  return resolveWit(own, deps, await wasiFiles(), worldName);
}

/** The pinned WASI packages. */
export function wasiFiles(): Promise<readonly WitFile[]> {
  return witFiles(WASI_FOLDER, WASI_FOLDER, true);
}

/** Puts the files of one package, and of those that it refers to, together. Errors: `ToolSourceError` with the place. */
export function resolveWit(
  own: readonly WitFile[],
  deps: readonly WitFile[],
  spare: readonly WitFile[],
  worldName: string | null,
): WitSources {
  const root = gather(own);
  const others = gather(deps);
  const known = new Set([...root, ...others].map(({ id }) => id));
  const added = gather(spare).filter(({ id }) => !known.has(id));
  const all = [...root, ...others, ...added];
  const world = resolveWorld(
    all.map(({ syntax }) => syntax),
    worldName,
  );
  const [first, ...nested] = all;
  const text = [`package ${first?.id};`, first?.text, ...nested.filter(({ text: one }) => one !== "").map(asNested)];
  return { world, text: text.join("\n") };
}

function asNested({ id, text }: GatheredPackage): string {
  return `package ${id} {\n${text}\n}`;
}

interface GatheredPackage {
  readonly id: string;
  readonly syntax: PackageSyntax;
  /** Without its `package` lines. */
  readonly text: string;
}

const PACKAGE_LINE = /^(\s*(?:\/\/[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*)package\s+[^;{]+;/;

/** Files by package; a file without a `package` line belongs to that of the others in its folder. */
function gather(files: readonly WitFile[]): readonly GatheredPackage[] {
  const packages = new Map<string, GatheredPackage>();
  const add = (syntax: PackageSyntax, text: string): void => {
    const before = packages.get(syntax.id);
    packages.set(syntax.id, before === undefined ? { id: syntax.id, syntax, text } : merge(before, syntax, text));
  };
  const named = files.find(({ text }) => PACKAGE_LINE.test(text));
  const home = named === undefined ? null : (parseWit(named.path, named.text, null)[0]?.id ?? null);
  for (const { path, text } of files) {
    const [first, ...nested] = parseWit(path, text, home);
    if (first === undefined) continue;
    add(first, text.replace(PACKAGE_LINE, "$1"));
    // Their text is inside that of the first.
    for (const one of nested) add(one, "");
  }
  return [...packages.values()];
}

function merge(a: GatheredPackage, syntax: PackageSyntax, text: string): GatheredPackage {
  const merged = {
    id: a.id,
    interfaces: [...a.syntax.interfaces, ...syntax.interfaces],
    worlds: [...a.syntax.worlds, ...syntax.worlds],
    aliases: new Map([...a.syntax.aliases, ...syntax.aliases]),
  };
  return { id: a.id, syntax: merged, text: `${a.text}\n${text}` };
}

async function witFiles(folder: string, base: string, deep: boolean): Promise<readonly WitFile[]> {
  const entries = await readdir(folder, { recursive: deep }).catch(() => []);
  const names = entries.filter((name) => name.endsWith(".wit")).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path: relative(base, path), text: await readFile(path, "utf8") };
    }),
  );
}
