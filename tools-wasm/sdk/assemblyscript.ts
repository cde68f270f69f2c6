// AssemblyScript sources -> one core module, ready to become a component.
// Knows nothing of WIT, manifests or which tools there are.

import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { APIOptions } from "assemblyscript/asc";
import { exportTransform } from "./exported.ts";
import { type Problem, placeAt, ToolSourceError } from "./failure.ts";
import { optionalPackage } from "./optional-package.ts";

/** One arena for a whole call, no traces of the machine, the same bytes every time. */
const OPTIONS: readonly string[] = [
  ...["--runtime", "stub"],
  ...["--enable", "simd"],
  ...["--use", "abort="],
  ...["--optimizeLevel", "3"],
  ...["--shrinkLevel", "2"],
  "--converge",
];

/** The compiler's category for what stops it. */
const ERROR = 3;

/** What the compiler says of one place, as it says it. */
interface Diagnostic {
  readonly message: string;
  readonly category: number;
  readonly range: { readonly start: number; readonly source: { readonly normalizedPath: string } | null } | null;
}

/** An error, with where it is in the file. */
export interface CompileProblem extends Problem {
  readonly file: string | null;
  readonly offset: number;
}

/** A program that need not be on disk. */
export interface Program {
  /** The path of its first file. */
  readonly entry: string;
  /** The text of a file by its path, or null. */
  read(path: string): Promise<string | null>;
  /** The module names that it may import from; without: those of WIT interfaces. */
  readonly imports?: ReadonlySet<string>;
}

/** Compiles a program: the core module, or what is wrong with it. */
export async function compileProgram(program: Program): Promise<Uint8Array | readonly CompileProblem[]> {
  const written = new Map<string, Uint8Array>();
  const diagnostics: Diagnostic[] = [];
  const options = {
    transforms: [exportTransform(program.imports)],
    readFile: (name: string) => program.read(name),
    writeFile: (name: string, contents: Uint8Array) => void written.set(name, contents),
    listFiles: () => [],
    reportDiagnostic: (found: Diagnostic) => void diagnostics.push(found),
  } as unknown as APIOptions;
  const { main } = await optionalPackage("assemblyscript", () => import("assemblyscript/asc"));
  const { error } = await main([program.entry, "--outFile", "tool.wasm", ...OPTIONS], options);
  const core = written.get("tool.wasm");
  if (error === null && core !== undefined) return core;
  const errors = diagnostics.filter(({ category }) => category === ERROR);
  const problems = await Promise.all(errors.map((one) => problemOf(one, program)));
  const message = error?.message ?? "the compiler wrote nothing";
  return problems.length > 0 ? problems : [{ message, place: null, file: null, offset: 0 }];
}

async function problemOf({ message, range }: Diagnostic, program: Program): Promise<CompileProblem> {
  const file = range?.source?.normalizedPath ?? null;
  const offset = range?.start ?? 0;
  const text = file === null ? null : await program.read(file);
  const place = file === null || text === null ? null : placeAt(file, text, offset);
  return { message, place, file, offset };
}

/**
 * Compiles the program whose entry is `entry`, with imports that may reach anywhere under `root`.
 * Errors: `ToolSourceError` with what the compiler says.
 */
export async function compileAssemblyScript(root: string, entry: string): Promise<Uint8Array> {
  const read = (path: string): Promise<string | null> => readFile(join(root, path), "utf8").catch(() => null);
  const compiled = await compileProgram({ entry: relative(root, entry), read });
  if (compiled instanceof Uint8Array) return compiled;
  throw new ToolSourceError(`${entry} does not compile:`, compiled);
}
