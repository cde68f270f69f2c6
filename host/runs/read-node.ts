// Looks at the runs that are kept, without taking any of them over. Node only.
// It must not know the runtime: no tool is loaded for this.

import { hasEffects } from "../journal/past.ts";
import type { ApprovalRequest } from "../plan/approval.ts";
import type { RunReport } from "../report.ts";
import { RunStore, type RunSummary } from "./run-store-node.ts";

/** A run, as it is kept. */
export interface KeptRun {
  readonly run_id: string;
  readonly state: RunSummary["state"];
  readonly plan_id: string;
  readonly created_at: string;
  /** What to open a runtime with that goes on with it. */
  readonly workspace: string;
  readonly tools: readonly string[];
  readonly executor: "inline" | "process";
  /** Whether it did something beyond the workspace, or may have. */
  readonly effects: boolean;
  /** The calls that wait for a person's answer. */
  readonly requests: readonly ApprovalRequest[];
  /** The report of when it was kept or ended, with the diff of each file; null for a run that was interrupted. */
  readonly report: RunReport | null;
}

/** The runs that are kept, the newest first. */
export function listRuns(stateDirectory?: string): Promise<readonly RunSummary[]> {
  return new RunStore(stateDirectory).list();
}

/** What is kept of a run; `run` is its id, or a part of it that no other has. Errors: RUN_NOT_FOUND, JOURNAL_FAILED. */
export async function readRun(run: string, stateDirectory?: string): Promise<KeptRun> {
  const store = new RunStore(stateDirectory);
  const { id, past, report } = store.look(run);
  const { header } = past;
  const { state } = await store.summary(id);
  return {
    run_id: id,
    state,
    plan_id: header.plan_id,
    created_at: header.created_at,
    workspace: header.workspace,
    tools: header.tool_sources,
    executor: header.executor,
    effects: hasEffects(past),
    requests: past.requests,
    report: report as RunReport | null,
  };
}
