// C18: random operation lists here and on kernel OverlayFS, where mounting is possible: same errors, same merged tree.

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeBase } from "../../sandbox-fs/index.ts";
import { OverlayRunner } from "./support/on-overlay.ts";
import { type Operation, type Outcome, operation } from "./support/operations.ts";
import { scaled } from "./support/scale.ts";
import { dump, fastDirectory, overlayOver, type Tree } from "./support/trees.ts";

const TREE: Tree = {
  a: { a: "aa", b: { a: "aba", c: { link: "a" } }, d: {} },
  b: "bee",
  c: { link: "a/b" },
  d: { a: { b: "dab" }, link: { link: "nowhere" } },
};

const script = fileURLToPath(new URL("./support/kernel-overlay.ts", import.meta.url));
const canMount = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
if (!canMount) process.stdout.write("mounting is not possible here: nothing is compared with kernel OverlayFS\n");

/** A handle that was open before a copy-up shows the old file there: a known gap of the kernel's. */
const isComparable = ({ op }: Operation): boolean => !["open", "slotRead", "slotWrite", "slotClose"].includes(op);

interface Result {
  readonly outcomes: Outcome[];
  readonly dump: Record<string, string>;
}

/** A process that mounts for us, one list after the other. */
class Kernel {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;

  constructor(work: string) {
    const args = ["-m", process.execPath, script, work];
    this.#child = spawn("unshare", args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  async run(operations: readonly Operation[]): Promise<Result> {
    const answer = once(this.#lines, "line");
    const ended = once(this.#child, "exit").then(() => {
      throw new Error("the process that mounts has ended");
    });
    this.#child.stdin.write(`${JSON.stringify({ tree: TREE, operations })}\n`);
    const [line] = (await Promise.race([answer, ended])) as [string];
    return JSON.parse(line) as Result;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.stdin.end();
    await ended;
  }
}

function runHere(operations: readonly Operation[]): Result {
  const { path, dispose } = fastDirectory(TREE);
  try {
    const overlay = overlayOver(nodeBase(path));
    const runner = new OverlayRunner(overlay);
    const outcomes = operations.map((each) => JSON.parse(JSON.stringify(runner.run(each))) as Outcome);
    return { outcomes, dump: dump(overlay, { times: false, links: false }) };
  } finally {
    dispose();
  }
}

test.skipIf(!canMount)("C18: an overlay does what kernel OverlayFS does", async () => {
  const work = fastDirectory();
  const kernel = new Kernel(work.path);
  try {
    const lists = fc.array(operation.filter(isComparable), { minLength: 5, maxLength: 40 });
    const property = fc.asyncProperty(lists, async (operations) => {
      expect({ operations, ...runHere(operations) }).toEqual({ operations, ...(await kernel.run(operations)) });
    });
    await fc.assert(property, { numRuns: scaled(150) });
  } finally {
    await kernel.end();
    work.dispose();
  }
});
