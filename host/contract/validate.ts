// Does a JSON value fit a WIT type? If not: where, why, and what would. jco checks next to nothing of what it lowers, so this is the check.
// It must not know plans or components.

import type { Parameter, WitType } from "./types.ts";
import { type Problem, Walk, type WalkOptions } from "./walk.ts";

export type { Open, Problem, WalkOptions } from "./walk.ts";

/** Everything wrong with `value` as a value of `type`, in the order of the value; empty when it fits. */
export function checkValue(type: WitType, value: unknown, options: WalkOptions = {}): readonly Problem[] {
  return new Walk(options).value(type, value, options.pointer ?? "");
}

/** Everything wrong with the arguments of an action: missing, unknown, or of the wrong type. A parameter of option type may be left out. */
export function checkArguments(
  parameters: readonly Parameter[],
  values: Readonly<Record<string, unknown>>,
  options: WalkOptions = {},
): readonly Problem[] {
  return new Walk(options).fields(parameters, values, options.pointer ?? "", "parameter");
}
