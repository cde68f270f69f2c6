// When each step of a run starts: as soon as those that it waits for have ended, and no more at once than the run allows.
// It must not decide what the end of a step means.

import type { GloveboxError } from "../../errors.ts";
import { needsApproval } from "../../scope/approve.ts";
import { isExternal } from "../effects.ts";
import type { Run, StepRecord } from "./run.ts";

/** Runs one step; gives the error that ends the plan, and null when the plan goes on. Never rejects. */
export type RunOne = (record: StepRecord, signal: AbortSignal) => Promise<GloveboxError | null>;

interface Started {
  readonly controller: AbortController;
  readonly ended: Promise<GloveboxError | null>;
}

/** The steps of a run, started side by side, and awaited in the order of the plan. */
export class Schedule {
  readonly #run: Run;
  readonly #runOne: RunOne;
  readonly #started = new Map<number, Started>();
  readonly #running = new Set<Promise<unknown>>();
  /** How many of the steps that each one waits for have not ended. */
  readonly #missing: number[];
  readonly #waiting: readonly number[][];
  /** What may start, in the order of the plan. */
  readonly #ready: number[];
  /** The first step that ended the plan: none after it may start. */
  #last = Number.POSITIVE_INFINITY;

  constructor(run: Run, runOne: RunOne) {
    this.#run = run;
    this.#runOne = runOne;
    const { waits } = run.order;
    this.#missing = waits.map(({ length }) => length);
    const waiting: number[][] = waits.map(() => []);
    for (const [step, list] of waits.entries()) for (const wait of list) waiting[wait]?.push(step);
    this.#waiting = waiting;
    this.#ready = [...this.#missing.entries()].flatMap(([step, missing]) => (missing === 0 ? [step] : []));
  }

  get #most(): number {
    return this.#run.options.atOnce ?? 1;
  }

  /** How a step ended. To be asked in the order of the plan, when all steps before it stand. */
  async ended(index: number): Promise<GloveboxError | null> {
    while (!this.#started.has(index) && this.#running.size >= this.#most) await Promise.race(this.#running);
    this.#start(index);
    this.#fill();
    return (await this.#started.get(index)?.ended) ?? null;
  }

  /** Stops the steps after this one, and waits until they have stopped. */
  async stopAfter(index: number): Promise<void> {
    this.#last = Math.min(this.#last, index);
    const later = [...this.#started].filter(([step]) => step > index);
    for (const [, { controller }] of later) controller.abort();
    await Promise.all(later.map(([, { ended }]) => ended));
  }

  /** Starts ahead what may start, the first of the plan first. */
  #fill(): void {
    if (this.#most === 1) return;
    for (const step of [...this.#ready]) {
      if (this.#running.size >= this.#most || step > this.#last) return;
      const record = this.#run.records[step];
      if (record !== undefined && !this.#isAlone(record)) this.#start(step);
    }
  }

  /** What reaches beyond the overlay, and what a person is asked about, waits until all before it stands. */
  #isAlone({ checked: { action } }: StepRecord): boolean {
    return isExternal(action) || needsApproval(this.#run.content.authority, action.name);
  }

  #start(step: number): void {
    const record = this.#run.records[step];
    if (record === undefined || this.#started.has(step)) return;
    this.#ready.splice(this.#ready.indexOf(step), 1);
    const controller = new AbortController();
    const signal = AbortSignal.any([this.#run.signal, controller.signal]);
    const ended = this.#runOne(record, signal).then((failure) => {
      this.#running.delete(ended);
      this.#end(step, failure);
      return failure;
    });
    this.#running.add(ended);
    this.#started.set(step, { controller, ended });
  }

  #end(step: number, failure: GloveboxError | null): void {
    if (failure !== null) {
      this.#last = Math.min(this.#last, step);
      for (const [later, { controller }] of this.#started) if (later > step) controller.abort();
      return;
    }
    const freed = (this.#waiting[step] ?? []).filter((waiting) => {
      this.#missing[waiting] = (this.#missing[waiting] ?? 0) - 1;
      return this.#missing[waiting] === 0;
    });
    if (freed.length > 0) this.#ready.push(...freed);
    if (freed.length > 0) this.#ready.sort((a, b) => a - b);
    this.#fill();
  }
}
