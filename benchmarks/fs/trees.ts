// Directories to measure on, and the shell commands that ours is compared with.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";

/** How many files the large directory has. */
export const MANY = 100_000;

const PER_DIRECTORY = 100;

export interface Place {
  readonly path: string;
  dispose(): void;
}

export function place(): Place {
  const path = fs.mkdtempSync(`${tmpdir()}/glovebox-bench-`);
  return { path, dispose: () => fs.rmSync(path, { recursive: true, force: true }) };
}

/** `count` small files below `path`, a hundred in each directory. */
export function fill(path: string, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const directory = `${path}/d${Math.floor(i / PER_DIRECTORY)}`;
    if (i % PER_DIRECTORY === 0) fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(`${directory}/f${i}`, `file ${i}\n`);
  }
}

/** Null where the command is not there or may not do it. */
export function milliseconds(command: string, args: readonly string[]): number | null {
  try {
    const start = process.hrtime.bigint();
    execFileSync(command, args, { stdio: "ignore" });
    return Number(process.hrtime.bigint() - start) / 1e6;
  } catch {
    return null;
  }
}
