// The package wasi:clocks.

import type { VirtualClock } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import type { Interfaces } from "../resource.ts";
import { monotonicClock } from "./monotonic-clock.ts";
import { timezone } from "./timezone.ts";
import { wallClock } from "./wall-clock.ts";

/** Its interfaces, by name. */
export function clocks(ledger: Ledger, clock: VirtualClock): Interfaces {
  return {
    "wasi:clocks/monotonic-clock": monotonicClock(ledger, clock),
    "wasi:clocks/wall-clock": wallClock(ledger, clock),
    "wasi:clocks/timezone": timezone(ledger),
  };
}
