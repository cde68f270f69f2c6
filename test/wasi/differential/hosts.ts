// Runs one program on our host, on preview2-shim and on Linux, from the same start, and tells all that it left behind.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createOverlay, type FileSystem, type Handle, memoryBase } from "../../../sandbox-fs/index.ts";
import { instantiate } from "../support/components.ts";
import { manualClock, testWasi } from "../support/setup.ts";

const here = import.meta.dirname;
const INPUT = "the quick brown fox\njumps over\n\nthe lazy dog\n";
const STDIN = "first line\nsecond line\nlast, without an end";
const ENVIRONMENT = { GREETING: "hello", LANG: "C" };
const ARGUMENTS = ["program", "one", "two words", ""];

/** All that a program leaves behind. */
export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: "ok" | "failed" | "trapped";
  /** Path -> content of a file, `-> target` of a link, `/` of a directory. */
  readonly tree: Readonly<Record<string, string>>;
}

/** On our host, over an overlay in memory. */
export async function onOurs(glue: string, args: readonly string[] = ARGUMENTS): Promise<Result> {
  const clock = manualClock();
  const fs = createOverlay(memoryBase({ "input.txt": INPUT }), { clock: () => clock.now() });
  const wasi = testWasi({
    clock,
    preopens: [{ path: "/", fs, directory: fs.root }],
    environment: ENVIRONMENT,
    args,
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

/** On preview2-shim, over a real directory. */
export async function onShim(glue: string, args: readonly string[] = ARGUMENTS): Promise<Result> {
  const shim = join(here, "run-shim.ts");
  return await inDirectory((work) => [process.execPath, shim, glue, work, JSON.stringify(ENVIRONMENT), ...args]);
}

/** Why nothing can be run on Wasmtime here; null when it can. */
export const wasmtimeMissing: string | null =
  process.env.GLOVEBOX_WASMTIME_PYTHON === undefined
    ? "GLOVEBOX_WASMTIME_PYTHON names no Python that has the wheel `wasmtime`"
    : null;

/** A component on Wasmtime, over a real directory. */
export async function onWasmtime(component: Uint8Array, args: readonly string[] = ARGUMENTS): Promise<Result> {
  const python = process.env.GLOVEBOX_WASMTIME_PYTHON ?? "python3";
  const directory = mkdtempSync(join(tmpdir(), "glovebox-wasmtime-"));
  const path = join(directory, "program.wasm");
  writeFileSync(path, component);
  const command = [python, join(here, "run-wasmtime.py"), path];
  try {
    return await inDirectory((work) => [...command, work, JSON.stringify(ENVIRONMENT), ...args]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A native program on this machine, in a real directory. */
export async function onLinux(program: string): Promise<Result> {
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

/** Everything in a filesystem of ours. */
export function treeOf(fs: FileSystem): Record<string, string> {
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

/** Everything in a directory of this machine. */
export function realTreeOf(root: string, prefix = ""): Record<string, string> {
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
