// Executes a plan with a journal beside it, from its beginning or from where its journal ends, and writes down how it ended.
// It must not know where plans or worlds come from.

import { asGloveboxError, GloveboxError } from "./errors.ts";
import type { Listener } from "./hooks.ts";
import type { CommittedChange } from "./journal/entries.ts";
import { JournalledCaller } from "./journal/journalled.ts";
import { outcomeHash, outcomeOf } from "./journal/outcome.ts";
import { RunTime } from "./journal/run-time.ts";
import type { Approve } from "./plan/approval.ts";
import type { CheckedPlan } from "./plan/checked-plan.ts";
import { execute } from "./plan/execute.ts";
import type { ToolCaller } from "./plan/tool-caller.ts";
import type { RunReport } from "./report.ts";
import type { PendingChange, World } from "./run-world-node.ts";
import { type OpenRun, sha256 } from "./runs/run-store-node.ts";

export interface JournalledRunOptions {
  readonly run: OpenRun;
  readonly world: World;
  readonly now: () => number;
  /** The time of day, for approvals that expire. */
  readonly date: () => Date;
  readonly listeners: readonly Listener[];
  readonly signal?: AbortSignal;
  readonly approve?: Approve;
  readonly review: boolean;
  /** Whether what its commit replaces is recorded, so that it can be replayed over the files of after. */
  readonly recordBefore?: boolean;
  /** How many steps run at once; default 1. */
  readonly atOnce?: number;
  /** Why nothing new may happen but compensations; null when the run goes on. */
  readonly refusal: GloveboxError | null;
  /** Whether a run that ended so is kept all the same: its error is thrown then. */
  readonly stays?: (report: RunReport) => boolean;
  /** Its commit took place in an earlier process. */
  readonly committed?: boolean;
  readonly observe?: (caller: ToolCaller) => ToolCaller;
}

/** Runs a plan and its journal to their end, or to where they are kept. Errors: those of a run that `stays`; REPLAY_DIVERGED, and it stays interrupted. */
export async function runJournalled(checked: CheckedPlan, options: JournalledRunOptions): Promise<RunReport> {
  const { run, world, refusal, listeners, review, signal, approve, observe = (same) => same } = options;
  const committed = options.committed === true ? (run.past?.committing ?? null) : null;
  const cancel = new AbortController();
  const forward = (): void => {
    // Until it does something new, what there is to take back is not known yet; and what is being taken back is not interrupted.
    if (signal?.aborted === true && time.live && refusal === null) cancel.abort();
  };
  signal?.addEventListener("abort", forward, { once: true });
  const time = new RunTime(options.now, run.past !== null, forward);
  forward();
  const pending = (): readonly CommittedChange[] => world.pending().map(committedChange);
  let layer: string | null = null;
  const keepLayer = (): string | null => {
    layer = keepChanges(run, world);
    return layer;
  };
  const { journal, past, id: runId } = run;
  const journalled = {
    caller: observe(world.caller),
    journal,
    runId,
    time,
    past,
    refusal,
    pending,
    keepLayer,
    committed,
    before: (changes: readonly CommittedChange[]) => (options.recordBefore === true ? world.before(changes) : null),
    date: options.date,
  };
  const caller = new JournalledCaller(journalled);
  const report = await execute(checked, {
    caller,
    statPath: caller.statPath(world.statPath),
    now: time.now,
    sleep: async (ms, until) => (time.live ? world.sleep(ms, until) : undefined),
    listeners,
    review,
    runId,
    atOnce: options.atOnce ?? 1,
    signal: cancel.signal,
    approve: caller.approve(approve),
  });
  signal?.removeEventListener("abort", forward);
  const divergence = caller.divergence();
  if (divergence !== null) throw divergence; // nobody may take such a run for ended
  if (options.stays?.(report) === true)
    throw GloveboxError.fromJSON(report.error ?? { code: "COMMIT_FAILED", message: "" });
  endRun(run, report, caller.changes, layer);
  return report;
}

/** Writes down how a run ended. A journal that cannot be written leaves it interrupted: the report is true, and `recover` finds out the same. */
export function endRun(
  run: OpenRun,
  report: RunReport,
  changes: readonly CommittedChange[],
  layer: string | null,
): void {
  const outcome = outcomeHash(outcomeOf(report, changes), sha256);
  const { status, committed, rollback } = report;
  try {
    run.files.writeReport(report);
    if (status === "kept") {
      run.files.removeLayersBut(layer);
      return;
    }
    run.journal.writeThrough({ type: "ended", status, committed, rollback, outcome });
    run.files.removeLayersBut(null);
    if (rollback !== "partial" && rollback !== "none") run.files.markDone();
  } catch {
    // told by what stands in the journal
  }
}

/** Keeps what a run changed so far where another process finds it. Errors: JOURNAL_FAILED. */
function keepChanges(run: OpenRun, world: World): string | null {
  try {
    const layer = world.exportChanges();
    if (layer === null) return null;
    const digest = `sha256:${sha256(layer)}`;
    run.files.writeLayer(digest, layer);
    return digest;
  } catch (thrown) {
    throw asGloveboxError(thrown, "JOURNAL_FAILED", "the changes of the run could not be kept");
  }
}

/** A change as a journal holds it. */
export function committedChange({ path, seen, kind, type, from, digest }: PendingChange): CommittedChange {
  const base = { path, seen, kind, type };
  return { ...base, ...(from === undefined ? {} : { from }), ...(digest === undefined ? {} : { digest }) };
}
