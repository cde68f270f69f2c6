// How a child process is started with as little as it needs: Node's permission model, and no network of the kernel's where that can be had.
// It must not know what the child does. Node only.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { scriptPath } from "./script-path-node.ts";

export interface SandboxOptions {
  /** The script, beside this file, without its extension. */
  readonly script: string;
  /** What the child may read. */
  readonly readable: readonly string[];
  /** More flags of Node and V8. */
  readonly flags?: readonly string[];
  /** The heap of JavaScript; a guest's memory is bounded by its meter. */
  readonly heapMb?: number;
}

const HEAP_MB = 512;

/** Starts a child: no environment, no writes, no processes, no add-ons, no network. It speaks through its standard streams, and dies with the pipe 3. */
export function spawnSandboxed({ script, readable, flags = [], heapMb = HEAP_MB }: SandboxOptions): ChildProcess {
  const command = [
    ...networkNamespace(),
    process.execPath,
    "--permission",
    ...readable.map((path) => `--allow-fs-read=${path}`),
    "--allow-worker", // the thread that watches the parent; it has no more rights than the rest
    "--disallow-code-generation-from-strings",
    "--no-warnings",
    `--max-old-space-size=${heapMb}`,
    ...flags,
    scriptPath(script),
  ];
  const [program = "", ...args] = command;
  return spawn(program, args, { env: {}, stdio: ["pipe", "pipe", "ignore", "pipe"] });
}

/** As root, a namespace of users would take away the right to read the files of others. */
const AS_ROOT: readonly string[] = ["unshare", "--net", "--"];
const AS_USER: readonly string[] = ["unshare", "--user", "--net", "--"];

let found: readonly string[] | null = null;

/** The command that takes the network away from what follows it, by the kernel; empty where none works. Tried once in each process. */
export function networkNamespace(): readonly string[] {
  if (found === null) {
    const command = process.getuid?.() === 0 ? AS_ROOT : AS_USER;
    found = process.platform === "linux" && works(command) ? command : [];
  }
  return found;
}

function works([program = "", ...args]: readonly string[]): boolean {
  return spawnSync(program, [...args, "true"], { stdio: "ignore" }).status === 0;
}
