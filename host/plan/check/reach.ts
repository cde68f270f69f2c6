// Do the paths and URLs in a call lie within the scope? Those that are known only at run time are checked then, by the same rules.

import { actionAllowed } from "../../scope/actions.ts";
import { child, pointerOf } from "../../scope/document/pointer.ts";
import { looksLikeUrl } from "../../scope/urls.ts";
import {
  type Breach,
  extensionBreach,
  type ParameterRole,
  roleOf,
  stringBreach,
  stringsIn,
  urlBreach,
} from "../rules.ts";
import { literalText } from "../template.ts";
import type { CallSite, Context } from "./context.ts";

/** Reports paths and URLs outside of the scope, and files that the step's own validation refuses. */
export function checkReach(context: Context, site: CallSite): void {
  // A URL in a call that is refused anyway is still something that the plan reaches for.
  const suspect = site.action === null || !actionAllowed(context.authority, site.actionName);
  for (const [name, value] of Object.entries(site.params)) {
    const role = site.action === null ? null : roleOf(site.action, name);
    if (role === null && !suspect) continue;
    for (const { text, path } of stringsIn(value)) {
      const pointer = name === site.pipe ? site.pointer : `${child(`${site.pointer}/params`, name)}${pointerOf(path)}`;
      checkString(context, site, { role, name, text, pointer });
    }
  }
}

interface Named {
  readonly role: ParameterRole;
  readonly name: string;
  readonly text: string;
  readonly pointer: string;
}

function checkString(context: Context, site: CallSite, named: Named): void {
  const { role, name, pointer } = named;
  const text = literalText(named.text);
  if (role === null) {
    if (looksLikeUrl(named.text)) report(context, site, named, urlBreach(context.authority, named.text));
    return;
  }
  if (text === null) {
    const what = role.kind === "path" ? "path" : "URL";
    context.findings.atRunTime({
      code: role.kind === "path" ? "PATH_DENIED" : "NET_DENIED",
      pointer,
      message: `${site.label}: the ${what} "${name}" comes from a result, and is checked against the scope when it is known`,
      hint: "Nothing needs to change; the step fails if it turns out to lie outside.",
    });
    return;
  }
  report(context, site, named, stringBreach(context.authority, role, text));
  if (role.kind === "path" && site.compensates === null)
    report(context, site, named, extensionBreach(site.step.validation, text));
}

function report(context: Context, site: CallSite, { name, pointer }: Named, breach: Breach | null): void {
  if (breach === null) return;
  const ownRule = breach.code === "NET_DENIED" && context.scope.network.length > 0 && !context.authority.network.length;
  const hint = ownRule ? "Remove the URL, or network_access: false from the plan's constraints." : breach.hint;
  context.findings.error({ ...breach, hint, pointer, message: `${site.label}: ${name}: ${breach.message}` });
}
