// wasi:clocks/wall-clock: the date, and the record that all WASI timestamps have.

import type { VirtualClock } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

const NS_PER_SECOND = 1_000_000_000n;

export interface Datetime {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

/** Nanoseconds since the epoch as WASI's record; undefined before 1970, which it cannot tell. */
export function toDatetime(ns: bigint): Datetime | undefined {
  if (ns < 0n) return undefined;
  return { seconds: ns / NS_PER_SECOND, nanoseconds: Number(ns % NS_PER_SECOND) };
}

/** The other way round; undefined when it is later than a file can have, or its nanoseconds are a second or more. */
export function fromDatetime(datetime: Datetime): bigint | undefined {
  const ns = datetime.seconds * NS_PER_SECOND + BigInt(datetime.nanoseconds);
  return ns < 2n ** 63n && datetime.nanoseconds < Number(NS_PER_SECOND) ? ns : undefined;
}

/** The interface over the clock of one call. */
export function wallClock(ledger: Ledger, clock: VirtualClock): Readonly<Record<string, unknown>> {
  return guardFunctions(ledger, {
    now: (): Datetime => toDatetime(clock.wall()) ?? { seconds: 0n, nanoseconds: 0 },
    resolution: (): Datetime => ({ seconds: 0n, nanoseconds: 1 }),
  });
}
