// Do the arguments keep to what the scope says about calls of their action, and are there no more calls than it allows?

import type { JsonValue } from "../../contract/types.ts";
import { actionMatches } from "../../scope/actions.ts";
import { rulesFor } from "../../scope/call-rules.ts";
import { child } from "../../scope/document/pointer.ts";
import { argumentBreach } from "../rules.ts";
import { fillHoles, holesIn, literalText } from "../template.ts";
import type { CallSite, Context } from "./context.ts";
import { mostCalls } from "./flow-control.ts";

/** Reports arguments that the scope's rules for the action refuse. Values that come from results are held to them when they are known. */
export function checkCallRules(context: Context, site: CallSite): void {
  for (const rule of rulesFor(context.authority, site.actionName)) {
    for (const name of Object.keys(rule.params)) {
      const value = Object.hasOwn(site.params, name) ? site.params[name] : undefined;
      const piped = value === undefined || name === site.pipe;
      const pointer = piped ? site.pointer : child(`${site.pointer}/params`, name);
      if (value !== undefined && holesIn(value).some(({ text }) => literalText(text) === null)) {
        const message = `${site.label}: ${name} comes from a result, and is held to the scope's rule for ${rule.pattern} when it is known`;
        const hint = "Nothing needs to change; the step fails if it turns out not to keep to it.";
        context.findings.atRunTime({ code: "ARGUMENT_DENIED", pointer, message, hint });
        continue;
      }
      const breach = argumentBreach(context.authority, rule, name, value === undefined ? undefined : literal(value));
      if (breach !== null) context.findings.error({ ...breach, pointer, message: `${site.label}: ${breach.message}` });
    }
  }
}

function literal(value: JsonValue): JsonValue {
  return fillHoles(value, (text) => literalText(text) ?? text);
}

/** Reports more calls of an action than the scope allows, in the worst case. Compensations are not counted: nobody is helped by an effect that stays. */
export function checkCallCounts(context: Context): void {
  for (const { pattern, maxCalls } of context.authority.calls) {
    if (maxCalls === null) continue;
    let calls = 0;
    for (const step of context.plan.steps) {
      if (step === null || !actionMatches(pattern, step.action)) continue;
      calls += mostCalls(step);
      if (calls <= maxCalls) continue;
      context.findings.error({
        code: "ARGUMENT_DENIED",
        pointer: `/steps/${step.index}`,
        message: `step ${step.id} (${step.action}): with it the plan may make ${calls} calls of ${pattern}, retries and items included, and max_calls of the scope "${context.authority.name}" is ${maxCalls}`,
        hint: `Make at most ${maxCalls} calls of it in one plan: leave out this step, its retries, or items.`,
      });
      break;
    }
  }
}
