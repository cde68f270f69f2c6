// The changes of a run whose steps may run side by side: each step's own, over what the steps that it waited for changed.
// It must not know how calls run.

import { GloveboxError } from "./errors.ts";
import type { RunFiles } from "./executor/run-files.ts";
import type { FileChange } from "./hooks.ts";
import type { CallPlace } from "./plan/tool-caller.ts";

/** The numbers of new nodes that each step has for itself: it never makes as many. */
const NODES_PER_STEP = 2 ** 30;

/** One step: the files as it sees them, and where its clock stands. */
export interface Branch {
  readonly step: number;
  readonly files: RunFiles;
  /** Nanoseconds that had passed for its guests when its last call ended. */
  elapsedNs: bigint;
}

interface Held extends Branch {
  /** One bit for each step whose changes it sees, its own included. */
  readonly seen: Uint32Array;
}

/** The branches of one run, by the number of their step. */
export class Branches {
  readonly #files: RunFiles;
  readonly #byStep = new Map<number, Held>();
  readonly #settled = new Set<Held>();
  /** The files before any branch was settled: what a step sees that waits for nothing. */
  #start: RunFiles | null = null;

  /** `files` are those that will be committed. */
  constructor(files: RunFiles) {
    this.#files = files;
  }

  /** Whether any step has a branch of its own. */
  get some(): boolean {
    return this.#byStep.size > 0;
  }

  /** The branch of a step: it sees what those that it waited for have seen and changed. Errors: CONFLICT_WRITE_WRITE, FsError of a quota. */
  of({ index, after }: CallPlace): Branch {
    const known = this.#byStep.get(index);
    if (known !== undefined) return known;
    const waited = (after ?? []).flatMap((step) => this.#byStep.get(step) ?? []);
    const seen = new Uint32Array((index >>> 5) + 1);
    for (const one of waited) for (const [at, word] of one.seen.entries()) add(seen, at, word);
    const nearest = waited.reduce<Held | null>(
      (best, one) => (best === null || one.step > best.step ? one : best),
      null,
    );
    this.#start ??= this.#files.fork(0);
    const files = (nearest?.files ?? this.#start).fork(0);
    for (const step of stepsIn(seen)) if (nearest === null || !has(nearest.seen, step)) this.#merge(files, step);
    add(seen, index >>> 5, 1 << (index & 31));
    let elapsedNs = 0n;
    for (const one of waited) if (one.elapsedNs > elapsedNs) elapsedNs = one.elapsedNs;
    const branch = { step: index, files: files.fork((index + 1) * NODES_PER_STEP), seen, elapsedNs };
    this.#byStep.set(index, branch);
    return branch;
  }

  /** Gives a step that is called later a branch of the files as they are now. */
  mark({ index }: CallPlace, elapsedNs: bigint): void {
    const seen = new Uint32Array((index >>> 5) + 1);
    add(seen, index >>> 5, 1 << (index & 31));
    this.#byStep.set(index, { step: index, files: this.#files.fork((index + 1) * NODES_PER_STEP), seen, elapsedNs });
  }

  /** What the steps before one changed, all together. Errors: as of `of`. */
  before(index: number): readonly FileChange[] {
    const files = this.#files.fork(0);
    for (const step of this.#steps()) if (step < index) this.#merge(files, step);
    return files.writable === null ? [] : files.asGuestSees(files.writable.diff({ text: true }));
  }

  /** Puts all changes that are not there yet into the files that will be committed. Errors: as of `of`. */
  settle(): void {
    for (const step of this.#steps()) {
      const branch = this.#byStep.get(step);
      if (branch === undefined || this.#settled.has(branch)) continue;
      this.#merge(this.#files, step);
      this.#settled.add(branch);
    }
  }

  #steps(): readonly number[] {
    return [...this.#byStep.keys()].sort((a, b) => a - b);
  }

  /** Steps that meet at a file are told apart from those that do not when they end; this stops what got past that. */
  #merge(files: RunFiles, step: number): void {
    const fork = this.#byStep.get(step)?.files.writable ?? null;
    if (files.writable === null || fork === null) return;
    const [path] = files.writable.merge(fork);
    if (path === undefined) return;
    const seen = files.asGuestSees([{ path, kind: "modified", type: "file" }])[0]?.path ?? path;
    const message = `step ${step + 1} of the plan and one that ran beside it both changed ${seen}`;
    const hint = "Let one of them need the other, or have them use different files.";
    throw new GloveboxError("CONFLICT_WRITE_WRITE", message, { hint, data: { path: seen } });
  }
}

function add(bits: Uint32Array, at: number, word: number): void {
  bits[at] = (bits[at] ?? 0) | word;
}

function has(bits: Uint32Array, step: number): boolean {
  return (((bits[step >>> 5] ?? 0) >>> (step & 31)) & 1) === 1;
}

function stepsIn(bits: Uint32Array): readonly number[] {
  return Array.from({ length: bits.length * 32 }, (_, step) => step).filter((step) => has(bits, step));
}
