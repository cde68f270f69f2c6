// A transaction that does again what a journal says was done, and holds each call against what was recorded of it. It never commits.
// It must not know where journals are kept, nor how calls run.

import { GloveboxError } from "../errors.ts";
import type { FileChange } from "../hooks.ts";
import type { Approve } from "../plan/approval.ts";
import { canonicalJson } from "../plan/canonical.ts";
import type { ExecuteOptions } from "../plan/execute.ts";
import { CallNotBegun, type CallPlace, type StepCall, type StepReply, type ToolCaller } from "../plan/tool-caller.ts";
import { CallNames, refuseDifference } from "./call-names.ts";
import type { CallEnd, CallName, CommittedChange, RecordedReply } from "./entries.ts";
import { keyOf, type Past, sizeKey } from "./past.ts";
import type { RunTime } from "./run-time.ts";

export interface ReplayedOptions {
  readonly caller: ToolCaller;
  readonly past: Past;
  readonly time: RunTime;
  /** What a commit would change. */
  readonly pending: () => readonly CommittedChange[];
}

/** Endings that come from outside of a run: they are taken from the journal, since nothing would make them come again. */
const FROM_OUTSIDE: readonly string[] = ["DEADLINE_EXCEEDED", "EXECUTOR_LOST", "RUN_INTERRUPTED", "CANCELLED"];

/** Replays a run. */
export class ReplayedCaller implements ToolCaller {
  readonly #options: ReplayedOptions;
  readonly #names = new CallNames();
  readonly #sizes = new Map<string, number>();
  readonly #approvals = new Map<string, number>();
  readonly #made = new Set<string>();
  #changes: readonly CommittedChange[] = [];
  #divergence: GloveboxError | null = null;

  constructor(options: ReplayedOptions) {
    this.#options = options;
  }

  /** What was called and compared. */
  get calls(): number {
    return this.#made.size;
  }

  /** What it was to change when it came to its commit. */
  get changes(): readonly CommittedChange[] {
    return this.#changes;
  }

  /**
   * The first difference from the journal; when the run is over, also that it did less. Of a plan that failed, steps beside the one that did may
   * have been called and not counted.
   */
  divergence(completed: boolean): GloveboxError | null {
    const missing = [...this.#options.past.calls].find(([key, { intent }]) => {
      return !this.#made.has(key) && (completed || intent.external);
    })?.[1];
    if (this.#divergence !== null || missing === undefined) return this.#divergence;
    const { step, purpose, number, action } = missing.intent;
    return diverged({ step, purpose, number }, `the recorded run called ${action}, and this one did not`);
  }

  async call(call: StepCall, signal: AbortSignal): Promise<StepReply> {
    const name = this.#names.next(call);
    const recorded = this.#options.past.calls.get(keyOf(name));
    if (this.#divergence !== null) throw refusal(this.#divergence);
    if (recorded === undefined) throw this.#diverge(name, `the recorded run made no such call of ${call.action.name}`);
    try {
      refuseDifference(call, name, recorded);
    } catch (thrown) {
      if (thrown instanceof GloveboxError) this.#divergence = thrown;
      throw thrown;
    }
    this.#made.add(keyOf(name));
    const { caller, time } = this.#options;
    const { end } = recorded;
    if (end === null || isFromOutside(end)) {
      caller.recall?.(call.place, end?.reply?.elapsedNs ?? "0");
      return served(end, call);
    }
    const reply = await caller.call(call, signal);
    time.reach(end.at_ms);
    const difference = end.reply === undefined ? "it was rejected then" : differenceOf(reply, end.reply);
    if (difference !== null) throw this.#diverge(name, `${call.action.name}: ${difference}`);
    return reply;
  }

  /** The sizes that the recorded run was told. */
  statPath(stat: ExecuteOptions["statPath"]): ExecuteOptions["statPath"] {
    return async (path, place) => {
      const question = sizeKey({ path, at: place?.index ?? 0 });
      const number = this.#sizes.get(question) ?? 0;
      this.#sizes.set(question, number + 1);
      const known = this.#options.past.sizes.get(question)?.[number];
      const found = await stat(path, place);
      return known === undefined ? found : known === null ? null : { size: known };
    };
  }

  /** The answers that the recorded run was given. */
  readonly approve: Approve = async ({ hash, step }) => {
    const number = this.#approvals.get(hash) ?? 0;
    this.#approvals.set(hash, number + 1);
    const answer = this.#options.past.approvals.get(hash)?.[number];
    if (answer !== undefined) return answer;
    throw new CallNotBegun("RUN_SUSPENDED", `step ${step} waited for an approval when the recorded run ended`);
  };

  mark(place: CallPlace): void {
    this.#options.caller.mark?.(place);
  }

  diff(before?: number): Promise<readonly FileChange[]> {
    return this.#options.caller.diff(before);
  }

  /** Forgets the changes, once they are known. */
  async commit(): Promise<void> {
    if (this.#divergence !== null) throw this.#divergence;
    this.#changes = this.#options.pending();
    await this.#options.caller.discard();
  }

  keep(): Promise<void> {
    return this.commit();
  }

  discard(): Promise<void> {
    return this.#options.caller.discard();
  }

  #diverge(name: CallName, what: string): CallNotBegun {
    this.#divergence ??= diverged(name, what);
    return refusal(this.#divergence);
  }
}

function isFromOutside({ reply, rejected }: CallEnd): boolean {
  if (reply === undefined) return rejected !== undefined && FROM_OUTSIDE.includes(rejected.code);
  return reply.outcome.kind === "critical" && FROM_OUTSIDE.includes(reply.outcome.error.code);
}

function served(end: CallEnd | null, { action }: StepCall): StepReply {
  if (end?.reply !== undefined) return end.reply;
  const error = { code: "RUN_INTERRUPTED", message: `the recorded run was interrupted during ${action.name}` } as const;
  throw GloveboxError.fromJSON(end?.rejected ?? error);
}

/** What is different between two replies, but for the time that they took; null for nothing. */
function differenceOf(now: StepReply, then: RecordedReply): string | null {
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ["its outcome", now.outcome, then.outcome],
    ["its changes", now.changes, then.changes],
    ["its fuel", now.usage.fuel, then.usage.fuel],
    ["the time that passed for it", now.elapsedNs ?? null, then.elapsedNs ?? null],
    ["its file operations", now.usage.io_operations, then.usage.io_operations],
    ["its refusals", now.violations, then.violations],
    ["its requests", now.network ?? [], then.network ?? []],
    ["what it wrote to its standard streams", [now.stdout, now.stderr], [then.stdout, then.stderr]],
  ];
  for (const [what, mine, theirs] of parts) {
    const [a, b] = [mine, theirs].map((one) => canonicalJson(JSON.parse(JSON.stringify(one))));
    if (a !== b) return `${what}: ${cut(a ?? "")}, and then it was ${cut(b ?? "")}`;
  }
  return null;
}

function diverged(name: CallName, what: string): GloveboxError {
  const { step, purpose, number } = name;
  const where = purpose === "step" ? `step ${step}` : `the compensation of step ${step}`;
  return new GloveboxError("REPLAY_DIVERGED", `${where}, call ${number}: ${what}`, {
    data: { step, purpose, number },
    hint: "The files, the tools or the journal are not those of the recorded run.",
  });
}

function refusal({ code, message, hint, data }: GloveboxError): CallNotBegun {
  return new CallNotBegun(code, message, hint === undefined ? { data } : { hint, data });
}

function cut(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
