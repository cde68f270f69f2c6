// The recipes of docs/tools.md, each built and run as it is written there, where its compiler is installed.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { projectRoot } from "../layout/imports.ts";
import { temporaryDirectory } from "../support/tree.ts";

const text = readFileSync(join(projectRoot, "docs/tools.md"), "utf8").split("## Other languages")[1] ?? "";
const [shared = "", ...sections] = text.split(/^### /m);

interface Recipe {
  readonly language: string;
  /** A program of its commands, where it goes by other names too: the first that does what `probe` asks is taken. */
  readonly program?: string;
  readonly names?: readonly string[];
  /** Succeeds where its compiler is there. */
  readonly probe: string;
  /** What the last command says. */
  readonly ends: RegExp;
}

const RECIPES: readonly Recipe[] = [
  { language: "JavaScript", probe: "true", ends: /sums\.total\(a: u32, b: u32\) -> u32/ },
  {
    language: "C",
    probe: "echo 'int f;' | clang --target=wasm32-wasi -mexec-model=reactor -xc - -o /dev/null",
    ends: /can reach nothing/,
  },
  {
    language: "Rust",
    // Beside a rustup without the target, Debian's compiler may have it.
    program: "rustc",
    names: ["rustc", "/usr/bin/rustc"],
    probe: 'ls "$(rustc --print target-libdir --target wasm32-unknown-unknown)"',
    ends: /can reach nothing/,
  },
  {
    language: "Zig",
    program: "zig",
    names: ["zig", "python-zig", "python3 -m ziglang"],
    probe: "zig version",
    ends: /can reach nothing/,
  },
  { language: "Go", probe: "go version", ends: /sums\.total\(a: u32, b: u32\) -> u32/ },
  { language: "Python", probe: "componentize-py --version", ends: /can reach nothing/ },
];

/** Writes the files of fenced blocks that begin with their name in a comment. */
function writeFiles(markdown: string, directory: string): void {
  for (const [, name = "", content = ""] of markdown.matchAll(/```\w+\n(?:\/\/|#) (\S+)\n([\s\S]*?)```/g)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

const compilers = mkdtempSync(join(tmpdir(), "glovebox-compilers-"));
afterAll(() => rmSync(compilers, { recursive: true, force: true }));

/** A folder for the front of the path, in which the compiler of a recipe goes by its name; null where there is none. */
function compilerOf({ language, probe, program = "", names = [program] }: Recipe): string | null {
  for (const [index, name] of names.entries()) {
    const folder = join(compilers, `${language}-${index}`);
    mkdirSync(folder);
    if (name !== program) writeFileSync(join(folder, program), `#!/bin/sh\nexec ${name} "$@"\n`, { mode: 0o755 });
    if (spawnSync("sh", ["-c", probe], { stdio: "ignore", env: withPath(folder) }).status === 0) return folder;
  }
  return null;
}

const withPath = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${folder}:${process.env.PATH}`,
  XDG_CACHE_HOME: join(projectRoot, "node_modules/.cache"),
});

for (const recipe of RECIPES) {
  const { language, ends } = recipe;
  const compiler = compilerOf(recipe);
  if (compiler === null) {
    process.stderr.write(`skipped: the recipe for ${language}: its compiler for wasm is not installed\n`);
  }
  test.skipIf(compiler === null)(`the recipe for ${language} does what it says`, { timeout: 240_000 }, () => {
    const section = sections.find((one) => one.startsWith(`${language}\n`)) ?? "";
    const commands = (/```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? "").trim().split("\n");
    const directory = temporaryDirectory();
    writeFiles(shared, directory);
    writeFiles(section, directory);
    symlinkSync(process.execPath, join(compiler ?? "", "node"));
    expect(existsSync(join(projectRoot, "dist/host/cli/main.js"))).toBe(true);
    const env = withPath(compiler ?? "");
    const outputs = commands.map((command) => {
      const line = command.replace("npx glovebox", `node ${join(projectRoot, "bin/glovebox.js")}`);
      const { stdout, stderr } = spawnSync("sh", ["-c", line], { cwd: directory, encoding: "utf8", env });
      return stdout + stderr;
    });
    const tested = outputs[commands.findIndex((command) => command.includes("tool test"))];
    if (tested !== undefined) expect(tested).toContain("all as expected");
    expect(outputs.at(-1)).toMatch(ends);
  });
}

test("every recipe of the page is tested", () => {
  expect(sections.map((section) => section.split("\n")[0])).toEqual(RECIPES.map(({ language }) => language));
});
