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

const built = buildStandardTools(ROOT);

/** The standard tools that use files, each transpiled once. */
const glue = {
  file: transpiled("file"),
  config: transpiled("config"),
  archive: transpiled("archive"),
} as const;

async function transpiled(tool: string): Promise<string> {
  await built;
  return await transpile(readFileSync(join(ROOT, `dist/tools/${tool}.wasm`)));
}

/** `copy` is `file.copy`; those of other tools have their name before the dot. */
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
  "copies a tree bit by bit": [
    write("tree/a/b.txt", "b"),
    write("tree/c.txt", "c"),
    ["copy", "/project/tree/a/b.txt", "/project/copy/a/b.txt"],
    ["copy", "/project/tree", "/project/other"],
    ["copy", "/project/tree/c.txt", "/project/copy/c.txt", false],
    ["copy", "/project/tree/a/b.txt", "/project/copy/c.txt", true],
    ["list", "/project", true],
  ],
  "moves directories with what is in them": [
    write("from/x/y.txt", "y"),
    ["move", "/project/from", "/project/to"],
    ["move", "/project/to", "/project/to/inside"],
    ["makeDirectory", "/project/empty"],
    ["move", "/project/to", "/project/empty"],
    ["list", "/project", true],
  ],
  "appends to what is there, and what is not": [
    ["append", "/project/log", "one\n"],
    ["append", "/project/log", "two"],
    ["append", "/project/log", ""],
    ["append", "/project/missing/log", "x"],
    ["readText", "/project/log"],
    ["read", "/project/log", 1, 2],
  ],
  "tells what is there": [
    write("a.txt", "12345"),
    ["makeDirectory", "/project/d"],
    ["list", "/project"],
    ["list", "/project", true, "*.txt"],
    ["list", "/project/a.txt"],
    ["search", "/project/a.txt", "3"],
  ],
  "writes text of every script, and refuses what is none": [
    write("ünïcödé/日本/🌍.txt", "naïve\r\nline\u2028separator\n🌍"),
    ["read", "/project/ünïcödé/日本/🌍.txt"],
    ["readText", "/project/ünïcödé/日本/🌍.txt"],
    ["list", "/project", true],
    ["search", "/project", "🌍"],
  ],
  "handles a file of many chunks": [
    write("large.txt", "0123456789abcdef\n".repeat(20_000)),
    ["read", "/project/large.txt", 2, 19_999],
    ["copy", "/project/large.txt", "/project/copy.txt"],
    ["append", "/project/copy.txt", "end\n"],
    ["search", "/project/copy.txt", "^end$"],
  ],
  "removes what it may": [
    write("a.txt", "a"),
    write("d/b.txt", "b"),
    ["remove", "/project/a.txt"],
    ["remove", "/project/a.txt"],
    ["remove", "/project/d/"],
    ["remove", "/project/d", true],
    ["remove", "/project"],
    ["list", "/project", true],
  ],
  "sets what a file of settings says": [
    write("settings.json", '{ "a": 1, // kept\n  "b": [true] }\n'),
    ["config.set", "/project/settings.json", ["a"], { tag: "text", val: "two" }],
    ["config.set", "/project/settings.json", ["c", "d"], { tag: "boolean", val: false }],
    write("settings.yaml", "a: 1 # kept\nb:\n  c: x\n"),
    ["config.set", "/project/settings.yaml", ["b", "c"], { tag: "text", val: "y" }],
    ["config.set", "/project/missing.toml", ["a"], { tag: "text", val: "y" }],
    ["readText", "/project/settings.json"],
    ["readText", "/project/settings.yaml"],
  ],
  "packs a directory and unpacks it elsewhere": [
    write("in/a.txt", "a".repeat(3000)),
    write("in/d/b.txt", "b"),
    ["archive.pack", "/project/in", "/project/out.tar.gz"],
    ["archive.unpack", "/project/out.tar.gz", "/project/again"],
    ["archive.unpack", "/project/out.tar.gz", "/project/again"],
    ["archive.unpack", "/project/in/a.txt", "/project/x"],
    ["readText", "/project/again/d/b.txt"],
    ["list", "/project/again", true],
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
async function outcomes(
  calls: readonly Call[],
  start: (tool: keyof typeof glue) => Promise<Guest>,
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (const [action, ...args] of calls) {
    const [tool, name] = action.includes(".") ? action.split(".") : ["file", action];
    const exports = (await start(tool as keyof typeof glue))[`glovebox:std/${tool}@0.1.0`] ?? {};
    try {
      all.push([action, exports[name ?? ""]?.(...args)]);
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
    const fs = createOverlay(memoryBase({}), { clock: () => 0n });
    const preopens = [{ path: "/project", fs, directory: fs.root }];
    const ours = await outcomes(calls, async (tool) => instantiate(await glue[tool], testWasi({ preopens }).imports));
    const real = temporaryDirectory();
    const shim = new WASIShim({ sandbox: { preopens: { "/project": real }, env: {}, args: [] } }).getImportObject();
    expect(ours).toEqual(await outcomes(calls, async (tool) => instantiate(await glue[tool], shim)));
    expect(treeOf(fs)).toEqual(realTreeOf(real));
    expect(ours.filter((outcome) => Array.isArray(outcome) && outcome.length === 2).length).toBeGreaterThan(0);
  },
);
