// The part of a scope that is left when a plan's own constraints hold too. It can only get smaller.

import { deepFreeze } from "./freeze.ts";
import type { Constraints, Scope } from "./types.ts";

/** What both the scope and the constraints allow; `from` says whose they are. */
export function narrow(scope: Scope, constraints: Constraints, from: string): Scope {
  const { allowed_actions: patterns } = constraints;
  const { limits } = scope;
  return deepFreeze({
    ...scope,
    actions: patterns === undefined ? scope.actions : [...scope.actions, { from, patterns }],
    network: constraints.network_access === false ? [] : scope.network,
    limits: {
      ...limits,
      duration_seconds: least(limits.duration_seconds, constraints.max_duration_seconds),
      fuel: least(limits.fuel, constraints.max_fuel),
      memory_mb: least(limits.memory_mb, constraints.max_memory_mb),
      network_requests: constraints.network_access === false ? 0 : limits.network_requests,
    },
  });
}

function least(a: number, b: number | undefined): number {
  return b === undefined ? a : Math.min(a, b);
}
