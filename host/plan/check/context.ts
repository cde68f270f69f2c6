// What all parts of a check look at: the plan, what it may do, and the actions that there are.

import { closest } from "../../contract/suggest.ts";
import type { Action, WitType } from "../../contract/types.ts";
import { narrow } from "../../scope/narrow.ts";
import type { Scope } from "../../scope/types.ts";
import type { Params, ParsedPlan, Step } from "../types.ts";
import { Findings } from "./findings.ts";

export interface Context {
  readonly plan: ParsedPlan;
  readonly scope: Scope;
  /** What both the scope and the plan's constraints allow. */
  readonly authority: Scope;
  readonly actions: ReadonlyMap<string, Action>;
  readonly stepsById: ReadonlyMap<string, Step>;
  readonly findings: Findings;
  /** The pointers of values that could not be read, and have been reported. */
  readonly unreadable: ReadonlySet<string>;
  /** Characters of params that loops over written lists have been checked with. */
  unrolled: number;
  /** The known action that was probably meant; null for none. */
  suggest(action: string): string | null;
}

/** A call that a plan asks for: a step's own, or the one that compensates it. */
export interface CallSite {
  /** How messages name it: `step 2 (process.filter)`. */
  readonly label: string;
  /** Of the object that holds its action and its params. */
  readonly pointer: string;
  readonly step: Step;
  readonly actionName: string;
  /** Null when no tool has it. */
  readonly action: Action | null;
  /** With the pipe's reference, where there is one. */
  readonly params: Params;
  /** The parameter that takes the previous step's result. */
  readonly pipe: string | null;
  /** The step whose `step.input` and `step.output` it may refer to; null but for compensations. */
  readonly compensates: Step | null;
  /** The type that `item` has; null when it is not known, or not there. */
  readonly item: WitType | null;
}

const MOST_SUGGESTIONS = 100;

/** The context of one check. */
export function createContext(plan: ParsedPlan, scope: Scope, actions: readonly Action[]): Context {
  const steps = plan.steps.filter((step) => step !== null);
  const names = actions.map((action) => action.name);
  const suggestions = new Map<string, string | null>();
  return {
    plan,
    scope,
    authority: narrow(scope, plan.constraints, "the plan's allowed_actions"),
    actions: new Map(actions.map((action) => [action.name, action])),
    // Of two steps with one id, references mean the first; the second is a finding.
    stepsById: new Map(steps.toReversed().map((step) => [step.id, step])),
    findings: new Findings(),
    unreadable: new Set(plan.document.problems.map(({ pointer }) => pointer)),
    unrolled: 0,
    suggest: (action) => {
      const known = suggestions.get(action);
      if (known !== undefined) return known;
      const found = suggestions.size < MOST_SUGGESTIONS ? meant(action, names) : null;
      suggestions.set(action, found);
      return found;
    },
  };
}

/** A name without its publisher, else the nearest one. */
function meant(action: string, names: readonly string[]): string | null {
  return names.find((name) => name.endsWith(`/${action}`)) ?? closest(action, names);
}

/** `step 2` or `step "read"`. */
export function nameOf(step: Step): string {
  return step.id === String(step.index + 1) ? `step ${step.id}` : `step "${step.id}"`;
}
