// wasi:clocks/monotonic-clock: instants since the start of the call, and timers.

import type { VirtualClock } from "../clock.ts";
import { Pollable } from "../io/poll.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

/** The interface over the clock of one call. */
export function monotonicClock(ledger: Ledger, clock: VirtualClock): Readonly<Record<string, unknown>> {
  return guardFunctions(ledger, {
    now: (): bigint => clock.monotonic(),
    resolution: (): bigint => 1n,
    subscribeInstant: (when: bigint): Pollable => Pollable.timer(ledger, clock, when),
    subscribeDuration: (duration: bigint): Pollable => Pollable.timer(ledger, clock, clock.after(duration)),
  });
}
