// The crash explorer: commits a changeset on a simulated disk, stops before every call, lets every allowed outcome happen,
// recovers, and stops the recovery in the same way. What comes out must be the tree of before or of after.

import { createHash } from "node:crypto";
import type { Changeset } from "../../../sandbox-fs/changeset.ts";
import { commitChangeset } from "../../../sandbox-fs/commit/commit.ts";
import { recoverTree } from "../../../sandbox-fs/commit/recover.ts";
import { createOverlay, type Overlay } from "../../../sandbox-fs/index.ts";
import { type Tree, testClock } from "../support/trees.ts";
import { diskOf, HostBase, picture } from "./sim-base.ts";
import { type Disk, type Fate, ROOT } from "./sim-disk.ts";
import { type Call, SimHost } from "./sim-host.ts";

export interface Workload {
  readonly name: string;
  readonly tree: Tree;
  readonly change: (overlay: Overlay) => void;
}

export interface Effort {
  /** At most so many outcomes of one cut; all of them where there are no more. */
  readonly outcomes: number;
  /** At most so many outcomes of one cut whose recovery is cut in turn. */
  readonly deepOutcomes: number;
  readonly seed: number;
}

export interface Exploration {
  recoveries: number;
  calls: number;
}

const hash = (): ReturnType<typeof createHash> => createHash("sha256");

export class Explorer {
  readonly #workload: Workload;
  readonly #effort: Effort;
  readonly #changeset: Changeset;
  readonly #before: ReturnType<typeof picture>;
  readonly #after: ReturnType<typeof picture>;
  readonly #random: () => number;
  readonly result: Exploration = { recoveries: 0, calls: 0 };

  constructor(workload: Workload, effort: Effort) {
    this.#workload = workload;
    this.#effort = effort;
    this.#random = seeded(effort.seed);
    this.#changeset = changesetOf(workload);
    const disk = diskOf(workload.tree);
    this.#before = picture(disk.live);
    commitChangeset(new SimHost(disk), this.#changeset, hash);
    this.#after = picture(disk.live);
  }

  /** Every cut of the commit, and every cut of recoveries from it. Throws where a tree is neither. */
  run(): Exploration {
    const cuts: { disk: Disk; call: Call }[] = [];
    const disk = diskOf(this.#workload.tree);
    const host = new SimHost(disk, (call) => cuts.push({ disk: disk.copy(), call }));
    commitChangeset(host, this.#changeset, hash);
    this.result.calls = cuts.length;
    const either = [this.#before, this.#after];
    cuts.forEach(({ disk: at, call }, index) => {
      this.#explore(at, either, `${this.#workload.name}, cut before call ${index} (${call.call} ${call.name})`, 0);
    });
    this.#explore(disk, [this.#after], `${this.#workload.name}, cut after the end`, 0);
    return this.result;
  }

  #explore(disk: Disk, before: readonly ReturnType<typeof picture>[], what: string, depth: number): void {
    const allowed = isTrue(disk) ? [this.#after] : before;
    this.#recover(disk.killed(), allowed, `${what}, killed`, depth < 1);
    const losable = disk.losable();
    outcomes(
      losable.map(({ kind }) => kind === "write"),
      this.#effort.outcomes,
      this.#random,
    ).forEach((fates, number) => {
      const goesDeeper = depth === 0 && number < this.#effort.deepOutcomes;
      this.#recover(disk.cut(fates), allowed, `${what}, outcome ${number}: ${fates.join(" ")}`, goesDeeper);
    });
  }

  #recover(disk: Disk, allowed: readonly ReturnType<typeof picture>[], what: string, goesDeeper: boolean): void {
    const cuts: Disk[] = [];
    const host = new SimHost(disk, () => (goesDeeper ? cuts.push(disk.copy()) : 0));
    this.result.recoveries += 1;
    let outcome: string;
    try {
      outcome = recoverTree(host, hash);
    } catch (cause) {
      throw new Error(`${what}: recovery failed`, { cause });
    }
    const now = picture(disk.live);
    const told = outcome === "undone" ? [this.#before] : outcome === "finished" ? [this.#after] : allowed;
    const expected = told.filter((each) => allowed.includes(each));
    const match = expected.find(({ tree }) => tree === now.tree);
    if (match === undefined)
      throw new Error(
        `${what}: ${outcome}, but the tree is another\n${now.tree}\n-- not --\n${expected.map((e) => e.tree).join("\n-- nor --\n")}`,
      );
    if (outcome !== "nothing" && match.root !== now.root)
      throw new Error(`${what}: the root is ${now.root}, not ${match.root}`);
    if (recoverTree(new SimHost(disk.copy()), hash) !== "nothing")
      throw new Error(`${what}: a second recovery finds something`);
    cuts.forEach((cut, index) => {
      this.#explore(cut, allowed, `${what}, recovery cut before call ${index}`, 1);
    });
  }
}

/** Each call fails once, with an error of the host: what is left must be the tree of before, or a recovery makes it so. */
export function exploreFaults(workload: Workload, code: string): number {
  const changeset = changesetOf(workload);
  const start = diskOf(workload.tree);
  const before = picture(start.live);
  const end = diskOf(workload.tree);
  let calls = 0;
  commitChangeset(new SimHost(end, () => (calls += 1)), changeset, hash);
  const after = picture(end.live);
  for (let failing = 0; failing < calls; failing += 1) {
    const disk = diskOf(workload.tree);
    let number = -1;
    const host = new SimHost(disk, () => {
      number += 1;
      if (number === failing) throw Object.assign(new Error(code), { code });
    });
    const error = attempt(() => commitChangeset(host, changeset, hash));
    const recovery = recoverTree(new SimHost(disk), hash);
    const now = picture(disk.live);
    const wanted = error === null || recovery === "finished" ? after : before;
    if (now.tree !== wanted.tree)
      throw new Error(`${workload.name}: call ${failing} failed with ${code}: the tree is another\n${now.tree}`);
    const isUnknown = error !== null && "code" in error && error.code === "COMMIT_OUTCOME_UNKNOWN";
    if (error !== null && recovery === "finished" && !isUnknown)
      throw new Error(`${workload.name}: failed, but committed`);
  }
  return calls;
}

export function changesetOf({ tree, change }: Workload): Changeset {
  const base = new HostBase(new SimHost(diskOf(tree)));
  const overlay = createOverlay(base, { clock: testClock() });
  change(overlay);
  overlay.commit();
  if (base.changeset === null) throw new Error("a workload without changes");
  return base.changeset;
}

function attempt(work: () => unknown): Error | null {
  try {
    work();
    return null;
  } catch (thrown) {
    return thrown as Error;
  }
}

/** True when the commit is true for good: from then on nothing may be undone. */
function isTrue(disk: Disk): boolean {
  return [...(disk.durable.get(ROOT)?.entries.keys() ?? [])].some((name) => name.endsWith("-done"));
}

/** All combinations of fates where there are few, else the extremes and a seeded sample. */
function outcomes(isWrite: readonly boolean[], limit: number, random: () => number): Fate[][] {
  const total = isWrite.reduce((product, write) => product * (write ? 4 : 2), 1);
  if (total <= limit) return combinations(isWrite);
  const sample: Fate[][] = [isWrite.map(() => "lost"), isWrite.map(() => "kept")];
  for (let i = 0; sample.length < limit && i < isWrite.length; i += 1) {
    sample.push(
      isWrite.map((_, j) => (i === j ? "lost" : "kept")),
      isWrite.map((_, j) => (i === j ? "kept" : "lost")),
    );
  }
  while (sample.length < limit) sample.push(isWrite.map((write) => anyFate(write, random)));
  return sample.slice(0, limit);
}

function combinations(isWrite: readonly boolean[]): Fate[][] {
  const [first, ...rest] = isWrite;
  if (first === undefined) return [[]];
  const tails = combinations(rest);
  const fates: readonly Fate[] = first ? ["lost", "kept", "torn", "garbage"] : ["lost", "kept"];
  return fates.flatMap((fate) => tails.map((tail) => [fate, ...tail]));
}

function anyFate(isWrite: boolean, random: () => number): Fate {
  const fates: readonly Fate[] = isWrite ? ["lost", "kept", "torn", "garbage"] : ["lost", "kept"];
  return fates[Math.floor(random() * fates.length)] ?? "lost";
}

/** A small seeded generator (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
