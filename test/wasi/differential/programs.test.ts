// The same C programs on our host and, over a real directory, on preview2-shim and on Linux itself: same output, status and files.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createOverlay, type FileSystem, type Handle, memoryBase } from "../../../sandbox-fs/index.ts";
import { buildC, buildNative, clangMissing, instantiate, transpile } from "../support/components.ts";
import { manualClock, testWasi } from "../support/setup.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const programs = readdirSync(join(here, "programs")).filter((name) => name.endsWith(".c"));

/** Where preview2-shim 0.26 is known not to do what Linux does. Linux decides alone there. */
const SHIM_DEVIATES: Readonly<Record<string, string>> = {
  "append.c": "a second appending descriptor overwrites what the first one appended",
  "dotdot.c": "`..` is resolved lexically",
  "exclusive.c": "creating exclusively follows a dangling link",
  "odd-names.c": "a backslash separates directories",
  "open-modes.c": "pwrite through a read-only descriptor is a trap",
  "poll.c": "a file is not ready for reading",
  "times.c": "times set through a descriptor are milliseconds taken for seconds",
  "trailing-slash.c": "creating through a trailing slash makes a file",
};

/** Where Linux cannot be the judge. */
const LINUX_DEVIATES: Readonly<Record<string, string>> = {
  "abort.c": "abort is a signal, not a trap",
  "openat.c": "a directory descriptor is not a root there",
  "symlink-escape.c": "nothing keeps links inside",
  "symlink-write.c": "nothing keeps links inside",
  "symlink.c": "links to absolute paths can be made",
};

const INPUT = "the quick brown fox\njumps over\n\nthe lazy dog\n";
const STDIN = "first line\nsecond line\nlast, without an end";
const ENVIRONMENT = { GREETING: "hello", LANG: "C" };
const ARGUMENTS = ["program", "one", "two words", ""];

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: "ok" | "failed" | "trapped";
  /** Path -> content of a file, `-> target` of a link, `/` of a directory. */
  readonly tree: Readonly<Record<string, string>>;
}

const suite = clangMissing === null ? "C programs" : `C programs (skipped: ${clangMissing})`;

describe.skipIf(clangMissing !== null).concurrent(suite, () => {
  test.each(programs)("%s gives what it gives on preview2-shim and on Linux", async (name) => {
    const source = join(here, "programs", name);
    const glue = await transpile(await buildC(source));
    const ours = await onOurs(glue);
    if (!(name in SHIM_DEVIATES)) expect(ours).toEqual(await onShim(glue));
    if (!(name in LINUX_DEVIATES)) expect(ours).toEqual(await onLinux(await buildNative(source)));
  });
});

test("every program has a judge", () => {
  expect(programs.length).toBeGreaterThanOrEqual(40);
  expect(programs.filter((name) => name in SHIM_DEVIATES && name in LINUX_DEVIATES)).toEqual([]);
});

async function onOurs(glue: string): Promise<Result> {
  const clock = manualClock();
  const fs = createOverlay(memoryBase({ "input.txt": INPUT }), { clock: () => clock.now() });
  const wasi = testWasi({
    clock,
    preopens: [{ path: "/", fs, directory: fs.root }],
    environment: ENVIRONMENT,
    args: ARGUMENTS,
    stdin: new TextEncoder().encode(STDIN),
  });
  const program = await instantiate(glue, wasi.imports);
  const status = statusOf(
    () => program.run?.run?.(),
    () => wasi.failure?.data.status,
  );
  const result = { stdout: text(wasi.stdoutBytes()), stderr: text(wasi.stderrBytes()), status, tree: treeOf(fs) };
  wasi.dispose();
  return result;
}

function statusOf(run: () => unknown, exitStatus: () => unknown): Result["status"] {
  try {
    run();
    return "ok";
  } catch (thrown) {
    if (exitStatus() !== undefined) return exitStatus() === 0 ? "ok" : "failed";
    return thrown instanceof Error ? "trapped" : "failed";
  }
}

async function onShim(glue: string): Promise<Result> {
  const shim = join(here, "run-shim.ts");
  return await inDirectory((work) => [process.execPath, shim, glue, work, JSON.stringify(ENVIRONMENT), ...ARGUMENTS]);
}

async function onLinux(program: string): Promise<Result> {
  return await inDirectory(() => [program, ...ARGUMENTS.slice(1)], ARGUMENTS[0]);
}

/** Runs a command in a real directory with the input file in it. */
async function inDirectory(command: (work: string) => readonly string[], argv0?: string): Promise<Result> {
  const work = mkdtempSync(join(tmpdir(), "glovebox-differential-"));
  try {
    writeFileSync(join(work, "input.txt"), INPUT);
    const [program = "", ...args] = command(work);
    const child = spawn(program, args, { cwd: work, env: ENVIRONMENT, argv0 });
    child.stdin.on("error", () => {}); // most programs do not read it
    child.stdin.end(STDIN);
    const [stdout, stderr, [code]] = await Promise.all([all(child.stdout), all(child.stderr), once(child, "close")]);
    const status = code === 0 ? "ok" : code === 134 ? "trapped" : "failed";
    return { stdout, stderr, status, tree: realTreeOf(work) };
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function all(stream: Readable): Promise<string> {
  return text(Buffer.concat(await stream.toArray()));
}

function treeOf(fs: FileSystem): Record<string, string> {
  const tree: Record<string, string> = {};
  const visit = (directory: Handle, prefix: string): void => {
    for (const { name, type } of fs.list(directory)) {
      const path = `${prefix}${name}`;
      if (type === "symlink") tree[path] = `-> ${fs.readlink(directory, name)}`;
      else if (type === "directory") {
        tree[path] = "/";
        visit(fs.open(directory, name), `${path}/`);
      } else tree[path] = contentOf(fs, fs.open(directory, name));
    }
  };
  visit(fs.root, "");
  return tree;
}

function contentOf(fs: FileSystem, file: Handle): string {
  const bytes = new Uint8Array(Number(fs.stat(file).size));
  let length = 0;
  for (let count = -1; count !== 0; length += count) count = fs.read(file, bytes.subarray(length), BigInt(length));
  return text(bytes.subarray(0, length));
}

function realTreeOf(root: string, prefix = ""): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(join(root, prefix)).sort()) {
    const path = join(prefix, name);
    const stats = lstatSync(join(root, path));
    if (stats.isDirectory()) Object.assign(tree, { [path]: "/" }, realTreeOf(root, path));
    else
      tree[path] = stats.isSymbolicLink()
        ? `-> ${readlinkSync(join(root, path))}`
        : readFileSync(join(root, path), "latin1");
  }
  return tree;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
