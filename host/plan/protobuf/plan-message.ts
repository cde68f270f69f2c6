// Plans as Protocol Buffers messages: bytes to the JSON form of a plan, and back. It must not know what a plan means.

import { fromBinary, fromJson, type JsonValue as MessageJson, toBinary, toJson } from "@bufbuild/protobuf";
import type { JsonValue } from "../../contract/types.ts";
import { GloveboxError } from "../../errors.ts";
import { PLAN_LIMITS } from "../../limits.ts";
import { type Plan, PlanSchema } from "./plan_pb.ts";

const HINT = "Write it with proto/glovebox/v1/plan.proto.";

/**
 * The JSON form of a plan in a binary message: what is left out stays left out, so that its hash is that of the same plan in JSON.
 * Errors: PLAN_INVALID for bytes that are too many or no such message, and for fields that this version does not know.
 */
export function planFromBinary(bytes: Uint8Array): JsonValue {
  if (bytes.length > PLAN_LIMITS.sourceBytes) {
    const message = `the plan is ${bytes.length} bytes, and at most ${PLAN_LIMITS.sourceBytes} are allowed`;
    throw new GloveboxError("PLAN_INVALID", message, { hint: "Hand large texts over in files." });
  }
  const plan = understood(() => fromBinary(PlanSchema, bytes), "the bytes are no glovebox.v1.Plan");
  if (hasUnknown(plan)) {
    // Dropped, it could have been a constraint.
    const message = "the plan has fields that this version of Glovebox does not know";
    throw new GloveboxError("PLAN_INVALID", message, { hint: HINT });
  }
  return understood(() => toJson(PlanSchema, plan) as JsonValue, "the message has a value that is none");
}

/** The binary message of a plan in its JSON form. Errors: PLAN_INVALID for what has no place in the message. */
export function planToBinary(plan: JsonValue): Uint8Array {
  const message = understood(() => fromJson(PlanSchema, plan as MessageJson), "the plan does not fit the message");
  return toBinary(PlanSchema, message);
}

function understood<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : "";
    throw new GloveboxError("PLAN_INVALID", `${what}: ${reason}`, { hint: HINT, cause });
  }
}

/** Params and values are open by nature; the messages of a plan are not. */
function hasUnknown(plan: Plan): boolean {
  const steps = plan.steps.flatMap((step) => [step, step.validation, step.compensate, step.when, step.forEach]);
  const all = [plan, plan.constraints, ...Object.values(plan.inputs), ...steps];
  return all.some((message) => message?.$unknown !== undefined && message.$unknown.length > 0);
}
