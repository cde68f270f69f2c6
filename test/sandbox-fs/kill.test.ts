// D3, D4: real processes, killed or failed by strace at their N-th rename, link, unlink, fsync or mkdir.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { recover } from "../../sandbox-fs/index.ts";
import { WORKLOADS } from "./sim/workloads.ts";
import { dumpReal, temporaryDirectory } from "./support/trees.ts";

const script = fileURLToPath(new URL("./support/commit-once.ts", import.meta.url));
const canInject = spawnSync("strace", ["-qq", "-e", "inject=rename:signal=KILL:when=1", "true"]).status === 0;
const LIMIT = 200;

interface Run {
  readonly killed: boolean;
  readonly failed: boolean;
}

function run(directory: string, workload: number, calls: string, inject: string): Run {
  const args = ["-f", "-qq", "-o", "/dev/null", "-e", `trace=${calls}`, "-e", `inject=${calls}:${inject}`];
  const { signal, status } = spawnSync("strace", [...args, process.execPath, script, directory, String(workload)]);
  return { killed: signal === "SIGKILL" || status === 137, failed: status !== 0 };
}

function exactly(root: string): Record<string, string> {
  const times = fs.readdirSync(root, { recursive: true }).map((name) => {
    return [`${name} ns`, String(fs.lstatSync(`${root}/${name}`, { bigint: true }).mtimeNs)];
  });
  const own = String(fs.statSync(root, { bigint: true }).mtimeNs);
  return { ...dumpReal(root), ". ns": own, ...Object.fromEntries(times) };
}

function outcomes(workload: number, call: string, action: string, step: number): Record<string, number> {
  const tree = WORKLOADS[workload]?.tree ?? {};
  const counts: Record<string, number> = {};
  const untouched = temporaryDirectory(tree);
  expect(spawnSync(process.execPath, [script, untouched.path, String(workload)]).status).toBe(0);
  const after = dumpReal(untouched.path);
  untouched.dispose();
  for (let when = 1; when < LIMIT; when += step) {
    const { path, dispose } = temporaryDirectory(tree);
    const before = exactly(path);
    const { killed, failed } = run(path, workload, call, `${action}:when=${when}`);
    const recovery = recover(path);
    const isBefore = JSON.stringify(exactly(path)) === JSON.stringify(before);
    const isAfter = JSON.stringify(dumpReal(path)) === JSON.stringify(after);
    const [result] = [isBefore ? "before" : "", isAfter ? "after" : ""].filter((each) => each !== "");
    if (result === undefined)
      throw new Error(
        `${call} ${when}: ${recovery}, and the tree is neither\n${JSON.stringify(dumpReal(path), null, 1)}`,
      );
    if (!failed && result !== "after") throw new Error(`${call} ${when}: it said that it had committed`);
    counts[result] = (counts[result] ?? 0) + 1;
    dispose();
    if (!killed && !failed) return counts;
  }
  throw new Error("it never ran to its end");
}

if (!canInject)
  process.stdout.write("strace is not here, or may not be used: no real process is killed in the middle of a call\n");

for (const [call, step] of [
  ["rename", 2],
  ["link", 1],
  ["unlink,rmdir,unlinkat", 4],
  ["mkdir", 2],
  ["fsync", 6],
] as const) {
  test.skipIf(!canInject)(
    `D3: killed at its N-th ${call}, a directory is what it was, to the nanosecond, or what it was to be`,
    () => {
      const counts = outcomes(2, call, "signal=KILL", step);
      expect(counts.after).toBeGreaterThan(0);
    },
  );
}

test.skipIf(!canInject)("D4: an error at the N-th rename or fsync leaves what was there", () => {
  expect(outcomes(2, "rename", "error=EIO", 4).before).toBeGreaterThan(0);
  expect(outcomes(2, "fsync", "error=ENOSPC", 9).before).toBeGreaterThan(0);
});
