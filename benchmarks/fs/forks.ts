// What a transaction costs before anything is committed: fork, ten small writes, discard; renames; large files.

import * as fs from "node:fs";
import { createOverlay, nodeBase, type Overlay } from "../../sandbox-fs/index.ts";
import { atMost, type Figure, figure, interleave, percentile } from "../harness.ts";
import { fill, milliseconds, type Place, place } from "./trees.ts";

const FEW = 1000;
const GIGABYTE = 2 ** 30;
const clock = (): bigint => 1_700_000_000_000_000_000n;

export async function forkFigures(many: Place): Promise<Figure[]> {
  const few = place();
  try {
    fill(few.path, FEW);
    const [overMany, overFew] = [open(many.path), open(few.path)];
    const work = { many: () => forkAndDiscard(overMany), few: () => forkAndDiscard(overFew) };
    const times = await interleave(work, { samples: 300, warmup: 50 });
    const ours = percentile(times.many, 50);
    return [
      figure("fork + 10 writes + discard, 100,000 files (p50)", ours, "ms", atMost(1)),
      figure("the same, p99", percentile(times.many, 99), "ms"),
      figure("the same, against 1,000 files", ours / percentile(times.few, 50), "x", atMost(1.5)),
      ...compared(many, ours),
      ...(await renameFigures()),
    ];
  } finally {
    few.dispose();
  }
}

/** One byte into a sparse gigabyte: what is held, and how long it takes. */
export async function largeFileFigures(): Promise<Figure[]> {
  const { path, dispose } = place();
  try {
    fs.closeSync(fs.openSync(`${path}/large`, "w"));
    fs.truncateSync(`${path}/large`, GIGABYTE);
    let held = 0;
    const work = (): void => {
      const overlay = open(path);
      const handle = overlay.open(overlay.root, "large", { write: true });
      overlay.write(handle, Uint8Array.of(1), BigInt(GIGABYTE / 2));
      held = overlay.writtenBytes;
      overlay.discard();
    };
    const { work: times } = await interleave({ work }, { samples: 50 });
    return [
      figure("one byte into 1 GB: held", held / 1024, "KiB", atMost(64)),
      figure("one byte into 1 GB: time", percentile(times, 50), "ms"),
    ];
  } finally {
    dispose();
  }
}

async function renameFigures(): Promise<Figure[]> {
  const { path, dispose } = place();
  try {
    for (const [name, count] of [
      ["large", 10_000],
      ["small", 10],
    ] as const) {
      fs.mkdirSync(`${path}/${name}`);
      for (let i = 0; i < count; i += 1) fs.writeFileSync(`${path}/${name}/f${i}`, "");
    }
    const overlay = open(path);
    const rename = (name: string) => (): void => {
      const fork = overlay.fork();
      fork.rename(fork.root, name, fork.root, "renamed");
      fork.discard();
    };
    const times = await interleave({ large: rename("large"), small: rename("small") }, { samples: 300, warmup: 50 });
    return [
      figure("rename a directory of 10,000 files", percentile(times.large, 50) * 1000, "us"),
      figure(
        "the same, against one of 10 files",
        percentile(times.large, 50) / percentile(times.small, 50),
        "x",
        atMost(1.5),
      ),
    ];
  } finally {
    dispose();
  }
}

function open(path: string): Overlay {
  return createOverlay(nodeBase(path), { clock });
}

function forkAndDiscard(overlay: Overlay): void {
  const fork = overlay.fork();
  for (let i = 0; i < 10; i += 1) {
    const path = i % 2 === 0 ? `d${i}/f${i * 100}` : `d${i}/new`;
    const handle = fork.open(fork.root, path, { write: true, create: true });
    fork.write(handle, new Uint8Array(100), 0n);
    fork.close(handle);
  }
  fork.discard();
}

/** The same with the means of a shell: a copy, a git worktree, a mount of kernel OverlayFS; each once, without the writes. */
function compared(many: Place, ours: number): Figure[] {
  const git = ["-c", "user.name=b", "-c", "user.email=b@b", "-C", many.path];
  const copy = milliseconds("cp", ["-a", many.path, `${many.path}-copy`]);
  milliseconds("rm", ["-rf", `${many.path}-copy`]);
  milliseconds("git", [...git, "init", "-q"]);
  milliseconds("git", [...git, "add", "-A"]);
  milliseconds("git", [...git, "commit", "-q", "-m", "all"]);
  const worktree = milliseconds("git", [...git, "worktree", "add", "-q", `${many.path}-tree`]);
  milliseconds("rm", ["-rf", `${many.path}-tree`]);
  const mount = `mkdir -p /tmp/gb-o/u /tmp/gb-o/w /tmp/gb-o/m && mount -t overlay overlay -o lowerdir=${many.path},upperdir=/tmp/gb-o/u,workdir=/tmp/gb-o/w /tmp/gb-o/m`;
  const kernel = milliseconds("unshare", ["-m", "sh", "-c", mount]);
  milliseconds("rm", ["-rf", "/tmp/gb-o"]);
  const others = { "cp -a": copy, "git worktree add": worktree, "mounting kernel OverlayFS": kernel };
  return Object.entries(others).flatMap(([name, time]) =>
    time === null ? [] : [figure(`${name}, against ours`, time / ours, "x")],
  );
}
