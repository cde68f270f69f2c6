// How the calls of a run are told apart, and that a call is the one that was recorded.
// It must not know what is done with a call.

import { canonicalJson } from "../plan/canonical.ts";
import { CallNotBegun, type StepCall } from "../plan/tool-caller.ts";
import type { CallName } from "./entries.ts";
import type { PastCall } from "./past.ts";

/** Names calls by their step, what they are for, and how many came before: in whatever order steps run, a call has one name. */
export class CallNames {
  readonly #counts = new Map<string, number>();

  /** The name of the next call like this one. */
  next({ purpose, step }: StepCall): CallName {
    const key = `${purpose} ${step}`;
    const number = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, number);
    return { purpose, step, number };
  }
}

/** Refuses a call that is not the one of that name in the journal. Errors: CallNotBegun (REPLAY_DIVERGED). */
export function refuseDifference({ action, arguments: args }: StepCall, name: CallName, { intent }: PastCall): void {
  const [then, now] = [intent.arguments, args].map((one) => canonicalJson(one));
  if (intent.action === action.name && then === now) return;
  const where = `${name.purpose === "step" ? "step" : "the compensation of step"} ${name.step}, call ${name.number}`;
  const what =
    intent.action === action.name
      ? `other arguments than ${cut(then ?? "")}: ${cut(now ?? "")}`
      : `${action.name} instead of ${intent.action}`;
  throw new CallNotBegun("REPLAY_DIVERGED", `${where} is not what the journal has: ${what}`, {
    data: { step: name.step, purpose: name.purpose, number: name.number },
    hint: "The plan, the tools or the scope are not those of the recorded run.",
  });
}

function cut(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
