// From a checked call to arguments that may be passed: references resolved, and every rule applied again to what has become known.

import type { Action } from "../../contract/types.ts";
import { checkArguments } from "../../contract/validate.ts";
import { GloveboxError } from "../../errors.ts";
import { rulesFor } from "../../scope/call-rules.ts";
import { printable } from "../../scope/document/quote.ts";
import { normalisePath } from "../../scope/paths.ts";
import type { Scope } from "../../scope/types.ts";
import type { CheckedCall } from "../checked-plan.ts";
import { type FlowTracker, namedIn } from "../flow.ts";
import type { Order } from "../order.ts";
import { argumentBreach, type Breach, extensionBreach, roleOf, sizeBreach, stringBreach, stringsIn } from "../rules.ts";
import { holesIn } from "../template.ts";
import type { CallPlace } from "../tool-caller.ts";
import type { Params, Step, Validation } from "../types.ts";
import { resolveParams, type Values } from "./resolve.ts";

/** The size of the file that a guest path leads to, as a call at that place sees it; null when there is none, or it is no file. */
export type StatPath = (guestPath: string, place?: CallPlace) => Promise<{ readonly size: number } | null>;

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
  { flow, order }: { readonly flow: FlowTracker; readonly order: Order },
  { action }: CheckedCall,
  { step, takes }: { readonly step: Step; readonly takes: readonly string[] },
  params: Params,
): void {
  const sees = (earlier: number): boolean => earlier === step.index || order.isBefore(earlier, step.index);
  const named = namedIn(action, params, (text) => text);
  const breach = flow.judge({ step: step.id, index: step.index, action, ...named, takes, sees });
  if (breach !== null) throw errorOf(action, breach);
}

/** The paths that a call is given to read, normalised. */
export function readsOf(action: Action, params: Params): readonly string[] {
  const { paths } = namedIn(action, params, (text) => text);
  return paths.flatMap(({ path, use }) => (use === "read" && path !== null ? (normalisePath(path) ?? []) : []));
}

/** Refuses files that are not as the step's validation wants them. Errors: VALIDATION_FAILED. */
export async function validateFiles(
  action: Action,
  params: Params,
  validation: Validation,
  statPath: (path: string) => ReturnType<StatPath>,
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
