// Replays a run from its journal: its plan is checked and its calls are really made again, over files and a network that are as they were,
// and everything is held against what was recorded. Nothing is committed, and nothing leaves.
// It must not know where journals or worlds come from.

import { createHash } from "node:crypto";
import { createOverlay, nodeBase } from "../sandbox-fs/index.ts";
import type { JsonValue } from "./contract/types.ts";
import { asGloveboxError, type ErrorJson, GloveboxError } from "./errors.ts";
import type { CommittedChange } from "./journal/entries.ts";
import { outcomeHash, outcomeOf } from "./journal/outcome.ts";
import type { Past } from "./journal/past.ts";
import { ReplayedCaller } from "./journal/replayed.ts";
import { RunTime } from "./journal/run-time.ts";
import { committedChange } from "./journalled-run.ts";
import { networkEntrySchema } from "./network/entries.ts";
import { sha256 as networkSha256 } from "./network/open-node.ts";
import { ReplayedNetwork } from "./network/replay-network.ts";
import type { CheckedPlan } from "./plan/checked-plan.ts";
import { execute } from "./plan/execute.ts";
import type { RunReport } from "./report.ts";
import type { World } from "./run-world-node.ts";
import { isApplied } from "./runs/applied.ts";
import { restore } from "./runs/before.ts";
import { sha256 } from "./runs/run-store-node.ts";

/** The network of a run, from its journal. Errors: JOURNAL_FAILED for entries that are none. */
export function replayedNetwork(entries: readonly JsonValue[]): ReplayedNetwork {
  const parsed = entries.map((entry) => networkEntrySchema.safeParse(entry));
  if (parsed.some(({ success }) => !success))
    throw new GloveboxError("JOURNAL_FAILED", "the journal has entries of the network that are none");
  return new ReplayedNetwork(
    parsed.flatMap(({ data }) => data ?? []),
    networkSha256,
  );
}

/** What makes the files of a workspace those of before a commit, when it took place there; null when it did not. Errors: JOURNAL_FAILED. */
export function layerOfBefore(workspace: string, { before, committing }: Past): Uint8Array | null {
  if (before === null) return null;
  const files = createOverlay(nodeBase(workspace), { clock: () => 0n });
  try {
    if (isApplied(files, committing, () => createHash("sha256")) !== "yes") return null;
    restore(files, before);
    return files.export();
  } catch (thrown) {
    throw asGloveboxError(thrown, "JOURNAL_FAILED", "the files of before cannot be put back");
  } finally {
    files.discard();
  }
}

/** What a replay came to. */
export interface ReplayReport {
  readonly run_id: string;
  /** Whether every call, and the outcome, was what the journal says. */
  readonly same: boolean;
  /** The calls that were made again. */
  readonly calls: number;
  readonly fuel: number;
  /** Of what this replay came to, as in a receipt. */
  readonly outcome: string;
  /** The first difference: REPLAY_DIVERGED. Absent when there is none. */
  readonly divergence?: ErrorJson;
  readonly report: RunReport;
}

export interface ReplayOptions {
  readonly past: Past;
  readonly world: World;
  readonly network: ReplayedNetwork;
  readonly now: () => number;
}

/** Makes the calls of a run again. Errors: none that a plan or a journal can cause. */
export async function replayRun(
  checked: CheckedPlan,
  { past, world, network, now }: ReplayOptions,
): Promise<ReplayReport> {
  const time = new RunTime(now, true);
  const pending = (): readonly CommittedChange[] => world.pending().map(committedChange);
  const caller = new ReplayedCaller({ caller: world.caller, past, time, pending });
  const report = await execute(checked, {
    caller,
    statPath: caller.statPath(world.statPath),
    now: time.now,
    sleep: async () => undefined,
    runId: past.header.run_id,
    approve: caller.approve,
  });
  const outcome = outcomeHash(outcomeOf(report, caller.changes), sha256);
  const divergence =
    caller.divergence(report.status === "completed") ??
    network.divergence() ??
    outcomeDivergence(past, report, outcome);
  return {
    run_id: past.header.run_id,
    same: divergence === null,
    calls: caller.calls,
    fuel: report.fuel,
    outcome,
    ...(divergence === null ? {} : { divergence: divergence.toJSON() }),
    report,
  };
}

/** A run that somebody stopped has an outcome of its own; its calls are compared all the same. */
function outcomeDivergence({ ended }: Past, { status, error }: RunReport, outcome: string): GloveboxError | null {
  if (ended === null || (ended.status !== "completed" && ended.status !== "failed")) return null;
  if (ended.outcome === outcome || error?.code === "RUN_INTERRUPTED") return null;
  const what =
    status === ended.status ? "its results or its changes are others" : `it ended ${status}, then ${ended.status}`;
  return new GloveboxError("REPLAY_DIVERGED", `the calls are the same, and the outcome is not: ${what}`, {
    hint: "The files, the tools or the journal are not those of the recorded run.",
  });
}
