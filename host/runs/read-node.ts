// Looks at the runs that are kept, without taking any of them over. Node only.
// It must not know the runtime: no tool is loaded for this.

import { readChain } from "../journal/chain.ts";
import { hasEffects, pastOf } from "../journal/past.ts";
import { type Receipt, receiptOf } from "../journal/receipt.ts";
import type { ApprovalRequest } from "../plan/approval.ts";
import type { RunReport } from "../report.ts";
import { RunStore, type RunSummary, sha256 } from "./run-store-node.ts";

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
  /** What it was given and came to, for a third party to hold against its journal. */
  readonly receipt: Receipt;
  /** Where its journal is. */
  readonly journal: string;
  /** The report of when it was kept or ended, with the diff of each file; null for a run that was interrupted. */
  readonly report: RunReport | null;
}

/** What the text of a journal tells without its run being made again. */
export interface JournalFacts {
  readonly receipt: Receipt;
  readonly workspace: string;
  readonly tools: readonly string[];
  readonly executor: "inline" | "process";
}

/** Reads a journal. Errors: JOURNAL_FAILED when it is none, or was changed. */
export function inspectJournal(text: string): JournalFacts {
  const chain = readChain(text, sha256);
  const past = pastOf(chain.entries);
  const { workspace, tool_sources: tools, executor } = past.header;
  return { receipt: receiptOf(chain, past, sha256), workspace, tools, executor };
}

/** The runs that are kept, the newest first. */
export function listRuns(stateDirectory?: string): Promise<readonly RunSummary[]> {
  return new RunStore(stateDirectory).list();
}

/** What is kept of a run; `run` is its id, or a part of it that no other has. Errors: RUN_NOT_FOUND, JOURNAL_FAILED. */
export async function readRun(run: string, stateDirectory?: string): Promise<KeptRun> {
  const store = new RunStore(stateDirectory);
  const { id, chain, past, report, journal } = store.look(run);
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
    receipt: receiptOf(chain, past, sha256),
    journal,
    report: report as RunReport | null,
  };
}
