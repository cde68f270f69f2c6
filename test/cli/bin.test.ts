import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const BIN = join(import.meta.dirname, "../../bin/glovebox.js");

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-bin-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A copy of the command in a package that is not built, or whose build is `main`. */
function installed(main?: string): string {
  const directory = scratch();
  mkdirSync(join(directory, "bin"));
  cpSync(BIN, join(directory, "bin/glovebox.js"));
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  if (main !== undefined) {
    mkdirSync(join(directory, "dist/host/cli"), { recursive: true });
    writeFileSync(join(directory, "dist/host/cli/main.js"), main);
  }
  return join(directory, "bin/glovebox.js");
}

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...environment },
  });
  return { status, stdout, stderr };
}

test.each(["20.20.2", "12.22.0", "23.11.1"])("Node %s is told in one line what is needed", (version) => {
  const pretend = join(scratch(), "pretend.cjs");
  const versions = JSON.stringify({ node: version });
  writeFileSync(pretend, `Object.defineProperty(process, "versions", { value: ${versions} });`);
  expect(start(["--require", pretend, BIN, "--version"])).toEqual({
    status: 64,
    stdout: "",
    stderr: `glovebox: this is Node ${version}, and Node 24 or newer is needed (https://nodejs.org)\n`,
  });
});

test("a checkout that is not built says how to build it", () => {
  expect(start([installed()])).toEqual({
    status: 64,
    stdout: "",
    stderr: "glovebox: it is not built yet: run `npm run build` first\n",
  });
});

test("a build that cannot be loaded is one line, and a stack trace only for those who ask", () => {
  const broken = installed('import "./missing.js";');
  const plain = start([broken]);
  expect(plain.status).toBe(64);
  expect(plain.stderr).toMatch(/^glovebox: it could not be loaded: .+ \(set GLOVEBOX_DEBUG=1 for details\)\n$/);
  expect(start([broken], { GLOVEBOX_DEBUG: "1" }).stderr).toMatch(/\n {4}at /);
});
