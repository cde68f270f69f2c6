// A commit of a thousand changed files, against copying the same files with one fsync each; and one of a hundred thousand.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { createOverlay, nodeBase } from "../../sandbox-fs/index.ts";
import { atMost, type Figure, figure, percentile } from "../harness.ts";
import { fill, MANY, type Place, place } from "./trees.ts";

const FILES = 1000;
const ROUNDS = 7;
const clock = (): bigint => 1_700_000_000_000_000_000n;

export function commitFigures(): Figure[] {
  const { path, dispose } = place();
  try {
    fs.mkdirSync(`${path}/base`);
    fill(`${path}/base`, FILES);
    const times = { full: [] as number[], fast: [] as number[], copy: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      times.copy.push(copyWithSync(`${path}/base`, `${path}/copy${round}`));
      times.full.push(commit(`${path}/base`, `full ${round}`, "full"));
      times.fast.push(commit(`${path}/base`, `fast ${round}`, "fast"));
    }
    const [full, fast, copy] = [times.full, times.fast, times.copy].map((each) =>
      percentile(
        each.sort((a, b) => a - b),
        50,
      ),
    );
    if (full === undefined || fast === undefined || copy === undefined) return [];
    return [
      figure("commit of 1,000 changed files", full, "ms"),
      figure("the same, against cp -a and one fsync each", full / copy, "x", atMost(2)),
      figure("the same with fast durability", fast / copy, "x"),
    ];
  } finally {
    dispose();
  }
}

/** Memory is the most that the process ever took on top of what it had when the overlay was made. */
export function largeCommitFigures({ path }: Place): Figure[] {
  const script = fileURLToPath(new URL("./large-commit.ts", import.meta.url));
  const printed = execFileSync(process.execPath, [script, path, String(MANY)], { encoding: "utf8" });
  const { seconds, bytesPerFile } = JSON.parse(printed) as { seconds: number; bytesPerFile: number };
  return [
    figure("commit of 100,000 changed files, fast durability", seconds, "s"),
    figure("the same: memory per changed file, the overlay's too", bytesPerFile / 1024, "KiB", atMost(16)),
  ];
}

function commit(path: string, text: string, durability: "full" | "fast"): number {
  const overlay = createOverlay(nodeBase(path), { clock });
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < FILES; i += 1) {
    const handle = overlay.open(overlay.root, `d${Math.floor(i / 100)}/f${i}`, { write: true, truncate: true });
    overlay.write(handle, bytes, 0n);
    overlay.close(handle);
  }
  const start = process.hrtime.bigint();
  overlay.commit({ durability });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function copyWithSync(from: string, to: string): number {
  const start = process.hrtime.bigint();
  execFileSync("cp", ["-a", from, to]);
  for (let i = 0; i < FILES; i += 1) {
    const fd = fs.openSync(`${to}/d${Math.floor(i / 100)}/f${i}`, "r");
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }
  return Number(process.hrtime.bigint() - start) / 1e6;
}
