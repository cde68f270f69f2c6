// The examples as tests use them: copies of their folders, and the commands of their READMEs.

import { execFileSync } from "node:child_process";
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { projectRoot } from "../cli/glovebox.ts";

/** A copy of an example, which is gone after the test. */
export function copyOf(example: string): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-example-")));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const directory = join(parent, example);
  cpSync(join(projectRoot, "examples", example), directory, { recursive: true, preserveTimestamps: true });
  return directory;
}

/** All that can be seen of a tree: names, types, contents, modes, modification times. */
export function treeOf(directory: string): Readonly<Record<string, string>> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const entries = ["", ...names].map((name) => {
    const path = join(directory, name);
    const { mode, mtimeNs, size } = lstatSync(path, { bigint: true });
    const content = lstatSync(path).isFile() ? readFileSync(path, "base64") : "";
    return [name, `${mode.toString(8)} ${mtimeNs} ${content === "" ? "" : `${size} ${content}`}`] as const;
  });
  return Object.fromEntries(entries);
}

/** The command lines of a README's shell blocks. */
export function commandsOf(example: string): readonly string[] {
  const readme = readFileSync(join(projectRoot, "examples", example, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  return blocks.flatMap((block) => block.split("\n").filter((line) => line !== ""));
}

/** What the shell prints on standard output. */
export function shell(command: string, cwd: string): string {
  return execFileSync("sh", ["-c", command], { cwd, encoding: "utf8" });
}
