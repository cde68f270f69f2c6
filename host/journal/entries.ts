// What a journal holds: the entries of one run, in the order in which they were written. They are read back without trust.
// It must not know how entries are kept.

import { z } from "zod";
import type { CallReply } from "../contract/call.ts";
import type { JsonValue } from "../contract/types.ts";
import type { ErrorJson } from "../errors.ts";
import type { FileChange, NetworkExchange, PlanStatus } from "../hooks.ts";
import type { ApprovalRequest } from "../plan/approval.ts";
import type { RunReport } from "../report.ts";

/** What was given to a run: enough to check its plan again, and to run it again. */
export interface RunHeader {
  readonly type: "run";
  readonly version: 1;
  readonly run_id: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly plan_id: string;
  readonly plan_hash: string;
  readonly plan: JsonValue;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly scope: JournalSource;
  /** Whose plan it was; null without a name. */
  readonly agent: string | null;
  /** Those that the plan uses. */
  readonly tools: readonly { readonly name: string; readonly digest: string }[];
  /** Where added tools were, as absolute paths; tools that came as bytes are not among them. */
  readonly tool_sources: readonly string[];
  readonly seed: string;
  readonly start_ns: string;
  readonly workspace: string;
  readonly executor: "inline" | "process";
  /** Whether it stops before its commit. */
  readonly review: boolean;
}

/** A scope as it was given, with absolute paths. */
export type JournalSource =
  | { readonly file: string; readonly text: string }
  | { readonly value: JsonValue; readonly directory: string };

/** Which call of which step an entry is about; `number` counts the calls of a step from 1, retries and items included. */
export interface CallName {
  readonly purpose: "step" | "compensation";
  readonly step: string;
  readonly number: number;
}

/** That a call is about to be made. For calls with effects outside of the workspace it is on the disk before they begin. */
export interface CallIntent extends CallName {
  readonly type: "call.intent";
  readonly at_ms: number;
  readonly action: string;
  readonly arguments: Readonly<Record<string, JsonValue>>;
  readonly external: boolean;
  /** The same for every attempt to make this one call, and for no other call. */
  readonly key: string;
}

/** A reply as it is recorded. */
export interface RecordedReply extends CallReply {
  readonly changes: readonly FileChange[];
  readonly elapsedNs?: string;
  readonly network?: readonly NetworkExchange[];
}

/** How a call ended: with a reply, or rejected. */
export interface CallEnd extends CallName {
  readonly type: "call.reply";
  readonly at_ms: number;
  readonly reply?: RecordedReply;
  readonly rejected?: ErrorJson;
}

/** One change that a commit makes, by its path in the workspace. */
export interface CommittedChange {
  readonly path: string;
  /** As the plan knows it. */
  readonly seen: string;
  readonly kind: FileChange["kind"];
  readonly type: "file" | "directory" | "symlink" | "other";
  readonly from?: string;
  readonly digest?: string;
}

/** What was answered about a call that the scope wants approved. */
export interface ApprovalEntry {
  readonly type: "approval";
  readonly hash: string;
  readonly approved: boolean;
  readonly reason?: string;
  /** When an answer from outside must have been made use of, as ISO 8601; absent for one that was given while the call waited. */
  readonly until?: string;
}

/** A file as it was before a commit. */
export interface BeforeEntry {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink";
  readonly mode: number;
  /** Decimal nanoseconds since the epoch. */
  readonly mtime_ns: string;
  /** Of a file, as base64. */
  readonly content?: string;
  /** Of a symlink. */
  readonly target?: string;
}

/** What a commit replaced or removed, and the paths at which nothing was. */
export interface Before {
  readonly entries: readonly BeforeEntry[];
  readonly absent: readonly string[];
}

/** One entry of a journal. */
export type JournalEntry =
  | RunHeader
  | CallIntent
  | CallEnd
  /** What `validation` was told of a file; `at` is the number of the step, from 0. */
  | { readonly type: "stat"; readonly path: string; readonly at: number; readonly size: number | null }
  /** A call that waits for a person. */
  | { readonly type: "approval.requested"; readonly request: ApprovalRequest }
  | ApprovalEntry
  /** That an answer which came from outside was made use of: `number` counts the answers with this hash, from 0. */
  | { readonly type: "approval.used"; readonly hash: string; readonly number: number }
  /** One thing that was asked of the network, in the words of its part. */
  | { readonly type: "network"; readonly entry: JsonValue }
  | { readonly type: "kept"; readonly at_ms: number; readonly layer: string | null }
  | { readonly type: "resumed"; readonly to: "commit" | "discard" | "recover" }
  | ({ readonly type: "before" } & Before)
  | { readonly type: "committing"; readonly changes: readonly CommittedChange[] }
  | { readonly type: "committed" }
  | { readonly type: "commit.failed"; readonly code: string }
  | {
      readonly type: "ended";
      readonly status: PlanStatus;
      readonly committed: boolean;
      readonly rollback: RunReport["rollback"];
      /** Over the outcome: what a run that is the same has, too. */
      readonly outcome: string;
    };

const text = z.string();
const json = z.json() as unknown as z.ZodType<JsonValue>;
const object = z.record(z.string(), json);
const count = z.number().min(0);
const name = {
  purpose: z.enum(["step", "compensation"]),
  step: text,
  number: z.int().min(1),
};
const error = z.looseObject({ code: text, message: text });
const changes = z.array(z.looseObject({ path: text, kind: text, type: text }));
const reply = z.strictObject({
  outcome: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("ok"), output: json }),
    z.strictObject({ kind: z.literal("error"), case: text, payload: json }),
    z.strictObject({ kind: z.literal("critical"), error }),
  ]),
  usage: z.strictObject({
    fuel: count,
    cpu_ms: count,
    memory_mb: count,
    io_operations: count,
    io_bytes: count,
    host_calls: count,
  }),
  stdout: text,
  stderr: text,
  violations: z.array(error),
  changes,
  elapsedNs: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  network: z.array(z.looseObject({ outcome: text })).optional(),
});
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const entry = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run"),
    version: z.literal(1),
    run_id: text,
    created_at: text,
    plan_id: text,
    plan_hash: digest,
    plan: json,
    inputs: object,
    scope: z.union([z.strictObject({ file: text, text }), z.strictObject({ value: json, directory: text })]),
    agent: text.nullable(),
    tools: z.array(z.strictObject({ name: text, digest })),
    tool_sources: z.array(text),
    seed: z.string().regex(/^[0-9a-f]{64}$/),
    start_ns: z.string().regex(/^\d{1,20}$/),
    workspace: text,
    executor: z.enum(["inline", "process"]),
    review: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("call.intent"),
    ...name,
    at_ms: count,
    action: text,
    arguments: object,
    external: z.boolean(),
    key: text,
  }),
  z.strictObject({
    type: z.literal("call.reply"),
    ...name,
    at_ms: count,
    reply: reply.optional(),
    rejected: error.optional(),
  }),
  z.strictObject({ type: z.literal("stat"), path: text, at: z.int().min(0), size: count.nullable() }),
  z.strictObject({
    type: z.literal("approval.requested"),
    request: z.strictObject({
      step: text,
      item: z.int().nullable(),
      action: text,
      digest,
      arguments: object,
      effect: text,
      reason: text.nullable(),
      changes,
      hash: digest,
    }),
  }),
  z.strictObject({
    type: z.literal("approval"),
    hash: text,
    approved: z.boolean(),
    reason: text.optional(),
    until: z.iso.datetime().optional(),
  }),
  z.strictObject({ type: z.literal("approval.used"), hash: text, number: z.int().min(0) }),
  z.strictObject({ type: z.literal("network"), entry: json }),
  z.strictObject({ type: z.literal("kept"), at_ms: count, layer: digest.nullable() }),
  z.strictObject({ type: z.literal("resumed"), to: z.enum(["commit", "discard", "recover"]) }),
  z.strictObject({
    type: z.literal("before"),
    entries: z.array(
      z.strictObject({
        path: text,
        type: z.enum(["file", "directory", "symlink"]),
        mode: z.int().min(0).max(0o7777),
        mtime_ns: z.string().regex(/^-?\d{1,19}$/),
        content: z.base64().optional(),
        target: text.optional(),
      }),
    ),
    absent: z.array(text),
  }),
  z.strictObject({
    type: z.literal("committing"),
    changes: z.array(
      z.strictObject({
        path: text,
        seen: text,
        kind: z.enum(["added", "modified", "deleted", "renamed", "metadata"]),
        type: z.enum(["file", "directory", "symlink", "other"]),
        from: text.optional(),
        digest: digest.optional(),
      }),
    ),
  }),
  z.strictObject({ type: z.literal("committed") }),
  z.strictObject({ type: z.literal("commit.failed"), code: text }),
  z.strictObject({
    type: z.literal("ended"),
    status: z.enum(["completed", "kept", "failed", "cancelled", "rejected"]),
    committed: z.boolean(),
    rollback: z.enum(["full", "partial", "none"]).nullable(),
    outcome: digest,
  }),
]);

/** The entry that a value is, or why it is none. */
export function readEntry(value: unknown): JournalEntry | string {
  const parsed = entry.safeParse(value);
  if (parsed.success) return parsed.data as JournalEntry;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join("/") ?? ""}: ${issue?.message ?? "it is no entry"}`;
}
