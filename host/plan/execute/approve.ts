// Before a call that the scope wants approved: asks, and goes on only with an answer to exactly this call.
// It must not know who is asked.

import { GloveboxError } from "../../errors.ts";
import { needsApproval } from "../../scope/approve.ts";
import { approvalHash } from "../approval.ts";
import type { CheckedStep } from "../checked-plan.ts";
import type { Params } from "../types.ts";
import type { Run } from "./run.ts";

interface Asked {
  readonly input: Params;
  /** The item of a list that the call is for. */
  readonly item: number | null;
  readonly signal: AbortSignal;
}

/** Returns when the call may be made. Errors: APPROVAL_REQUIRED when nobody can be asked, APPROVAL_DENIED, and what asking throws. */
export async function askApproval(
  run: Run,
  { action, step }: CheckedStep,
  { input, item, signal }: Asked,
): Promise<void> {
  const { approve, caller } = run.options;
  if (!needsApproval(run.content.authority, action.name)) return;
  if (approve === undefined) throw refusal("APPROVAL_REQUIRED", action.name, "and nobody can be asked here");
  const { digest } = action.tool;
  const call = { step: step.id, item, action: action.name, digest, arguments: input };
  const hash = await approvalHash({ planHash: run.content.hash, ...call });
  const changes = await caller.diff(step.index);
  const askedAt = run.emitter.elapsedMs();
  try {
    const answer = await approve({ ...call, effect: action.effect, reason: step.reason, changes, hash }, signal);
    if (answer.hash !== hash) throw refusal("APPROVAL_DENIED", action.name, "and the answer is about another call");
    if (!answer.approved) throw refusal("APPROVAL_DENIED", action.name, `and it was refused${because(answer.reason)}`);
  } finally {
    run.waitedMs += run.emitter.elapsedMs() - askedAt;
  }
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason.slice(0, 1000)}`;
}

function refusal(code: "APPROVAL_REQUIRED" | "APPROVAL_DENIED", action: string, why: string): GloveboxError {
  const message = `${action} was not called: the scope wants each call of it approved, ${why}`;
  const hint = "Ask a person who may approve it, or plan without this action.";
  return new GloveboxError(code, message, { hint });
}
