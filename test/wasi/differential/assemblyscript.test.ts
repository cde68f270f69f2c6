// The standard tools, which are written in AssemblyScript, on our host and on preview2-shim over a real directory.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { expect, test } from "vitest";
import { createOverlay, memoryBase } from "../../../sandbox-fs/index.ts";
import { buildStandardTools } from "../../../tools-wasm/build.ts";
import { temporaryDirectory } from "../../support/tree.ts";
import { type Instantiate, instantiate, transpile } from "../support/components.ts";
import { testWasi } from "../support/setup.ts";
import { realTreeOf, treeOf } from "./hosts.ts";

const ROOT = join(import.meta.dirname, "../../..");
const FILE = "glovebox:std/file@0.1.0";

const glue = (async () => {
  await buildStandardTools(ROOT);
  return transpile(readFileSync(join(ROOT, "dist/tools/file.wasm")));
})();

type Call = readonly [action: string, ...args: readonly unknown[]];
type Guest = ReturnType<Instantiate>;

const write = (path: string, text: string): Call => ["write", `/project/${path}`, text];

const PROGRAMS: Readonly<Record<string, readonly Call[]>> = {
  "writes and reads": [
    write("a.txt", "one\ntwo\n"),
    ["read", "/project/a.txt"],
    ["read", "/project/a.txt", 1],
    ["readText", "/project/a.txt"],
    write("a.txt", "shorter"),
    ["append", "/project/a.txt", " and longer\n"],
    ["read", "/project/a.txt"],
    write("empty", ""),
    ["readText", "/project/empty"],
  ],
  "makes, lists and removes directories": [
    ["makeDirectory", "/project/d/e"],
    write("d/e/f.txt", "text"),
    write("new/g.txt", "text"),
    ["list", "/project", true],
    ["list", "/project/d"],
    ["remove", "/project/d"],
    ["remove", "/project/d", true],
    ["list", "/project", true],
  ],
  "copies and moves": [
    write("a.txt", "a"),
    ["copy", "/project/a.txt", "/project/b.txt"],
    ["copy", "/project/a.txt", "/project/b.txt"],
    ["move", "/project/b.txt", "/project/c/d.txt"],
    ["move", "/project/missing", "/project/x"],
    ["move", "/project/a.txt", "/project/c/d.txt", true],
    ["readText", "/project/c/d.txt"],
  ],
  "finds text": [
    write("a.txt", "an ERROR\nnothing\nERROR two\n"),
    write("d/b.txt", "nothing\n"),
    ["search", "/project", "ERR.R"],
    ["search", "/project", "noth", "*.txt", 1],
    ["search", "/project", "("],
  ],
  "fails as its contract says": [
    ["read", "/project/missing"],
    ["read", "/project"],
    ["list", "/project/missing"],
    ["remove", "/project/missing"],
    ["read", "/elsewhere/a.txt"],
    write("a.txt", "text"),
    write("a.txt/b.txt", "text"),
    ["list", "/project/a.txt"],
    ["read", `/project/${"x".repeat(300)}`],
  ],
};

/** What each call gave or failed with; a fresh instance for each, as calls have them. */
async function outcomes(calls: readonly Call[], start: () => Promise<Guest>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (const [action, ...args] of calls) {
    const exports = (await start())[FILE] ?? {};
    try {
      all.push([action, exports[action]?.(...args)]);
    } catch (thrown) {
      if (thrown instanceof Error && !("payload" in thrown)) throw thrown;
      all.push([action, "failed", thrown instanceof Error ? Reflect.get(thrown, "payload") : thrown]);
    }
  }
  return all;
}

test.each(Object.keys(PROGRAMS))(
  "AssemblyScript: a tool that %s gives what it gives on preview2-shim",
  async (name) => {
    const calls = PROGRAMS[name] ?? [];
    const compiled = await glue;
    const fs = createOverlay(memoryBase({}), { clock: () => 0n });
    const preopens = [{ path: "/project", fs, directory: fs.root }];
    const ours = await outcomes(calls, () => instantiate(compiled, testWasi({ preopens }).imports));
    const real = temporaryDirectory();
    const shim = new WASIShim({ sandbox: { preopens: { "/project": real }, env: {}, args: [] } }).getImportObject();
    expect(ours).toEqual(await outcomes(calls, () => instantiate(compiled, shim)));
    expect(treeOf(fs)).toEqual(realTreeOf(real));
    expect(ours.filter((outcome) => Array.isArray(outcome) && outcome.length === 2).length).toBeGreaterThan(0);
  },
);
