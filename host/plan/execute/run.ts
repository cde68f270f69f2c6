// The state of one run: what has been spent, what each step came to, what later steps may refer to.
// It must not decide anything.

import type { CallBudget } from "../../contract/call.ts";
import type { JsonValue } from "../../contract/types.ts";
import { GloveboxError, LimitError } from "../../errors.ts";
import type { FileChange, Listener, ResourceUsage, StepResult, StepStatus } from "../../hooks.ts";
import { BYTES_PER_MB } from "../../limits.ts";
import { callBudget } from "../../scope/budget.ts";
import type { Approve } from "../approval.ts";
import type { CheckedCall, CheckedContent, CheckedStep } from "../checked-plan.ts";
import { COMPENSATION_SHARE } from "../effects.ts";
import { FlowTracker } from "../flow.ts";
import { Order } from "../order.ts";
import type { CallPlace, ToolCaller } from "../tool-caller.ts";
import type { Params } from "../types.ts";
import { Emitter } from "./emitter.ts";
import type { StatPath } from "./prepare.ts";
import { addUsage, NO_USAGE } from "./usage.ts";

export interface ExecuteOptions {
  readonly caller: ToolCaller;
  /** For `validation`: the size of a file as the plan sees it. */
  readonly statPath: StatPath;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Waits, or rejects when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly listeners?: readonly Listener[];
  /** Aborting it stops the run and rolls it back, unless its commit has begun. */
  readonly signal?: AbortSignal;
  /** Report what would change, then discard it. Steps with external effects do not run. */
  readonly dryRun?: boolean;
  /** Stop before the commit, and keep what was done for a later decision. The caller must be able to `keep`. */
  readonly review?: boolean;
  /** How many steps run at once, where the plan lets them; default 1. It changes nothing but how long the run takes. */
  readonly atOnce?: number;
  /** Asked before each call that the scope wants approved; without it, such a call is refused. */
  readonly approve?: Approve;
  /** The id under which a journal is kept of the run. */
  readonly runId?: string;
}

/** What a step did beyond the workspace: nothing, something, or nobody knows. */
export type ExternalEffect = "none" | "done" | "unknown";

/** A step of the run, as it is so far. */
export interface StepRecord {
  readonly checked: CheckedStep;
  result: StepResult;
  effect: ExternalEffect;
  input: Params | null;
  /** The paths that its arguments gave it to read, normalised. */
  reads: readonly string[];
}

export class Run {
  readonly content: CheckedContent;
  readonly options: ExecuteOptions;
  readonly emitter: Emitter;
  readonly signal: AbortSignal;
  readonly records: readonly StepRecord[];
  readonly outputs: Map<string, JsonValue> = new Map();
  readonly flow: FlowTracker;
  readonly order: Order;
  readonly #byId: ReadonlyMap<string, StepRecord>;
  readonly #reserve: number;
  usage: ResourceUsage = NO_USAGE;
  /** How long the run has waited for people: no part of the plan's time. */
  waitedMs = 0;

  constructor(content: CheckedContent, options: ExecuteOptions) {
    this.content = content;
    this.options = options;
    this.flow = new FlowTracker(content.authority, content.privateFiles);
    this.emitter = new Emitter(options.listeners ?? [], options.now);
    this.signal = options.signal ?? new AbortController().signal;
    this.records = content.steps.map(begin);
    this.order = orderOf(content.steps);
    this.#byId = new Map(this.records.map((record) => [record.result.id, record]));
    this.#reserve = content.steps.some((step) => step.compensation !== null) ? COMPENSATION_SHARE : 0;
  }

  get dryRun(): boolean {
    return this.options.dryRun === true;
  }

  /** How an earlier step ended. */
  statusOf(id: string): StepStatus {
    return this.#byId.get(id)?.result.status ?? "not_run";
  }

  /** The first of these steps that has no result to build on; null when all have. */
  withoutResult(ids: readonly string[]): StepRecord | null {
    const records = ids.map((id) => this.#byId.get(id));
    return records.find((record) => record !== undefined && record.result.status !== "ran") ?? null;
  }

  /** Where a call of a step stands, after so many others of it. */
  placeOf({ step: { index }, deferred }: CheckedStep, call: number): CallPlace {
    const after = this.order.isTotal ? [] : (this.order.waits[index] ?? []);
    return { index, call, after: this.order.isTotal && !deferred ? null : after };
  }

  spend(usage: ResourceUsage): void {
    this.usage = addUsage(this.usage, usage);
  }

  /** What was spent before a step, as far as it can know: by those that it waited for. */
  spentBefore({ step, deferred }: CheckedStep): ResourceUsage {
    if (this.order.isTotal || deferred) return this.usage;
    let usage = NO_USAGE;
    for (const index of this.order.before(step.index))
      usage = addUsage(usage, this.records[index]?.result.resource_usage ?? NO_USAGE);
    return usage;
  }

  /** The budget of the next attempt of a step that comes after what was `spent`. Errors: FUEL_EXHAUSTED or DEADLINE_EXCEEDED when the plan's is spent. */
  stepBudget({ step, action }: CheckedStep, spent: ResourceUsage): CallBudget {
    return this.#budget(action.name, 1 - this.#reserve, spent, {
      fuel: [step.fuel, action.fuel],
      seconds: [step.timeout_seconds, action.maxExecutionSeconds],
    });
  }

  /** Steps that ran side by side may have spent more than the plan has, though none of them did alone. */
  overspent({ action }: CheckedStep): GloveboxError | null {
    const { limits } = this.content.authority;
    const share = 1 - this.#reserve;
    const { fuel, io_operations, io_bytes } = this.usage;
    const limit =
      fuel > limits.fuel * share
        ? "fuel"
        : io_operations > limits.io_operations * share
          ? "io_operations"
          : io_bytes > limits.io_mb * BYTES_PER_MB * share
            ? "io_mb"
            : null;
    if (limit === null) return null;
    const allowed = limits[limit];
    const message = `with ${action.name}, steps that ran side by side took more than the plan's ${limit} of ${allowed}`;
    const hint = `Raise ${limit}, or do less in one plan.`;
    return new LimitError(limit === "fuel" ? "FUEL_EXHAUSTED" : "IO_LIMIT", message, limit, allowed, { hint });
  }

  /** Whether the plan has fuel, and time after this pause, for another attempt. */
  canWait(ms: number, spent: ResourceUsage): boolean {
    const { fuel } = this.content.authority.limits;
    const share = 1 - this.#reserve;
    return spent.fuel + 1 <= fuel * share && this.#spentMs + ms < this.#durationMs * share;
  }

  /** The budget of a compensation: what steps may not spend is kept for it, and time is kept even when the steps overran theirs. */
  compensationBudget({ action }: CheckedCall): CallBudget {
    const ceilings = { fuel: [action.fuel], seconds: [action.maxExecutionSeconds] };
    return this.#budget(action.name, 1, this.usage, ceilings, this.#durationMs * COMPENSATION_SHARE);
  }

  get #spentMs(): number {
    return this.emitter.elapsedMs() - this.waitedMs;
  }

  get #durationMs(): number {
    return this.content.authority.limits.duration_seconds * 1000;
  }

  #budget(
    action: string,
    share: number,
    spent: ResourceUsage,
    ceilings: Parameters<typeof callBudget>[2],
    leastMs = 0,
  ): CallBudget {
    const { limits } = this.content.authority;
    const remaining = {
      fuel: limits.fuel * share - spent.fuel,
      ioOperations: limits.io_operations * share - spent.io_operations,
      ioBytes: limits.io_mb * BYTES_PER_MB * share - spent.io_bytes,
      ms: Math.max(leastMs, this.#durationMs * share - this.#spentMs),
    };
    if (remaining.fuel < 1) throw planSpent("FUEL_EXHAUSTED", action, "fuel", limits.fuel);
    if (remaining.ms <= 0) throw planSpent("DEADLINE_EXCEEDED", action, "duration_seconds", limits.duration_seconds);
    return callBudget(limits, remaining, ceilings);
  }
}

function planSpent(
  code: "FUEL_EXHAUSTED" | "DEADLINE_EXCEEDED",
  action: string,
  limit: string,
  allowed: number,
): LimitError {
  const message = `${action} was not called: the plan has used up its ${limit} of ${allowed}`;
  return new LimitError(code, message, limit, allowed, { hint: `Raise ${limit}, or do less in one plan.` });
}

/** A step that has not run. */
export function begin(checked: CheckedStep): StepRecord {
  return { checked, result: notRun(checked), effect: "none", input: null, reads: [] };
}

function orderOf(steps: readonly CheckedStep[]): Order {
  const numbers = new Map(steps.map(({ step }) => [step.id, step.index]));
  return Order.of(
    steps.map(({ step, dependsOn, takes }) => ({
      independent: step.independent,
      named: [...dependsOn, ...takes].flatMap((id) => numbers.get(id) ?? []),
    })),
  );
}

function notRun({ step, action, deferred }: CheckedStep): StepResult {
  return {
    id: step.id,
    action: action.name,
    status: "not_run",
    ...(deferred ? { deferred } : {}),
    ...(step.reason === null ? {} : { reason: step.reason }),
    attempts: 0,
    duration_ms: 0,
    resource_usage: NO_USAGE,
    changes: NO_CHANGES,
    scope_violations: [],
  };
}

const NO_CHANGES: readonly FileChange[] = [];

/** The error that a run ends with when its signal is aborted. */
export function cancelled(): GloveboxError {
  return new GloveboxError("CANCELLED", "the run was cancelled");
}
