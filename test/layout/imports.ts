// Reads which file imports which, so that the import rules of ARCHITECTURE.md are facts. It must not know the rules.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot: string = join(dirname(fileURLToPath(import.meta.url)), "../..");

export interface SourceFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Bare specifiers as written; relative ones as paths from the project's root. */
  readonly imports: readonly string[];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^;"']*?\sfrom\s)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** All TypeScript sources below `folder`, but for AssemblyScript. */
export function sourcesBelow(folder: string): SourceFile[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !`${entry.parentPath}/`.includes("/assembly/"))
    .map((entry) => readSource(relative(projectRoot, join(entry.parentPath, entry.name))))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(projectRoot, path), "utf8");
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/[^\n]*/g, "$1");
  const imports = [...code.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? "");
  return { path, text: code, imports: imports.map((specifier) => resolve(path, specifier)) };
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier;
}

/** The first import cycle found, as the paths on it, or null. */
export function findCycle(files: readonly SourceFile[]): readonly string[] | null {
  const importsOf = new Map(files.map((file) => [file.path, file.imports.filter((path) => path.endsWith(".ts"))]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    const start = trail.indexOf(path);
    if (start >= 0) return [...trail.slice(start), path];
    if (done.has(path)) return null;
    for (const next of importsOf.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle !== null) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const { path } of files) {
    const cycle = visit(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
