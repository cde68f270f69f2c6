// Which actions a person is asked about before each call. It must not know how they are asked.

import { actionMatches } from "./actions.ts";
import type { Scope } from "./types.ts";

/** Whether the scope wants each call of this action approved. Its patterns mean what those of `actions` mean. */
export function needsApproval(scope: Scope, action: string): boolean {
  return scope.approve.some((pattern) => actionMatches(pattern, action));
}
