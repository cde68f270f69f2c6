// From a checked call to arguments that may be passed: references resolved, and every rule applied again to what has become known.

import type { Action } from "../../contract/types.ts";
import { checkArguments } from "../../contract/validate.ts";
import { GloveboxError } from "../../errors.ts";
import { rulesFor } from "../../scope/call-rules.ts";
import { printable } from "../../scope/document/quote.ts";
import type { Scope } from "../../scope/types.ts";
import type { CheckedCall } from "../checked-plan.ts";
import { type FlowTracker, namedIn } from "../flow.ts";
import { argumentBreach, type Breach, extensionBreach, roleOf, sizeBreach, stringBreach, stringsIn } from "../rules.ts";
import { holesIn } from "../template.ts";
import type { Params, Validation } from "../types.ts";
import { resolveParams, type Values } from "./resolve.ts";

/** The size of the file that a guest path leads to; null when there is none, or it is no file. */
export type StatPath = (guestPath: string) => Promise<{ readonly size: number } | null>;

/**
 * The arguments of a call. Errors: REFERENCE_INVALID, ARGUMENT_INVALID, ARGUMENT_DENIED, PATH_DENIED, NET_DENIED: the rules of the check,
 * for values that it could not see.
 */
export function prepareArguments(call: CheckedCall, values: Values, authority: Scope): Params {
  if (holesIn(call.params).length === 0) return call.params;
  const resolved = resolveParams(call.params, values);
  const [problem] = checkArguments(call.action.parameters, resolved);
  if (problem !== undefined) {
    const message = `${call.action.name}: ${problem.pointer.slice(1)}: ${problem.message}`;
    throw new GloveboxError("ARGUMENT_INVALID", printable(message), { data: { pointer: problem.pointer } });
  }
  refuseBreaches(call.action, resolved, (role, text) => stringBreach(authority, role, text));
  for (const rule of rulesFor(authority, call.action.name)) {
    for (const name of Object.keys(rule.params)) {
      const breach = argumentBreach(authority, rule, name, Object.hasOwn(resolved, name) ? resolved[name] : undefined);
      if (breach !== null) throw errorOf(call.action, breach);
    }
  }
  return resolved;
}

/** Follows private data through a call that is about to be made. Errors: FLOW_DENIED when it would let it out. */
export function followData(
  flow: FlowTracker,
  { action }: CheckedCall,
  step: string,
  takes: readonly string[],
  params: Params,
): void {
  const breach = flow.judge({ step, action, ...namedIn(action, params, (text) => text), takes });
  if (breach !== null) throw errorOf(action, breach);
}

/** Refuses files that are not as the step's validation wants them. Errors: VALIDATION_FAILED. */
export async function validateFiles(
  action: Action,
  params: Params,
  validation: Validation,
  statPath: StatPath,
): Promise<void> {
  refuseBreaches(action, params, (role, text) => (role.kind === "path" ? extensionBreach(validation, text) : null));
  if (validation.max_size_mb === undefined) return;
  for (const path of pathsIn(action, params)) {
    const file = await statPath(path);
    const breach = file === null ? null : sizeBreach(validation, path, file.size);
    if (breach !== null) throw errorOf(action, breach);
  }
}

type Rule = (role: NonNullable<ReturnType<typeof roleOf>>, text: string) => Breach | null;

function refuseBreaches(action: Action, params: Params, rule: Rule): void {
  for (const [name, value] of Object.entries(params)) {
    const role = roleOf(action, name);
    if (role === null) continue;
    for (const { text } of stringsIn(value)) {
      const breach = rule(role, text);
      if (breach !== null) throw errorOf(action, breach);
    }
  }
}

function pathsIn(action: Action, params: Params): string[] {
  const named = Object.entries(params).filter(([name]) => roleOf(action, name)?.kind === "path");
  return named.flatMap(([, value]) => stringsIn(value).map(({ text }) => text));
}

function errorOf(action: Action, { code, message, hint }: Breach): GloveboxError {
  return new GloveboxError(code, `${action.name}: ${message}`, { hint });
}
