// The recipes of docs/tools.md, each built and run as it is written there, where its compiler is installed.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../layout/imports.ts";
import { temporaryDirectory } from "../support/tree.ts";

const text = readFileSync(join(projectRoot, "docs/tools.md"), "utf8").split("## Other languages")[1] ?? "";
const [shared = "", ...sections] = text.split(/^### /m);

interface Recipe {
  readonly language: string;
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
    probe: 'ls "$(rustc --print target-libdir --target wasm32-unknown-unknown)"',
    ends: /can reach nothing/,
  },
  { language: "Go", probe: "go version", ends: /sums\.total\(a: u32, b: u32\) -> u32/ },
  { language: "Python", probe: "componentize-py --version", ends: /at most 16777216 are allowed/ },
];

/** Writes the files of fenced blocks that begin with their name in a comment. */
function writeFiles(markdown: string, directory: string): void {
  for (const [, name = "", content = ""] of markdown.matchAll(/```\w+\n(?:\/\/|#) (\S+)\n([\s\S]*?)```/g)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

for (const { language, probe, ends } of RECIPES) {
  const missing = spawnSync("sh", ["-c", probe], { stdio: "ignore" }).status !== 0;
  if (missing) process.stderr.write(`skipped: the recipe for ${language}: its compiler for wasm is not installed\n`);
  test.skipIf(missing)(`the recipe for ${language} does what it says`, { timeout: 240_000 }, () => {
    const section = sections.find((one) => one.startsWith(`${language}\n`)) ?? "";
    const commands = (/```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? "").trim().split("\n");
    const directory = temporaryDirectory();
    writeFiles(shared, directory);
    writeFiles(section, directory);
    mkdirSync(join(directory, "bin"));
    symlinkSync(process.execPath, join(directory, "bin", "node"));
    expect(existsSync(join(projectRoot, "dist/host/cli/main.js"))).toBe(true);
    const env = {
      ...process.env,
      PATH: `${join(directory, "bin")}:${process.env.PATH}`,
      XDG_CACHE_HOME: join(projectRoot, "node_modules/.cache"),
    };
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
