// The library as those see it who embed it: what it is opened with, and what it can be asked. Types only.
// It must not know how any of it is done.

import type { Action } from "./contract/types.ts";
import type { PoolOptions } from "./executor/process-node.ts";
import type { Listener } from "./hooks.ts";
import type { Answer, CommitOptions, ResumeOptions } from "./kept-runs-node.ts";
import type { NetworkOptions } from "./network/open-node.ts";
import type { Approve } from "./plan/approval.ts";
import type { PlanOutline } from "./plan/outline.ts";
import type { Suggestion } from "./plan/suggest.ts";
import type { ReplayReport } from "./replay-run-node.ts";
import type { CheckReport, RunReport } from "./report.ts";
import type { ToolLock } from "./tool-lock.ts";
import type { ToolSource } from "./toolbox-node.ts";

export interface GloveboxOptions {
  /** The directory that plans may be allowed to change. */
  readonly workspace: string;
  /** Tools besides the standard ones: component files, directories of them, or bytes. */
  readonly tools?: readonly ToolSource[];
  /** The added tools as they were when someone looked at them (`Glovebox.toolLock` then): others are refused. */
  readonly toolLock?: ToolLock;
  /** `process` (default): calls run in a child process that can be killed. `inline`: in this thread, bounded by fuel alone. */
  readonly executor?: "inline" | "process";
  /** The child processes of the executor `process`: how many are kept, started ahead, and when they are replaced. */
  readonly processes?: PoolOptions;
  /** Where compiled tools are kept; default `glovebox` in the user's cache directory. */
  readonly cacheDirectory?: string;
  readonly listeners?: readonly Listener[];
  /** `full` (default): what was committed survives power loss. `fast`: the death of the process only. */
  readonly durability?: "full" | "fast";
  /**
   * `writes` (default): a commit is refused when something that it changes has changed meanwhile. `serializable`: also when
   * something of the workspace has that a call of the run looked at, unless that call failed.
   */
  readonly isolation?: "writes" | "serializable";
  /** 64 hex digits that random numbers are made from; default: the hash of the plan. */
  readonly seed?: string;
  /** How requests of tools leave. Which may, scopes decide. */
  readonly network?: NetworkOptions;
  /** What guests see as the time of a run's start, in nanoseconds since the epoch; default: the time of its start. */
  readonly startTime?: bigint;
  /** Where runs and the ledger of trust are kept; default `glovebox` in the user's state directory. */
  readonly stateDirectory?: string;
}

/** A plan or a scope: the text of a JSON or YAML file, or data. `directory` is what relative paths of a scope start at; default: that of `file`. */
export type Source =
  | { readonly file: string; readonly text: string }
  | { readonly value: unknown; readonly directory?: string };

export interface CheckOptions {
  /** The values of the plan's inputs, by name. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Whose plan it is: in a scope with trust levels, what that agent has earned there holds; without a name, the lowest level. */
  readonly agent?: string;
}

export interface RunOptions extends CheckOptions {
  /** Run and report the changes, then discard them. */
  readonly dryRun?: boolean;
  /** Stop before the commit, and keep the run until `commitRun` or `discardRun`, in this process or another. */
  readonly review?: boolean;
  /** Asked before each call that the scope wants approved. Without it, the run is kept there until `approveRun`. */
  readonly approve?: Approve;
  /** Keep a journal of the run, as is always done for plans with effects beyond the workspace, and for review. */
  readonly record?: boolean;
  /** Aborting it stops the run and rolls it back. */
  readonly signal?: AbortSignal;
  readonly listeners?: readonly Listener[];
}

/** Runs plans over one workspace. */
export interface Glovebox {
  readonly actions: readonly Action[];
  /** What the added tools are now: data to keep, and to open the next runtime with. */
  readonly toolLock: ToolLock;
  /** Everything that is wrong with a plan. Errors: SCOPE_INVALID when the scope itself is. */
  check(plan: Source, scope: Source, options?: CheckOptions): CheckReport;
  /** Checks a plan and, when it is accepted, runs it. Errors: those of `check`, WORKSPACE_INVALID, RECOVERY_REQUIRED, JOURNAL_FAILED. A plan that fails is a report, not an error. */
  run(plan: Source, scope: Source, options?: RunOptions): Promise<RunReport>;
  /** What each step of a plan may reach and take; without a scope, of what it asks for. Errors: as of `check`. */
  outline(plan: Source, scope?: Source, options?: CheckOptions): PlanOutline;
  /**
   * Tries a plan over the overlay, discards what it did, and gives the smallest scope that lets it do the same. It may do what `scope` allows;
   * without one, read and write the workspace as /project, and nothing else. Errors: as of `run`.
   */
  suggest(plan: Source, scope?: Source, options?: CheckOptions): Promise<Suggestion>;
  /**
   * Commits a run that is kept, after what of it has not run yet. Errors: RUN_NOT_FOUND; STATE_INVALID when it is not kept, belongs to another
   * workspace, or another process works on it; COMMIT_CONFLICT when the files changed since (it stays kept); TOOL_CHANGED, JOURNAL_FAILED; with `without`,
   * REFERENCE_INVALID, PLAN_REJECTED, and STATE_INVALID for a run that did things beyond the workspace.
   */
  commitRun(run: string, options?: CommitOptions): Promise<RunReport>;
  /**
   * Answers what a kept run waits for, and goes on with it, to its end or to where it waits again; null when it is to be gone on with later.
   * The answer is bound to the very call that was shown: its plan, step, arguments and tool. Errors: those of `commitRun`; STATE_INVALID when
   * the run does not wait for this step.
   */
  approveRun(run: string, step: string, answer: Answer, options?: ResumeOptions): Promise<RunReport | null>;
  /** Forgets what a kept run changed, and takes back what it did beyond the workspace. Errors: those of `commitRun` but COMMIT_CONFLICT. */
  discardRun(run: string, options?: ResumeOptions): Promise<RunReport>;
  /**
   * Ends a run that was interrupted, by taking back what it did, unless its commit took place. Null when there is nothing to do.
   * Errors: those of `discardRun`; COMMIT_OUTCOME_UNKNOWN when the files do not tell whether the commit took place; REPLAY_DIVERGED when the plan does not
   * come to the calls of the journal any more.
   */
  recoverRun(run: string, options?: ResumeOptions): Promise<RunReport | null>;
  /**
   * Makes the calls of a run again, over the workspace of this runtime and a network that is played from the journal, and holds each against what
   * was recorded; nothing is committed. The workspace must be as it was when the run began. Errors: RUN_NOT_FOUND, JOURNAL_FAILED, TOOL_CHANGED.
   */
  replay(source: ReplaySource): Promise<ReplayReport>;
  close(): Promise<void>;
}

/** A run that is kept, or the text of a journal. */
export type ReplaySource = { readonly run: string } | { readonly journal: string };
