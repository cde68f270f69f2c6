// Which actions a scope allows. It must not know which actions exist.

import { globMatches } from "./glob.ts";
import type { ActionList, Scope } from "./types.ts";

/**
 * Whether a pattern of a scope means an action. "*" stands for any characters on one side of the "/", so that `file.*` is the standard
 * library's alone, and no `acme/file.read`; a "*" by itself is every action.
 */
export function actionMatches(pattern: string, action: string): boolean {
  if (pattern === "*") return true;
  const [wanted, name] = [pattern.split("/"), action.split("/")];
  return wanted.length === name.length && wanted.every((part, index) => globMatches(part, name[index] ?? ""));
}

/** The first list of the scope that has no pattern for `action`; null when the action is allowed. */
export function actionRefusal(scope: Scope, action: string): ActionList | null {
  return scope.actions.find((list) => !list.patterns.some((pattern) => actionMatches(pattern, action))) ?? null;
}

/** Whether a plan may call this action. */
export function actionAllowed(scope: Scope, action: string): boolean {
  return actionRefusal(scope, action) === null;
}
