// glovebox/fs where there is no Node, and the ten lines of the README.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { projectRoot, type SourceFile, sourcesBelow } from "../layout/imports.ts";
import { temporaryDirectory } from "./support/trees.ts";

const sources = new Map(sourcesBelow("sandbox-fs").map((file) => [file.path, file]));

/** All files that one brings along. */
function graphOf(entry: string): readonly SourceFile[] {
  const found = new Map<string, SourceFile>();
  const visit = (path: string): void => {
    const file = sources.get(path);
    if (file === undefined || found.has(path)) return;
    found.set(path, file);
    for (const each of file.imports) visit(each);
  };
  visit(entry);
  return [...found.values()];
}

test("nothing that portable.ts brings along is of Node, and of packages only diff", () => {
  const graph = graphOf("sandbox-fs/portable.ts");
  expect(graph.length).toBeGreaterThan(30);
  const packages = graph.flatMap(({ imports }) => imports).filter((path) => !path.startsWith("sandbox-fs/"));
  expect([...new Set(packages)]).toEqual(["diff"]);
  const used = graph.filter(({ text }) => /\b(process|Buffer|require|__dirname|global)\s*[.(]/.test(text));
  expect(used.map(({ path }) => path)).toEqual([]);
  expect(graphOf("sandbox-fs/index.ts").some(({ imports }) => imports.includes("node:fs"))).toBe(true);
});

function run(code: string, ...flags: readonly string[]): string {
  const args = [...flags, "--input-type=module-typescript", "--eval", code];
  return execFileSync(process.execPath, args, { cwd: projectRoot, encoding: "utf8" });
}

test.each(["browser", "workerd", "edge-light"])(
  "under the condition %s, glovebox/fs is the portable build, and works",
  (condition) => {
    const printed = run(
      `import * as fs from "glovebox/fs";
    const overlay = fs.createOverlay(fs.memoryBase({ a: "alpha" }), { clock: () => 0n });
    overlay.rename(overlay.root, "a", overlay.root, "b");
    console.log(JSON.stringify([Object.keys(fs), overlay.diff().map(({ kind, path }) => kind + " " + path)]));`,
      `--conditions=${condition}`,
    );
    const [names, changes] = JSON.parse(printed) as [string[], string[]];
    expect(names).not.toContain("nodeBase");
    expect(changes).toEqual(["renamed b"]);
  },
);

test("the lines of the README do what they say", () => {
  const readme = readFileSync(`${projectRoot}/README.md`, "utf8");
  const code = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)]
    .map((match) => match[1] ?? "")
    .find((each) => each.includes("glovebox/fs"));
  const { path, dispose } = temporaryDirectory({ src: { "index.ts": "export {};\n" } });
  onTestFinished(dispose);
  const printed = run(`process.chdir(${JSON.stringify(path)});\n${code}`);
  expect(printed).toContain("+# Notes");
  expect(readFileSync(`${path}/notes.md`, "utf8")).toBe("# Notes\n");
  expect(existsSync(`${path}/src/index.ts`)).toBe(true);
});
