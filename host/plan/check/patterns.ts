// Do the patterns of the scope mean anything? One that fits no action grants nothing, and asks about nothing, which is seldom what was meant.

import { actionMatches } from "../../scope/actions.ts";
import { quote } from "../../scope/document/quote.ts";
import type { Context } from "./context.ts";

/** Notes patterns of the scope that fit no action of a loaded tool. */
export function notePatterns({ scope, actions, findings }: Context): void {
  const names = [...actions.keys()];
  const note = (list: "actions" | "approve", patterns: readonly string[]): void => {
    for (const pattern of new Set(patterns)) {
      if (names.some((name) => actionMatches(pattern, name))) continue;
      const effect = list === "actions" ? "allows nothing" : "asks about nothing";
      findings.note({
        code: "SCOPE_PATTERN_UNUSED",
        pointer: "",
        message: `the scope "${scope.name}": ${list} has ${quote(pattern)}, which fits no action that is loaded and so ${effect}`,
        hint: "Correct it, or load the tool that has such an action.",
      });
    }
  };
  note("actions", scope.actions[0]?.patterns ?? []);
  note("approve", scope.approve);
}
