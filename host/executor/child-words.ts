// What a child process says, believed only as far as it can be checked: the shape of each message, and each outcome against its contract.
// It must not know how messages travel.

import { z } from "zod";
import type { CallOutcome } from "../contract/call.ts";
import { snakeCase } from "../contract/names.ts";
import type { JsonValue, WitType } from "../contract/types.ts";
import { checkValue } from "../contract/validate.ts";
import { type ErrorCode, GloveboxError } from "../errors.ts";
import type { ChildMessage } from "./messages.ts";
import type { CallRequest, CallResponse } from "./protocol.ts";

/** How a call can end in a child. The ends of a run, deadlines and commits are not for it to tell. */
const CODES = [
  "ARGUMENT_INVALID",
  "FUEL_EXHAUSTED",
  "STACK_EXHAUSTED",
  "MEMORY_LIMIT",
  "IO_LIMIT",
  "OUTPUT_LIMIT",
  "HOSTCALL_LIMIT",
  "RESOURCE_LIMIT",
  "FS_QUOTA",
  "NET_LIMIT",
  "NET_DENIED",
  "HTTP_INVALID",
  "REPLAY_DIVERGED",
  "PATH_DENIED",
  "TRAP",
  "CANONICAL_ABI",
  "GUEST_EXIT",
  "RESULT_INVALID",
  "STATE_INVALID",
  "STACK_TOO_SMALL",
  "EXECUTOR_LOST",
] as const satisfies readonly ErrorCode[];

const MAX_TEXT = 64 * 1024;
const MAX_STREAM_TEXT = 16 * 1024 * 1024;
const MAX_VIOLATIONS = 100;
const MAX_DEPTH = 8;

const data = z.record(z.string().max(256), z.unknown()).refine((value) => isPlain(value, MAX_DEPTH));
const error = z.strictObject({
  code: z.enum(CODES),
  message: z.string().max(MAX_TEXT),
  hint: z.string().max(MAX_TEXT).optional(),
  data: data.optional(),
});
const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const usage = z.strictObject({
  fuel: amount,
  cpu_ms: amount,
  memory_mb: amount,
  io_operations: amount,
  io_bytes: amount,
  host_calls: amount,
});
const outcome = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ok"), output: z.unknown() }),
  z.strictObject({ kind: z.literal("error"), case: z.string().max(256), payload: z.unknown() }),
  z.strictObject({ kind: z.literal("critical"), error }),
]);
const reply = z.strictObject({
  outcome,
  usage,
  stdout: z.string().max(MAX_STREAM_TEXT),
  stderr: z.string().max(MAX_STREAM_TEXT),
  violations: z.array(error).max(MAX_VIOLATIONS),
});
const response = z.strictObject({ reply, elapsedNs: z.string().regex(/^\d{1,18}$/) });
const message = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("opened") }),
  // The network looks at the request itself.
  z.strictObject({ type: z.literal("fetch"), number: z.int().min(0), request: z.unknown() }),
  z.strictObject({ type: z.literal("returned"), response, layer: z.instanceof(Uint8Array).nullable() }),
  z.strictObject({ type: z.literal("failed"), error }),
]);

/** A message of the right shape. Errors: ZodError for any other. */
export function readChildMessage(raw: unknown): ChildMessage {
  return message.parse(raw) as ChildMessage;
}

/** The response, when its outcome is one that the action can have. Errors: EXECUTOR_LOST when it is not. */
export function believable(answer: CallResponse, { action, budget }: CallRequest): CallResponse {
  const { outcome: told } = answer.reply;
  if (told.kind === "critical") return answer;
  const problem = misfit(told, action.output, action.fallible ? action.error : undefined);
  if (problem === null && JSON.stringify(payloadOf(told)).length <= budget.outputBytes) return answer;
  const why = problem ?? "it is longer than it may be";
  throw new GloveboxError(
    "EXECUTOR_LOST",
    `the executing process gave a result of ${action.name} that cannot be: ${why}`,
  );
}

type Told = Exclude<CallOutcome, { kind: "critical" }>;

function payloadOf(told: Told): JsonValue {
  return told.kind === "ok" ? told.output : told.payload;
}

/** Why an outcome does not fit its contract; `error` is undefined for an action that cannot fail. */
function misfit(told: Told, output: WitType | null, error: WitType | null | undefined): string | null {
  if (told.kind === "ok") return misfitOf(told.output, output);
  if (error === undefined) return "it cannot fail";
  if (error?.kind === "enum")
    return error.cases.map(snakeCase).includes(told.case) ? misfitOf(told.payload, null) : "no such case";
  if (error?.kind !== "variant") return told.case === "error" ? misfitOf(told.payload, error) : "no such case";
  const found = error.cases.find(({ name }) => snakeCase(name) === told.case);
  return found === undefined ? "no such case" : misfitOf(told.payload, found.type);
}

function misfitOf(value: unknown, type: WitType | null): string | null {
  if (type === null) return value === null ? null : "there is a value where there can be none";
  return checkValue(type, value)[0]?.message ?? null;
}

/** Whether a value is JSON, and not too deep. */
function isPlain(value: unknown, depth: number): boolean {
  if (value === null || ["string", "number", "boolean", "undefined"].includes(typeof value)) return true;
  if (typeof value !== "object" || depth === 0) return false;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((part) => isPlain(part, depth - 1));
}
