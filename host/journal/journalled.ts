// A transaction that is written down as it goes, and that a journal can be given: what it holds is served again, and not done again.
// It must not know plans, processes or files.

import type { Action } from "../contract/types.ts";
import { asGloveboxError, GloveboxError } from "../errors.ts";
import type { FileChange } from "../hooks.ts";
import type { ApprovalAnswer, ApprovalRequest, Approve } from "../plan/approval.ts";
import { isExternal } from "../plan/effects.ts";
import type { ExecuteOptions } from "../plan/execute.ts";
import { CallNotBegun, type CallPlace, type StepCall, type StepReply, type ToolCaller } from "../plan/tool-caller.ts";
import { CallNames, refuseDifference } from "./call-names.ts";
import type { Before, CallName, CommittedChange } from "./entries.ts";
import type { Journal } from "./journal.ts";
import { keyOf, type Past, sizeKey } from "./past.ts";
import type { RunTime } from "./run-time.ts";

export interface JournalledOptions {
  readonly caller: ToolCaller;
  readonly journal: Journal;
  readonly runId: string;
  readonly time: RunTime;
  /** What happened before; null for a run that begins. */
  readonly past: Past | null;
  /** Why nothing new may happen but compensations; null when the run goes on. */
  readonly refusal: GloveboxError | null;
  /** What the commit changed that took place in an earlier process; null when none did. */
  readonly committed: readonly CommittedChange[] | null;
  /** What a commit replaces, where that is to be recorded; null when it is not. */
  readonly before: (changes: readonly CommittedChange[]) => Before | null;
  /** What a commit will change. */
  readonly pending: () => readonly CommittedChange[];
  /** The time of day, for answers that hold until then. */
  readonly date: () => Date;
  /** Keeps the changes where they survive the process, and gives their digest; null when there are none. Errors: JOURNAL_FAILED. */
  readonly keepLayer: () => string | null;
}

type StatPath = ExecuteOptions["statPath"];

/** Writes a run down. */
export class JournalledCaller implements ToolCaller {
  readonly #options: JournalledOptions;
  readonly #names = new CallNames();
  readonly #statsTaken = new Map<string, number>();
  readonly #approvalsTaken = new Map<string, number>();
  readonly #served = new Set<string>();
  #divergence: GloveboxError | null = null;
  #changes: readonly CommittedChange[] = [];

  constructor(options: JournalledOptions) {
    this.#options = options;
  }

  /** What the run was to change when it was committed or kept. */
  get changes(): readonly CommittedChange[] {
    return this.#changes;
  }

  /** Why this is not the run of its journal: a call was another one, or one with an effect did not come. Null when it is. */
  divergence(): GloveboxError | null {
    const calls = this.#options.past?.calls ?? [];
    const missing = [...calls].find(([key, { intent }]) => {
      return intent.external && intent.purpose === "step" && !this.#served.has(key);
    })?.[1];
    if (this.#divergence !== null || missing === undefined) return this.#divergence;
    const { step, action } = missing.intent;
    const message = `the journal has a call of ${action} by step ${step}, to which the plan does not come any more`;
    return new GloveboxError("REPLAY_DIVERGED", message, { data: { step } });
  }

  async call(call: StepCall, signal: AbortSignal): Promise<StepReply> {
    const name = this.#names.next(call);
    const recorded = this.#options.past?.calls.get(keyOf(name));
    if (recorded === undefined) return this.#callAfresh(call, name, signal);
    this.#served.add(keyOf(name));
    try {
      refuseDifference(call, name, recorded);
    } catch (thrown) {
      this.#divergence ??= asGloveboxError(thrown, "REPLAY_DIVERGED", "the journal");
      throw thrown;
    }
    const { end } = recorded;
    if (end === null) return this.#callUnanswered(call, name, signal);
    this.#options.time.reach(end.at_ms);
    if (end.reply === undefined) throw GloveboxError.fromJSON(end.rejected ?? lost(call));
    const { elapsedNs } = end.reply;
    if (elapsedNs !== undefined) this.#options.caller.recall?.(call.place, elapsedNs);
    return end.reply;
  }

  /** The size of a file, as it was when the run first asked. */
  statPath(stat: StatPath): StatPath {
    return async (path, place) => {
      const { past, journal } = this.#options;
      const at = place?.index ?? 0;
      const question = sizeKey({ path, at });
      const known = past?.sizes.get(question)?.[take(this.#statsTaken, question)];
      if (known !== undefined) return known === null ? null : { size: known };
      const found = await stat(path, place);
      journal.write({ type: "stat", path, at, size: found?.size ?? null });
      return found;
    };
  }

  /** The answers to requests: those that were given before, and new ones, each used once. Where nobody can be asked, the run waits. */
  approve(ask: Approve | undefined): Approve {
    return async (request, signal) => {
      const { journal, refusal, time } = this.#options;
      const known = this.#answerTo(request.hash);
      if (known !== null) return known;
      if (refusal !== null) throw notBegun(refusal);
      time.goOn();
      if (ask === undefined) throw this.#waiting(request);
      const { hash, approved, reason } = await ask(request, signal);
      const because = reason === undefined ? {} : { reason };
      journal.writeThrough({ type: "approval", hash, approved, ...because });
      return { hash, approved, ...because };
    };
  }

  /** The next answer with this hash that holds. */
  #answerTo(hash: string): ApprovalAnswer | null {
    const { past, journal, date } = this.#options;
    for (;;) {
      const number = take(this.#approvalsTaken, hash);
      const answer = past?.approvals.get(hash)?.[number];
      if (answer === undefined) return null;
      if (answer.used) return answer;
      if (answer.until === undefined || Date.parse(answer.until) < date().getTime()) continue;
      journal.writeThrough({ type: "approval.used", hash, number });
      return answer;
    }
  }

  #waiting(request: ApprovalRequest): GloveboxError {
    const { journal, runId } = this.#options;
    const { step, action } = request;
    journal.writeThrough({ type: "approval.requested", request });
    return new GloveboxError("RUN_SUSPENDED", `step ${step} waits: the scope wants ${action} approved by a person`, {
      hint: `\`glovebox approve ${runId}\` shows what it is about; add the step to approve it.`,
      data: { step, run: runId },
    });
  }

  mark(place: CallPlace): void {
    this.#options.caller.mark?.(place);
  }

  async diff(before?: number): Promise<readonly FileChange[]> {
    const { committed, caller } = this.#options;
    if (committed === null) return caller.diff(before);
    return committed.map(({ seen, kind, type }) => ({ path: seen, kind, type: type === "other" ? "file" : type }));
  }

  async commit(): Promise<void> {
    const { caller, journal, refusal, pending, committed } = this.#options;
    if (committed !== null) {
      this.#changes = committed;
      return caller.discard();
    }
    if (refusal !== null) throw refusal;
    this.#changes = pending();
    const before = this.#options.before(this.#changes);
    if (before !== null) journal.write({ type: "before", ...before });
    journal.writeThrough({ type: "committing", changes: this.#changes });
    try {
      await caller.commit();
    } catch (thrown) {
      const { code } = asGloveboxError(thrown, "COMMIT_FAILED", "commit");
      this.#tell(() => journal.writeThrough({ type: "commit.failed", code }));
      throw thrown;
    }
    this.#tell(() => journal.writeThrough({ type: "committed" }));
  }

  async keep(): Promise<void> {
    const { journal, keepLayer, time, refusal, pending } = this.#options;
    if (refusal !== null) throw refusal;
    this.#changes = pending();
    journal.writeThrough({ type: "kept", at_ms: time.now(), layer: keepLayer() });
  }

  discard(): Promise<void> {
    return this.#options.caller.discard();
  }

  /** What was begun and has no recorded end may have happened. It happens again only where that is the same as once. */
  #callUnanswered(call: StepCall, name: CallName, signal: AbortSignal): Promise<StepReply> {
    const again = call.purpose === "compensation" && call.action.idempotent;
    if (again) return this.#callAfresh(call, name, signal);
    const outcome = { kind: "critical", error: lost(call) } as const;
    return Promise.resolve({ outcome, usage: NO_USAGE, stdout: "", stderr: "", violations: [], changes: [] });
  }

  async #callAfresh(call: StepCall, name: CallName, signal: AbortSignal): Promise<StepReply> {
    const { caller, refusal, time } = this.#options;
    if (refusal !== null && call.purpose === "step") throw notBegun(refusal);
    time.goOn();
    const through = call.purpose === "compensation" || isExternal(call.action);
    this.#announce(call, name, through);
    const end = { type: "call.reply", ...name } as const;
    try {
      const reply = await caller.call(call, signal);
      this.#tell(() => this.#write({ ...end, at_ms: time.now(), reply: recordable(reply) }, through));
      return reply;
    } catch (thrown) {
      const rejected = asGloveboxError(thrown, "INTERNAL_ERROR", call.action.name).toJSON();
      this.#tell(() => this.#write({ ...end, at_ms: time.now(), rejected }, through));
      throw thrown;
    }
  }

  #announce({ action, arguments: args }: StepCall, name: CallName, through: boolean): void {
    const { runId, time } = this.#options;
    const key = `${runId}/${name.purpose}/${name.step}/${name.number}`;
    const facts = { action: action.name, arguments: args, external: isExternal(action), key };
    try {
      this.#write({ type: "call.intent", ...name, at_ms: time.now(), ...facts }, through);
    } catch (thrown) {
      throw notBegun(asGloveboxError(thrown, "JOURNAL_FAILED", "the journal"));
    }
  }

  #write(entry: Parameters<Journal["write"]>[0], through: boolean): void {
    if (through) this.#options.journal.writeThrough(entry);
    else this.#options.journal.write(entry);
  }

  /** Writes down what has happened already: when that fails, whatever is to happen next is refused. */
  #tell(write: () => void): void {
    try {
      write();
    } catch {
      // the journal has failed for good: the next intent, or the commit, meets that
    }
  }
}

/** Counts one more of a key; gives how many there were before. */
function take(counts: Map<string, number>, key: string): number {
  const before = counts.get(key) ?? 0;
  counts.set(key, before + 1);
  return before;
}

const NO_USAGE = { fuel: 0, cpu_ms: 0, memory_mb: 0, io_operations: 0, io_bytes: 0, host_calls: 0 };

function recordable(reply: StepReply): StepReply {
  const { outcome, usage, stdout, stderr, violations, changes, elapsedNs, network } = reply;
  const base = { outcome, usage, stdout, stderr, violations, changes };
  return { ...base, ...(elapsedNs === undefined ? {} : { elapsedNs }), ...(network === undefined ? {} : { network }) };
}

function notBegun({ code, message, hint, data }: GloveboxError): CallNotBegun {
  return new CallNotBegun(code, message, hint === undefined ? { data } : { hint, data });
}

function lost({
  action,
  purpose,
}: {
  readonly action: Action;
  readonly purpose: string;
}): ReturnType<GloveboxError["toJSON"]> {
  const what = purpose === "step" ? action.name : `the compensation ${action.name}`;
  return new GloveboxError(
    "RUN_INTERRUPTED",
    `the run was interrupted during ${what}: whether it happened is not known`,
    {
      hint: "Look whether it did; it is never repeated by itself.",
    },
  ).toJSON();
}
