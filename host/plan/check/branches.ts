// Do steps that may run side by side meet at a file? What they do with paths that are not known yet is looked at when they have run.

import { normalisePath } from "../../scope/paths.ts";
import { clashBreach, type Footprint, Footprints } from "../conflict.ts";
import { namedIn } from "../flow.ts";
import { Order } from "../order.ts";
import { literalText } from "../template.ts";
import type { Step } from "../types.ts";
import type { CallSite, Context } from "./context.ts";

/** A step with its calls, as far as they are known, and the steps whose results or outcomes reach it. */
export interface Sighted {
  readonly calls: readonly CallSite[];
  readonly sources: readonly string[];
}

/** Reports steps of which neither waits for the other and that use the same files, one of them writing. Null stands for a step that is broken. */
export function checkBranches(context: Context, sighted: readonly (Sighted | null)[]): void {
  const { steps } = context.plan;
  if (steps.every((step) => step?.independent !== true)) return;
  const order = Order.of(
    steps.map((step, index) => ({
      independent: step?.independent === true,
      named: step === null ? [] : numbersOf(context, step, sighted[index]?.sources ?? []),
    })),
  );
  if (order.isTotal) return;
  const footprints = new Footprints(order);
  for (const [index, step] of steps.entries()) {
    const calls = sighted[index]?.calls ?? [];
    if (step === null || context.findings.full) continue;
    const clash = footprints.add(index, mergedFootprint(calls));
    const other = clash === null ? null : (steps[clash.earlier] ?? null);
    const [site] = calls;
    if (site === undefined) continue;
    if (clash !== null && other !== null) reportClash(context, site, clash, other);
    else if (step.independent && calls.some(mayMeet)) noteUnknown(context, site);
  }
}

function numbersOf({ stepsById }: Context, step: Step, sources: readonly string[]): readonly number[] {
  const named = [...step.needs, ...sources].map((id) => stepsById.get(id)?.index ?? step.index);
  return named.filter((index) => index < step.index);
}

function mergedFootprint(calls: readonly CallSite[]): Footprint {
  const paths = calls.flatMap(({ action, params }) =>
    action === null ? [] : namedIn(action, params, literalText).paths,
  );
  const named = (wanted: "read" | "write"): readonly string[] =>
    paths.flatMap(({ path, use }) => (use === wanted && path !== null ? (normalisePath(path) ?? []) : []));
  return { reads: named("read"), writes: named("write") };
}

/** Whether a call uses files that its params do not tell. */
function mayMeet({ action, params }: CallSite): boolean {
  if (action === null) return false;
  if (action.effect === "reversible" && !Object.values(action.paths).includes("write")) return true;
  return namedIn(action, params, literalText).paths.some(({ path }) => path === null);
}

type Found = NonNullable<ReturnType<Footprints["add"]>>;

function reportClash(context: Context, site: CallSite, clash: Found, other: Step): void {
  const { message, ...breach } = clashBreach(clash, `step ${other.id} (${other.action})`, other.id);
  context.findings.error({ ...breach, pointer: site.pointer, message: `${site.label}: ${message}` });
}

function noteUnknown(context: Context, { label, pointer }: CallSite): void {
  context.findings.atRunTime({
    code: "CONFLICT_WRITE_WRITE",
    pointer,
    message: `${label}: which files it uses is known only when it runs, and it may run beside other steps`,
    hint: "Nothing needs to change; the plan fails if two such steps turn out to use the same file and one of them writes it.",
  });
}
