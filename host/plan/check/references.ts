// Do references lead anywhere, and what is the type of what is there?

import { printAction } from "../../contract/print.ts";
import { didYouMean } from "../../contract/suggest.ts";
import type { WitType } from "../../contract/types.ts";
import { pointerOf } from "../../scope/document/pointer.ts";
import { holesIn, parseTemplate, type Reference, soleReference, type Template } from "../template.ts";
import type { Step } from "../types.ts";
import { type CallSite, type Context, nameOf } from "./context.ts";
import { typeAt } from "./type-path.ts";

/** A string of a call's params that holds references. */
export interface CheckedHole {
  readonly template: Template;
  /** The only reference in it, when there is no text around. */
  readonly sole: Reference | null;
  /** The type of each reference; null where something about it is wrong, or not known, and has been reported. */
  readonly types: ReadonlyMap<Reference, WitType | null>;
}

/** Reports references that lead nowhere; gives the holes by their pointers below the params. Those that cannot be read are null. */
export function checkReferences(context: Context, site: CallSite): ReadonlyMap<string, CheckedHole | null> {
  const holes = new Map<string, CheckedHole | null>();
  for (const { path, text } of holesIn(site.params)) {
    const below = pointerOf(path);
    const pointer = placeOf(site, path);
    const reading = parseTemplate(text);
    if (reading.ok) {
      const references = reading.template.filter((part) => typeof part !== "string");
      const types = new Map(references.map((one) => [one, referenceType(context, site, one, pointer)]));
      holes.set(below, { template: reading.template, sole: soleReference(reading.template), types });
      continue;
    }
    const message = `${site.label}: ${path.join(".")} has ${reading.message}`;
    context.findings.error({ code: "REFERENCE_INVALID", pointer, message, hint: reading.hint });
    holes.set(below, null);
  }
  return holes;
}

/** Where the source says something; what is piped is said by the step as a whole. */
export function placeOf(site: CallSite, path: readonly (string | number)[]): string {
  return path[0] === site.pipe ? site.pointer : `${site.pointer}/params${pointerOf(path)}`;
}

/** The type of what a reference gives, with what is wrong with it reported at `pointer`; null when something is, or when it is not known. */
export function referenceType(context: Context, site: CallSite, reference: Reference, pointer: string): WitType | null {
  const written = `"\${{ ${reference.text} }}"`;
  const fail = (why: string, hint: string): null => {
    context.findings.error({ code: "REFERENCE_INVALID", pointer, message: `${site.label}: ${why}`, hint });
    return null;
  };
  if (reference.of === "inputs") return null; // what has no value has been reported
  if (reference.of === "item") return itemType(context, site, reference, { written, pointer }, fail);
  const source = reference.step === null ? site.compensates : (context.stepsById.get(reference.step) ?? null);
  if (source === null) return fail(...unknownStep(context, site, reference, written));
  if (!runsBefore(source, site)) {
    const why = source.index === site.step.index ? "itself" : `${nameOf(source)}, which runs later`;
    return fail(`${written} refers to ${why}`, "Refer to an earlier step, or move the step up.");
  }
  const action = context.actions.get(source.action);
  if (action === undefined) return null; // that step has its own finding
  const { type: root, path } = rootOf(action, reference);
  if (root === null) {
    const what = reference.of === "input" ? "a parameter that does not exist" : "a result, and there is none";
    return fail(`${written} refers to ${what}: the action is ${printAction(action)}`, "Remove the reference.");
  }
  const whole =
    source.for_each === null || reference.of === "input" ? root : ({ kind: "list", element: root } as const);
  const end = typeAt(whole, path);
  if (!end.ok) return fail(`${written} does not lead to a value: ${end.message}`, "Correct the part after the step.");
  noteDoubts(context, site, { written, pointer }, end.doubts);
  return end.type;
}

interface Written {
  readonly written: string;
  readonly pointer: string;
}

function noteDoubts(context: Context, site: CallSite, { written, pointer }: Written, doubts: readonly string[]): void {
  if (doubts.length === 0) return;
  const message = `${site.label}: ${written} has a value only if ${doubts.join(" and ")}`;
  const hint = "Nothing needs to change; the step fails if the value is not there.";
  context.findings.atRunTime({ code: "REFERENCE_INVALID", pointer, message, hint });
}

type Fail = (why: string, hint: string) => null;

function itemType(context: Context, site: CallSite, { path }: Reference, at: Written, fail: Fail): WitType | null {
  if (site.step.for_each === null || site.compensates !== null)
    return fail(
      `${at.written} means something only in the params of a step with for_each`,
      "Give the step a for_each.",
    );
  if (Array.isArray(site.step.for_each.items))
    return fail(`${at.written} has no value`, "Correct the part after item.");
  if (site.item === null) return null; // for_each has its own finding
  const end = typeAt(site.item, path);
  if (!end.ok) return fail(`${at.written} does not lead to a value: ${end.message}`, "Correct the part after item.");
  noteDoubts(context, site, at, end.doubts);
  return end.type;
}

function unknownStep(context: Context, site: CallSite, reference: Reference, written: string): [string, string] {
  if (reference.step === null)
    return [`${written} means something only in a compensation`, "Name a step: steps.<id>.output."];
  const earlier = context.plan.steps.filter((step) => step !== null && runsBefore(step, site)) as Step[];
  const known = earlier.slice(-20).map((step) => step.id);
  const near = didYouMean(reference.step, known).trim();
  const listed = known.length === 0 ? "No step runs before this one." : `The steps before it are ${known.join(", ")}.`;
  return [`${written} refers to a step that does not exist`, near === "" ? listed : near];
}

function runsBefore(source: Step, site: CallSite): boolean {
  return source.index < site.step.index || (site.compensates !== null && source.index === site.step.index);
}

interface Root {
  readonly type: WitType | null;
  readonly path: readonly (string | number)[];
}

function rootOf(action: NonNullable<CallSite["action"]>, { of, path }: Reference): Root {
  if (of === "output") return { type: action.output, path };
  const [name, ...rest] = path;
  return { type: action.parameters.find((parameter) => parameter.name === name)?.type ?? null, path: rest };
}
