// wasi:clocks/timezone (unstable in 0.2): it is UTC everywhere.

import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

interface TimezoneDisplay {
  readonly utcOffset: number;
  readonly name: string;
  readonly inDaylightSavingTime: boolean;
}

const UTC: TimezoneDisplay = { utcOffset: 0, name: "UTC", inDaylightSavingTime: false };

/** The interface. */
export function timezone(ledger: Ledger): Readonly<Record<string, unknown>> {
  return guardFunctions(ledger, { display: (): TimezoneDisplay => UTC, utcOffset: (): number => 0 });
}
