// What becomes of runs that are kept: committed, discarded, recovered, by this process or another than began them.
// It must not know how a plan is executed, nor how tools are called.

import { createHash } from "node:crypto";
import { createOverlay, FsError, nodeBase, type Recovery } from "../sandbox-fs/index.ts";
import type { JsonValue } from "./contract/types.ts";
import { GloveboxError } from "./errors.ts";
import type { Listener } from "./hooks.ts";
import type { RunHeader } from "./journal/entries.ts";
import { hasEffects, type Past } from "./journal/past.ts";
import { endRun, runJournalled } from "./journalled-run.ts";
import { forgotten, keptChanges, requestOf, requireKept, staysKept } from "./kept-run-rules.ts";
import type { Approve } from "./plan/approval.ts";
import { CheckedPlan } from "./plan/checked-plan.ts";
import { withoutSteps } from "./plan/without-steps.ts";
import type { RunReport } from "./report.ts";
import type { World } from "./run-world-node.ts";
import { isApplied } from "./runs/applied.ts";
import type { OpenRun, RunStore } from "./runs/run-store-node.ts";

/** What kept runs need of the runtime. */
export interface RunHost {
  readonly now: () => number;
  readonly date: () => Date;
  /** Checks the plan of a run again, under its scope. Errors: WORKSPACE_INVALID, TOOL_CHANGED, PLAN_REJECTED, SCOPE_INVALID. */
  recheck(header: RunHeader): CheckedPlan;
  /** Opens the world of a run again. Errors: FsError when the changes do not fit the files any more. */
  reopen(run: OpenRun, header: RunHeader, checked: CheckedPlan, layer: Uint8Array | null): World;
  /** Runs another plan with everything else as it was, and commits it. Errors: as `Glovebox.run`. */
  runInstead(header: RunHeader, plan: JsonValue, options: ResumeOptions): Promise<RunReport>;
  /** Told how a run ended. */
  ended(header: RunHeader, report: RunReport): void;
  /** Finishes or undoes an interrupted commit to the workspace. Errors: RECOVERY_REQUIRED, WORKSPACE_LOCKED. */
  recoverWorkspace(): Recovery;
}

/** How a kept run is committed. */
export interface CommitOptions extends ResumeOptions {
  /** Steps to leave out, and with them all that depend on them: what is left is checked, and run again over the files that the run saw. */
  readonly without?: readonly string[];
}

/** What a person says about a call that waits. */
export interface Answer {
  readonly approved: boolean;
  /** Who says so, or why not. */
  readonly reason?: string;
  /** How long the answer may be made use of; default an hour. */
  readonly validSeconds?: number;
  /** Only write the answer down: whoever goes on with the run makes use of it. */
  readonly later?: boolean;
}

const HOUR_SECONDS = 3600;

/** How a run is gone on with. */
export interface ResumeOptions {
  readonly signal?: AbortSignal;
  readonly listeners?: readonly Listener[];
  readonly approve?: Approve;
}

interface Resumption extends ResumeOptions {
  readonly to: "commit" | "discard" | "recover";
  readonly refusal: GloveboxError | null;
  readonly stays?: (report: RunReport) => boolean;
  /** It stops before its commit again. */
  readonly review?: boolean;
  /** Its commit took place, though nobody wrote that down. */
  readonly committed?: boolean;
}

/** The kept runs of one runtime. */
export class KeptRuns {
  readonly #store: RunStore;
  readonly #host: RunHost;

  constructor(store: RunStore, host: RunHost) {
    this.#store = store;
    this.#host = host;
  }

  /** Commits a run that is kept, after what of it did not run yet. Errors: as `Glovebox.commitRun`. */
  async commit(name: string, { without = [], ...options }: CommitOptions = {}): Promise<RunReport> {
    return this.#with(name, async (run, past) => {
      requireKept(run, past, "committed");
      const checked = this.#host.recheck(past.header);
      this.#host.recoverWorkspace();
      const world = this.#worldWithChanges(run, past, checked);
      if (without.length === 0) {
        return this.#resume(run, checked, world, {
          ...options,
          to: "commit",
          refusal: null,
          stays: staysKept(checked),
        });
      }
      await world.close(); // it has shown that the files are those that the run saw
      return this.#commitPart(run, past, checked, without, options);
    });
  }

  /** Answers what a kept run waits for. Errors: as `Glovebox.approveRun`. */
  async approve(name: string, step: string, answer: Answer, options: ResumeOptions = {}): Promise<RunReport | null> {
    const { approved, reason, validSeconds = HOUR_SECONDS, later = false } = answer;
    const answered = await this.#with(name, async (run, past) => {
      requireKept(run, past, "approved");
      const { hash } = requestOf(run, past, step);
      const until = new Date(this.#host.date().getTime() + validSeconds * 1000).toISOString();
      run.journal.writeThrough({
        type: "approval",
        hash,
        approved,
        until,
        ...(reason === undefined ? {} : { reason }),
      });
      return null;
    });
    return later ? answered : this.#goOn(name, options);
  }

  /** Goes on with a run as it was begun: one that was begun for review stops before its commit again. */
  #goOn(name: string, options: ResumeOptions): Promise<RunReport> {
    return this.#with(name, async (run, past) => {
      const checked = this.#host.recheck(past.header);
      this.#host.recoverWorkspace();
      const world = this.#worldWithChanges(run, past, checked);
      const { review } = past.header;
      return this.#resume(run, checked, world, { ...options, to: "commit", refusal: null, review });
    });
  }

  /** Forgets what a kept run changed, and takes back what it did beyond the workspace. Errors: as `Glovebox.discardRun`. */
  async discard(name: string, options: ResumeOptions = {}): Promise<RunReport> {
    return this.#with(name, async (run, past) => {
      requireKept(run, past, "discarded");
      const refusal = new GloveboxError("CANCELLED", "the run was discarded");
      if (!hasEffects(past)) return this.#forget(run, past, refusal);
      return this.#undo(run, past, { ...options, to: "discard", refusal });
    });
  }

  /**
   * Ends a run that was interrupted: what it did beyond the workspace is taken back, unless its commit took place. Null when there is
   * nothing to do. Errors: as `Glovebox.recoverRun`.
   */
  async recover(name: string, options: ResumeOptions = {}): Promise<RunReport | null> {
    return this.#with(name, async (run, past) => {
      if (past.standing === "ended" || past.standing === "kept") return null;
      const refusal = new GloveboxError("RUN_INTERRUPTED", "the run was interrupted before it had come to its end");
      const committed = past.standing === "committed" || (past.standing === "committing" && this.#tookPlace(past));
      if (past.standing === "committing" && !committed) {
        run.journal.writeThrough({ type: "commit.failed", code: "RUN_INTERRUPTED" });
        if (past.stillKept) return null;
      }
      if (past.standing === "committing" && committed) run.journal.writeThrough({ type: "committed" });
      return this.#undo(run, past, { ...options, to: "recover", refusal, committed });
    });
  }

  async #with<Result extends RunReport | null>(
    name: string,
    work: (run: OpenRun, past: Past) => Promise<Result>,
  ): Promise<Result> {
    const run = this.#store.open(name);
    try {
      if (run.past === null) throw new GloveboxError("INTERNAL_ERROR", `the run ${run.id} has no past`);
      const report = await work(run, run.past);
      if (report !== null) this.#host.ended(run.past.header, report);
      return report;
    } finally {
      run.close();
    }
  }

  /** Runs what is left of a plan in place of a kept run, which is over when that is committed. */
  async #commitPart(
    run: OpenRun,
    past: Past,
    checked: CheckedPlan,
    without: readonly string[],
    options: ResumeOptions,
  ): Promise<RunReport> {
    if (hasEffects(past)) {
      throw new GloveboxError(
        "STATE_INVALID",
        "no step can be left out: the run has done things beyond the workspace",
        {
          hint: "Discard the run, which takes them back, and run the plan again without those steps.",
        },
      );
    }
    const { header } = past;
    const { plan, removed } = withoutSteps(header.plan, CheckedPlan.open(checked).steps, without);
    const report = await this.#host.runInstead(header, plan, options);
    if (report.committed) {
      this.#forget(
        run,
        past,
        new GloveboxError("CANCELLED", `committed without ${removed.map((id) => `step ${id}`).join(", ")}`),
      );
    }
    return report;
  }

  /** Goes through a run again without its changes, so that its compensations can run. */
  async #undo(run: OpenRun, past: Past, how: Resumption): Promise<RunReport> {
    const checked = this.#host.recheck(past.header);
    this.#host.recoverWorkspace();
    return this.#resume(run, checked, this.#host.reopen(run, past.header, checked, null), how);
  }

  async #resume(run: OpenRun, checked: CheckedPlan, world: World, how: Resumption): Promise<RunReport> {
    const { to, refusal, review = false, committed = false, signal, approve, stays, listeners = [] } = how;
    try {
      run.journal.writeThrough({ type: "resumed", to });
      return await runJournalled(checked, {
        run,
        world,
        now: this.#host.now,
        date: this.#host.date,
        listeners,
        review,
        recordBefore: run.past?.header.review === true,
        ...(stays === undefined ? {} : { stays }),
        refusal,
        committed,
        ...(signal === undefined ? {} : { signal }),
        ...(approve === undefined ? {} : { approve }),
      });
    } finally {
      await world.close();
    }
  }

  #worldWithChanges(run: OpenRun, past: Past, checked: CheckedPlan): World {
    const layer = keptChanges(run, past);
    try {
      return this.#host.reopen(run, past.header, checked, layer);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      const at = error.path === undefined ? "" : `: ${error.path}`;
      throw new GloveboxError("COMMIT_CONFLICT", `the files changed since the run was kept${at}; nothing was applied`, {
        hint: "Discard the run, and run the plan again over the files as they are now.",
        cause: error,
      });
    }
  }

  /** Errors: COMMIT_OUTCOME_UNKNOWN when the files tell neither. */
  #tookPlace(past: Past): boolean {
    const recovery = this.#host.recoverWorkspace();
    const files = createOverlay(nodeBase(past.header.workspace), { clock: () => 0n });
    try {
      const applied = isApplied(files, past.committing, () => createHash("sha256"));
      if (applied === "silent") return recovery !== "undone";
      if (applied !== "unclear") return applied === "yes";
    } finally {
      files.discard();
    }
    throw new GloveboxError(
      "COMMIT_OUTCOME_UNKNOWN",
      "whether the interrupted commit took place cannot be told: the files were changed since",
      { hint: "Look at the workspace and at `glovebox diff`; nothing was done." },
    );
  }

  /** Ends a run that did nothing beyond the workspace: no tool is needed for that. */
  #forget(run: OpenRun, { header }: Past, why: GloveboxError): RunReport {
    const report = forgotten(run, header, why);
    endRun(run, report, [], null);
    return report;
  }
}
