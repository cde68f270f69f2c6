// What a run tells those who listen: telemetry, logs, a progress display. The core knows no listener.
// A leaf, but for types.

import type { JsonValue } from "./contract/types.ts";
import type { ErrorJson } from "./errors.ts";

/** What one call, or all calls of a plan, took. All but `cpu_ms` are the same on every machine. */
export interface ResourceUsage {
  readonly fuel: number;
  readonly cpu_ms: number;
  readonly memory_mb: number;
  readonly io_operations: number;
  readonly io_bytes: number;
  readonly host_calls: number;
}

/** One change to the files, by the paths that the plan sees. */
export interface FileChange {
  readonly path: string;
  readonly kind: "added" | "modified" | "deleted" | "renamed" | "metadata";
  readonly type: "file" | "directory" | "symlink";
  /** The old path of a rename. */
  readonly from?: string;
  readonly size?: number;
  /** A unified text diff, when both sides are text and it was asked for. */
  readonly diff?: string;
}

/** One request over the network, and what came of it. Digests are over method, URL, headers and body, or status, headers and body. */
export interface NetworkExchange {
  readonly method: string | null;
  /** Without secrets; null when it could not be read. */
  readonly url: string | null;
  /** What it was sent to; null when it did not leave. */
  readonly address: string | null;
  readonly outcome: "response" | "denied" | "failed" | "limit" | "cancelled";
  /** Why there is no response: a case of WASI's error code, or one of our codes. */
  readonly error: string | null;
  readonly status: number | null;
  readonly request_bytes: number;
  readonly request_digest: string | null;
  /** Decoded. */
  readonly response_bytes: number;
  readonly response_digest: string | null;
}

export type StepStatus = "not_run" | "ran" | "failed" | "rolled_back" | "unknown";
/** `kept`: it did all of its steps, and waits for someone to commit it or discard it. */
export type PlanStatus = "completed" | "kept" | "failed" | "cancelled" | "rejected";

export interface StepResult {
  readonly id: string;
  readonly action: string;
  readonly status: StepStatus;
  /** It waits until all other steps have succeeded; absent for one that does not. */
  readonly deferred?: true;
  readonly reason?: string;
  readonly input?: Readonly<Record<string, JsonValue>>;
  readonly output?: JsonValue;
  readonly error?: ErrorJson;
  readonly attempts: number;
  readonly duration_ms: number;
  readonly resource_usage: ResourceUsage;
  readonly changes: readonly FileChange[];
  readonly scope_violations: readonly ErrorJson[];
  /** The requests that it sent or tried to send; absent when there were none. */
  readonly network?: readonly NetworkExchange[];
}

/** An external effect that was taken back, or could not be, after its plan failed. */
export interface CompensationResult {
  /** The step whose effect it takes back. */
  readonly step: string;
  readonly action: string;
  readonly status: "ran" | "failed";
  readonly input: Readonly<Record<string, JsonValue>>;
  readonly error?: ErrorJson;
  readonly duration_ms: number;
  readonly resource_usage: ResourceUsage;
}

/** What happens in a run, in order. `at_ms` is monotonic, from the start of the run. */
export type RunEvent = { readonly at_ms: number } & (
  | {
      readonly type: "plan.started";
      readonly plan_id: string;
      /** When a journal is kept of the run. */
      readonly run_id?: string;
      readonly plan_hash: string;
      readonly scope: string;
      readonly steps: number;
    }
  | {
      readonly type: "plan.rejected";
      readonly plan_id: string;
      readonly findings: number;
      readonly codes: readonly string[];
    }
  | {
      readonly type: "step.started";
      readonly step: string;
      readonly action: string;
      readonly tool: string;
      readonly digest: string;
      readonly reason?: string;
      readonly input: Readonly<Record<string, JsonValue>>;
    }
  | { readonly type: "step.retried"; readonly step: string; readonly attempt: number; readonly error: ErrorJson }
  | { readonly type: "network.exchanged"; readonly step: string; readonly exchange: NetworkExchange }
  | { readonly type: "step.ended"; readonly result: StepResult }
  | {
      readonly type: "compensation.started";
      readonly step: string;
      readonly action: string;
      readonly input: Readonly<Record<string, JsonValue>>;
    }
  | { readonly type: "compensation.ended"; readonly result: CompensationResult }
  | { readonly type: "plan.committed"; readonly changes: number }
  | { readonly type: "plan.kept"; readonly changes: number }
  | { readonly type: "plan.discarded"; readonly why: string }
  | {
      readonly type: "plan.ended";
      readonly plan_id: string;
      readonly status: PlanStatus;
      readonly fuel: number;
      readonly duration_ms: number;
      readonly error?: ErrorJson;
    }
);

/** Something that listens to runs. It must not throw; what it throws is dropped. */
export interface Listener {
  onEvent(event: RunEvent): void;
  /** The id of the trace that this run belongs to, 32 hex digits, when there is one. Asked once, right after `plan.started` or `plan.rejected`. */
  traceId?(): string | undefined;
}
