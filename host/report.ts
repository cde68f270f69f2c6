// What a check and a run report: the documents that `--json` prints and that the library returns.
// A leaf: types only.

import type { ErrorJson } from "./errors.ts";
import type { CompensationResult, FileChange, PlanStatus, ResourceUsage, StepResult } from "./hooks.ts";

/** One thing that is wrong with a plan, or that can only be decided when it runs. */
export interface Finding {
  /** SCREAMING_SNAKE, stable: `ACTION_DENIED`, `PATH_DENIED`, `ARGUMENT_INVALID`, ... */
  readonly code: string;
  /** `error` rejects the plan; `note` says what will be decided at run time. */
  readonly severity: "error" | "note";
  /** JSON pointer (RFC 6901) into the plan. */
  readonly pointer: string;
  /** Names the step, the value and the rule; written for a model or a person to act on. */
  readonly message: string;
  /** One concrete change that would make it pass. */
  readonly hint: string;
  /** `proved` now, or `runtime`: not known until then, and enforced by the same rule. */
  readonly evidence: "proved" | "runtime";
  /** The file that it is in, as it was named; null when the plan came as a value. */
  readonly file: string | null;
  /** From 1; null when the plan came as a value. */
  readonly line: number | null;
  readonly column: number | null;
}

export interface CheckReport {
  readonly plan_id: string;
  readonly accepted: boolean;
  /** In source order. */
  readonly findings: readonly Finding[];
}

/** A file that holds private data, by the path that the plan knows, and where that came from. */
export interface PrivateFile {
  readonly path: string;
  readonly from: string;
}

export interface RunReport {
  readonly plan_id: string;
  /** When a journal is kept of the run: what other commands name it by. */
  readonly run_id?: string;
  readonly status: PlanStatus;
  readonly steps: readonly StepResult[];
  /** Of all steps and attempts. */
  readonly fuel: number;
  readonly resource_usage: ResourceUsage;
  readonly duration_ms: number;
  /** Of the whole run: what was committed, or, in a dry run and when it is kept, what would be. Empty when it was rolled back. */
  readonly changes: readonly FileChange[];
  readonly committed: boolean;
  readonly dry_run: boolean;
  /** Files that a committed run filled with what it had read where it is private; absent when there are none. */
  readonly private_files?: readonly PrivateFile[];
  /** Whether all of a failed run was undone: `full`, `partial`, `none`; null when there was nothing to undo. */
  readonly rollback: "full" | "partial" | "none" | null;
  /** In the order in which they ran: the last effect first. Absent when there were none. */
  readonly compensations?: readonly CompensationResult[];
  /** Why it did not complete. */
  readonly error?: ErrorJson;
  /** Only when `status` is `rejected`, or as notes. */
  readonly findings: readonly Finding[];
  readonly trace_id: string | null;
}
