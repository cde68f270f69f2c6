// Which actions a scope allows. It must not know which actions exist.

import { globMatches } from "./glob.ts";
import type { ActionList, Scope } from "./types.ts";

/** The first list of the scope that has no pattern for `action`; null when the action is allowed. */
export function actionRefusal(scope: Scope, action: string): ActionList | null {
  return scope.actions.find((list) => !list.patterns.some((pattern) => globMatches(pattern, action))) ?? null;
}

/** Whether a plan may call this action. */
export function actionAllowed(scope: Scope, action: string): boolean {
  return actionRefusal(scope, action) === null;
}
