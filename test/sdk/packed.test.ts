// A tool is written by following the README alone, in a fresh directory, with the packed package.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { projectRoot } from "../layout/imports.ts";
import { temporaryDirectory } from "../support/tree.ts";

const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
const section = /## Write a tool\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? "";
const commands = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((found) => (found[1] ?? "").trim().split("\n"));
const environment = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  npm_config_offline: "true",
};

function shell(command: string, cwd: string): string {
  return execFileSync("sh", ["-c", command], { cwd, encoding: "utf8", env: environment });
}

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The packages that come with `glovebox` and with `more`, as far as they are installed here. */
function installedWith(more: readonly string[]): readonly string[] {
  const locked: Readonly<Record<string, LockedPackage>> = JSON.parse(
    readFileSync(join(projectRoot, "package-lock.json"), "utf8"),
  ).packages;
  const found = new Set<string>();
  const visit = (names: readonly string[]): void => {
    for (const name of names.filter((one) => !found.has(one))) {
      found.add(name);
      const { dependencies, optionalDependencies } = locked[`node_modules/${name}`] ?? {};
      visit(Object.keys({ ...dependencies, ...optionalDependencies }));
    }
  };
  visit([...Object.keys(locked[""]?.dependencies ?? {}), ...more]);
  return [...found].filter((name) => existsSync(join(projectRoot, "node_modules", name)));
}

/** What `npm install glovebox MORE` leaves, without a registry: the packed package, and from the checkout what it depends on. */
function install(directory: string, more: readonly string[]): void {
  const modules = join(directory, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  const [archive] = shell(`npm pack --silent --pack-destination '${directory}'`, projectRoot)
    .trim()
    .split("\n")
    .slice(-1);
  shell(`tar -xzf '${archive}' && mv package node_modules/glovebox`, directory);
  for (const name of installedWith(more)) {
    const [from, to] = [join(projectRoot, "node_modules", name), join(modules, name)];
    mkdirSync(dirname(to), { recursive: true });
    shell(`cp -al '${from}' '${to}' 2>/dev/null || cp -a '${from}' '${to}'`, directory);
  }
  symlinkSync("../glovebox/bin/glovebox.js", join(modules, ".bin", "glovebox"));
}

beforeAll(() => {
  expect(commands.slice(0, 2)).toEqual(["npm init -y", "npm install glovebox assemblyscript"]);
});

test("a tool written by following the README, outside of the checkout, is tested, built and run", {
  timeout: 240_000,
}, () => {
  const directory = temporaryDirectory();
  shell("npm init -y", directory);
  install(directory, ["assemblyscript"]);
  for (const [, name, text] of section.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/g)) {
    writeFileSync(join(directory, name ?? ""), text ?? "");
  }
  const outputs = commands.slice(2).map((command) => shell(command, directory));
  expect(outputs[1]).toContain("all as expected");
  expect(outputs[2]).toContain("can reach nothing");
  expect(outputs.at(-1)).toMatch(/completed[\s\S]*"?to"?/);
});

test("without a compiler, building says which package to install", { timeout: 240_000 }, () => {
  const directory = temporaryDirectory();
  install(directory, []);
  shell("npx glovebox tool new words", directory);
  expect(() => shell("npx glovebox tool build words 2>&1", directory)).toThrow(
    expect.objectContaining({ stdout: expect.stringContaining("npm install --save-dev assemblyscript") }),
  );
});
