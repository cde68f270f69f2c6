// What one call may take: the least of what its scope, its plan's rest, its step and its tool allow.
// It must not know how anything is measured.

import type { CallBudget } from "../contract/call.ts";
import { BYTES_PER_MB, type ScopeLimits } from "../limits.ts";

/** What a run may still spend. */
export interface Remaining {
  readonly fuel: number;
  readonly ioOperations: number;
  readonly ioBytes: number;
  /** Wall clock. */
  readonly ms: number;
}

/** What a step and its tool set for one call; null for nothing. */
export interface CallCeilings {
  readonly fuel: readonly (number | null)[];
  readonly seconds: readonly (number | null)[];
}

/** The budget of the next call. Nothing in it is more than any one of its sources. */
export function callBudget(limits: ScopeLimits, remaining: Remaining, ceilings: CallCeilings): CallBudget {
  const seconds = least([limits.step_seconds, ...ceilings.seconds]);
  return {
    fuel: Math.floor(least([remaining.fuel, ...ceilings.fuel])),
    memoryBytes: Math.floor(limits.memory_mb * BYTES_PER_MB),
    stackBytes: limits.stack_kb * 1024,
    tableElements: limits.table_elements,
    ioOperations: Math.floor(Math.max(0, remaining.ioOperations)),
    ioBytes: Math.floor(Math.max(0, remaining.ioBytes)),
    outputBytes: Math.floor(limits.output_mb * BYTES_PER_MB),
    timeoutMs: Math.max(1, Math.floor(Math.min(seconds * 1000, remaining.ms))),
  };
}

function least(values: readonly (number | null)[]): number {
  return Math.min(...values.filter((value) => value !== null));
}
