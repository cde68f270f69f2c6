// Is there such an action, and may the plan call it?

import { actionAllowed, actionRefusal } from "../../scope/actions.ts";
import { quote } from "../../scope/document/quote.ts";
import type { CallSite, Context } from "./context.ts";

const LISTED = 12;

/** Reports an action that no tool has, and one that the scope or the plan's own constraints do not allow. */
export function checkAction(context: Context, site: CallSite): void {
  const { findings, authority } = context;
  const pointer = `${site.pointer}/action`;
  const name = quote(site.actionName);
  const meant = site.action === null ? context.suggest(site.actionName) : null;
  if (site.action === null) {
    const message = `${site.label}: no tool that is loaded has the action ${name}`;
    const hint = meant === null ? knownActions(context) : `Did you mean "${meant}"?`;
    findings.error({ code: "ACTION_UNKNOWN", pointer, message, hint });
  }
  const refusal = actionRefusal(authority, site.actionName);
  const typo = meant !== null && actionRefusal(authority, meant) === null;
  if (refusal === null || typo) return;
  const inScope = refusal === authority.actions[0];
  const hint = inScope
    ? `Remove the step, or have ${name} added to the actions of the scope.`
    : `Remove the step, or add ${name} to allowed_actions.`;
  const message = `${site.label}: ${refusal.from} does not allow the action ${name}`;
  findings.error({ code: "ACTION_DENIED", pointer, message, hint });
}

function knownActions(context: Context): string {
  const names = [...context.actions.keys()].filter((name) => actionAllowed(context.authority, name)).sort();
  if (names.length === 0) return "Load the tool that has it.";
  const listed = names.slice(0, LISTED).join(", ") + (names.length > LISTED ? ", ..." : "");
  return `Use one of ${listed}, or load the tool that has it.`;
}
