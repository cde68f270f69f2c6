// Commits in a mount namespace of its own, and prints what came of it as JSON: node mounted.ts DIRECTORY CASE.
// It must run below `unshare -m`: what it mounts must be seen by nobody else.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { type CommitError, nodeBase, recover } from "../../../sandbox-fs/index.ts";
import { put } from "../sim/workloads.ts";
import { dumpReal, overlayOver } from "./trees.ts";

const [directory = "", name = ""] = process.argv.slice(2);

/** What is mounted, and what is changed then. */
const CASES: Readonly<Record<string, { mount: () => void; paths: readonly string[]; bytes?: number }>> = {
  device: { mount: () => mount("-t", "tmpfs", "none", `${directory}/d`), paths: ["a", "d/new"] },
  bind: { mount: () => mount("--bind", `${directory}/e`, `${directory}/d`), paths: ["a", "d/new"] },
  beside: { mount: () => mount("-t", "tmpfs", "none", `${directory}/d`), paths: ["a", "e/new"] },
  "read-only": { mount: readOnly, paths: ["a"] },
  small: { mount: small, paths: ["a", "b", "n1", "n2"], bytes: 400_000 },
};

const chosen = CASES[name];
if (chosen === undefined) throw new Error(`no case ${name}`);
chosen.mount();
const before = JSON.stringify(dumpReal(directory));
const overlay = overlayOver(nodeBase(directory));
for (const path of chosen.paths) put(overlay, path, "x".repeat(chosen.bytes ?? 10));
const failure = attempt();
const result = {
  code: failure?.code ?? null,
  path: failure?.path ?? null,
  message: failure?.message ?? "",
  isUntouched: JSON.stringify(dumpReal(directory)) === before,
  exported: failure === null ? 0 : overlay.export().length,
  recovery: recover(directory),
  thenCommitted: failure === null ? null : lessIsCommitted(),
};
process.stdout.write(JSON.stringify(result));

function attempt(): CommitError | null {
  try {
    overlay.commit();
    return null;
  } catch (thrown) {
    return thrown as CommitError;
  }
}

/** The same overlay with less in it: a failure must not have ended it. */
function lessIsCommitted(): boolean {
  for (const path of chosen?.paths.slice(1) ?? []) overlay.unlink(overlay.root, path);
  return attempt() === null;
}

function mount(...args: string[]): void {
  execFileSync("mount", args);
}

function readOnly(): void {
  mount("--bind", directory, directory);
  mount("-o", "remount,ro,bind", directory);
}

function small(): void {
  mount("-t", "tmpfs", "-o", "size=1m", "none", directory);
  for (const name of ["a", "b"]) fs.writeFileSync(`${directory}/${name}`, "first");
}
