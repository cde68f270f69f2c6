// Do the params of a call fit the contract of its action, references included?

import { assignable } from "../../contract/assignable.ts";
import { printAction, printType } from "../../contract/print.ts";
import type { Action, Parameter, WitType } from "../../contract/types.ts";
import { checkArguments as checkAgainst } from "../../contract/validate.ts";
import type { CallSite, Context } from "./context.ts";
import { nameOf } from "./context.ts";
import { type CheckedHole, checkReferences } from "./references.ts";
import { mayFit } from "./type-path.ts";

/** Reports params that are missing, unknown or of the wrong type, and references that do not fit where they stand. */
export function checkArguments(context: Context, site: CallSite): void {
  const holes = checkReferences(context, site);
  const { action } = site;
  if (action === null) return;
  const missing = action.parameters.filter(
    ({ name, type }) => type.kind !== "option" && !Object.hasOwn(site.params, name),
  );
  for (const parameter of missing) reportMissing(context, site, action, parameter);
  const problems = checkAgainst(withoutMissing(action.parameters, missing), site.params, {
    open: (_value, type, pointer) => {
      const hole = holes.get(pointer);
      if (hole === undefined) return null;
      if (hole !== null) checkHole(context, site, hole, type, pointer);
      return [];
    },
  });
  for (const { pointer: below, message } of problems) {
    const [, name = ""] = below.split("/");
    const known = action.parameters.some((parameter) => parameter.name === name);
    if (context.unreadable.has(`${site.pointer}/params${below}`)) continue;
    context.findings.error({
      code: "ARGUMENT_INVALID",
      pointer: `${site.pointer}/params${below}`,
      on: known ? "value" : "key",
      message: `${site.label}: ${pathText(below)}: ${message}`,
      hint: `${known ? `Correct ${name}` : "Remove or rename it"}; the action is ${printAction(action)}.`,
    });
  }
}

/** They have been reported, with more to say than the contract knows. */
function withoutMissing(parameters: readonly Parameter[], missing: readonly Parameter[]): readonly Parameter[] {
  if (missing.length === 0) return parameters;
  return parameters.map((parameter) =>
    missing.includes(parameter) ? { ...parameter, type: { kind: "option", value: parameter.type } } : parameter,
  );
}

function reportMissing(context: Context, site: CallSite, action: Action, { name, type }: Parameter): void {
  const base = `${site.label}: the parameter "${name}" (${printType(type)}) is missing`;
  const previous = context.plan.steps[site.step.index - 1];
  const producer = previous ? context.actions.get(previous.action) : undefined;
  let message = base;
  let hint = `Add "${name}" to params; the action is ${printAction(action)}.`;
  if (name === action.pipe && site.compensates === null) {
    if (previous === null) return; // that step is too broken to say what it gives, and has its own finding
    hint = `Give "${name}" in params, or put a step before it that gives ${printType(type)}.`;
    if (previous === undefined) message += ": it would take the result of the step before, and this is the first";
    else if (producer?.output === null)
      message += `: it would take the result of ${nameOf(previous)}, and ${producer.name} gives none`;
  }
  context.findings.error({ code: "ARGUMENT_INVALID", pointer: site.pointer, message, hint });
}

function checkHole(context: Context, site: CallSite, hole: CheckedHole, to: WitType, below: string): void {
  const from = hole.sole === null ? null : (hole.types.get(hole.sole) ?? null);
  if (hole.sole === null) checkText(context, site, hole, to, below);
  if (hole.sole === null || from === null) return;
  const fit = assignable(from, to);
  if (fit.ok) return;
  const [, name = ""] = below.split("/");
  const piped = name === site.pipe;
  const pointer = piped ? site.pointer : `${site.pointer}/params${below}`;
  const what = piped
    ? `"${name}" takes the result of the step before`
    : `\${{ ${hole.sole.text} }} goes to ${pathText(below)}`;
  const message = `${site.label}: ${what}, and ${fit.why}`;
  if (mayFit(from, to)) {
    const hint = "Nothing needs to change; the step fails if the value does not fit.";
    context.findings.atRunTime({ code: "ARGUMENT_INVALID", pointer, message, hint });
    return;
  }
  const hint = piped
    ? `Give "${name}" in params, or put a step before it that gives ${printType(to)}.`
    : `Refer to a value of type ${printType(to)}.`;
  context.findings.error({ code: "ARGUMENT_INVALID", pointer, message, hint });
}

/** Text with references in it is a string, and takes only what has one obvious spelling. */
function checkText(context: Context, site: CallSite, hole: CheckedHole, to: WitType, below: string): void {
  const pointer = `${site.pointer}/params${below}`;
  const target = to.kind === "option" ? to.value : to;
  if (!assignable({ kind: "string" }, target).ok && !mayFit({ kind: "string" }, target)) {
    const message = `${site.label}: ${pathText(below)} is text with a reference in it, which does not fit ${printType(to)}`;
    const hint = "Leave only the reference in the string, so that it keeps its type.";
    context.findings.error({ code: "ARGUMENT_INVALID", pointer, message, hint });
  }
  for (const [reference, type] of hole.types) {
    if (type === null || TEXTUAL.has(type.kind)) continue;
    const message = `${site.label}: ${pathText(below)} puts \${{ ${reference.text} }} into text, and ${printType(type)} is not text`;
    const hint = "Refer to a string, a number, a bool or an enum in it.";
    context.findings.error({ code: "ARGUMENT_INVALID", pointer, message, hint });
  }
}

const TEXTUAL: ReadonlySet<string> = new Set([
  ...["bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string", "enum"],
]);

function pathText(below: string): string {
  const segments = below.split("/").slice(1);
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~")).join(".");
}
