// `when` and `for_each`: do they lead to a step and to a list, and how often does a step run at most?

import { printType } from "../../contract/print.ts";
import { didYouMean } from "../../contract/suggest.ts";
import type { JsonValue, WitType } from "../../contract/types.ts";
import { PLAN_LIMITS } from "../../limits.ts";
import { quote } from "../../scope/document/quote.ts";
import { isExternal } from "../effects.ts";
import { substitute, valueAt } from "../substitute.ts";
import { holesIn, literalText, parseTemplate, soleReference } from "../template.ts";
import type { Params, Step } from "../types.ts";
import { type CallSite, type Context, nameOf } from "./context.ts";
import { referenceType } from "./references.ts";

/** What checking a call takes besides reading its params, in characters. */
const CALL_COST = 500;

/** Reports a condition on a step that does not run before, or that can never hold. */
export function checkWhen(context: Context, step: Step): void {
  const { when } = step;
  if (when === null) return;
  const source = context.stepsById.get(when.step);
  const pointer = `/steps/${step.index}/when`;
  const label = `${nameOf(step)} (${step.action})`;
  if (source === undefined || source.index >= step.index) {
    const earlier = context.plan.steps.slice(0, step.index).flatMap((one) => one?.id ?? []);
    const why = source === undefined ? "which does not exist" : "which does not run before it";
    const message = `${label}: when asks for ${quote(when.step)}, ${why}`;
    const hint = didYouMean(when.step, earlier).trim() || "Name a step that runs before it.";
    context.findings.error({ code: "REFERENCE_INVALID", pointer: `${pointer}/step`, message, hint });
  } else if (when.status === "failed" && source.on_error === "fail") {
    const message = `${label}: it runs when ${nameOf(source)} has failed, and then the plan has failed, too`;
    const hint = `Give ${nameOf(source)} on_error: continue.`;
    context.findings.error({ code: "PLAN_INVALID", pointer, message, hint });
  }
}

/** Reports a list that is none or has no bound, and gives the type of its items; null when it is not known. */
export function checkForEach(context: Context, site: CallSite): WitType | null {
  const { step, label, action } = site;
  if (step.for_each === null) return null;
  const pointer = `${site.pointer}/for_each`;
  if (action !== null && isExternal(action)) {
    const message = `${label}: for_each is for actions whose effects are rolled back, and those of ${action.name} are not`;
    const hint = "Write each call as a step of its own, so that each can be taken back by itself.";
    context.findings.error({ code: "PLAN_INVALID", pointer, message, hint });
  }
  const { items, at_most } = step.for_each;
  if (Array.isArray(items)) return literalItems(context, site, items, at_most);
  const reading = typeof items === "string" ? parseTemplate(items) : null;
  const reference = reading?.ok === true ? soleReference(reading.template) : null;
  if (reference === null) {
    const message = `${label}: items of for_each must be a list or one reference to a list, and it is ${quote(items)}`;
    const hint = `Write items as a list, or as a reference such as \${{ steps.list.output }} and nothing else.`;
    context.findings.error({ code: "PLAN_INVALID", pointer: `${pointer}/items`, message, hint });
    return null;
  }
  boundOf(context, site, at_most);
  const type = referenceType(context, { ...site, step: { ...step, for_each: null } }, reference, `${pointer}/items`);
  if (type === null || type.kind === "list") return type?.element ?? null;
  const message = `${label}: \${{ ${reference.text} }} is ${printType(type)}, and for_each needs a list`;
  const hint = "Refer to a list.";
  context.findings.error({ code: "ARGUMENT_INVALID", pointer: `${pointer}/items`, message, hint });
  return null;
}

function boundOf(context: Context, { step, label, pointer }: CallSite, at_most: number): void {
  if (at_most > 0) {
    const message = `${label}: the list of for_each may turn out to be longer than at_most, ${at_most}`;
    const hint = "Nothing needs to change; the step fails if it is.";
    context.findings.atRunTime({ code: "RESOURCE_LIMIT", pointer: `${pointer}/for_each`, message, hint });
    return;
  }
  const message = `${nameOf(step)} (${step.action}): for_each goes through a list of unknown length, and has no at_most`;
  context.findings.error({
    code: "PLAN_INVALID",
    pointer: `${pointer}/for_each`,
    message,
    hint: "Add at_most: 100, or what is needed.",
  });
}

function literalItems(
  context: Context,
  { label, pointer }: CallSite,
  items: readonly JsonValue[],
  at_most: number,
): null {
  const place = `${pointer}/for_each`;
  if (items.length > at_most) {
    const message = `${label}: for_each has ${items.length} items, and at_most is ${at_most}`;
    context.findings.error({
      code: "PLAN_INVALID",
      pointer: place,
      message,
      hint: `Raise at_most to ${items.length}.`,
    });
  }
  const hole = holesIn(items).find(({ text }) => literalText(text) === null);
  if (hole === undefined) return null;
  const message = `${label}: an item of for_each is the reference ${quote(hole.text)}; a list that the plan writes out holds values only`;
  const hint = "Refer to a whole list with items, or write the calls out as steps.";
  context.findings.error({ code: "PLAN_INVALID", pointer: `${place}/items`, message, hint });
  return null;
}

/** The calls that a step makes as far as they are known: one for each item of a list that the plan holds, else one. */
export function callsOf(context: Context, site: CallSite): readonly CallSite[] {
  const items = site.step.for_each?.items;
  if (site.compensates !== null || !Array.isArray(items)) return [site];
  if (tooMuch(context, site, items.length)) return [];
  return (items as readonly JsonValue[]).map((item, index) => {
    const value = literalValue(item);
    const label = `${site.label}, item ${index + 1}`;
    const params = substitute(
      site.params as JsonValue,
      ({ of, path }) => (of === "item" ? valueAt(value, path) : undefined),
      ({ text }, why) => {
        const message = `${label}: "\${{ ${text} }}" cannot stand in text: ${why}`;
        const hint = "Refer to a string, a number or a bool in it.";
        context.findings.error({ code: "REFERENCE_INVALID", pointer: `${site.pointer}/params`, message, hint });
      },
    ) as Params;
    return { ...site, label, params };
  });
}

/** P5: a plan of a few MB must not be checked as one of many GB. */
function tooMuch(context: Context, { label, pointer, params }: CallSite, items: number): boolean {
  context.unrolled += items * (JSON.stringify(params).length + CALL_COST);
  if (context.unrolled <= PLAN_LIMITS.sourceBytes) return false;
  const message = `${label}: with the items of its for_each, the calls of the plan are more than ${PLAN_LIMITS.sourceBytes} characters`;
  const hint = "Go through fewer items, or make several plans of it.";
  context.findings.error({ code: "PLAN_INVALID", pointer: `${pointer}/for_each`, message, hint });
  return true;
}

/** The most that a step is called, retries included. */
export function mostCalls(step: Step): number {
  return (step.for_each?.at_most ?? 1) * (step.retries + 1);
}

function literalValue(value: JsonValue): JsonValue {
  if (typeof value === "string") return literalText(value) ?? value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(literalValue);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literalValue(inner as JsonValue)]));
}
