// The time of one call: instants since its start. Sleeping moves the run's clock on at once.
// It must not know the interfaces that show it.

import type { CallClock } from "./setup.ts";

const MAX_INSTANT = 2n ** 64n - 1n;

/** A monotonic and a wall clock that never look at the machine's. */
export class VirtualClock {
  readonly #clock: CallClock;
  readonly #startNs: bigint;

  /** The monotonic clock starts here, at 0. */
  constructor(clock: CallClock) {
    this.#clock = clock;
    this.#startNs = clock.now();
  }

  /** Nanoseconds since the epoch. */
  wall(): bigint {
    return this.#clock.now();
  }

  /** Nanoseconds since the start, at most 2^64 - 1. */
  monotonic(): bigint {
    return clamp(this.#clock.now() - this.#startNs);
  }

  /** The instant `duration` from now, at most the last one that can be told. */
  after(duration: bigint): bigint {
    return clamp(this.monotonic() + duration);
  }

  /** Lets the time until `instant` pass, without waiting. */
  advanceTo(instant: bigint): void {
    const wait = instant - this.monotonic();
    if (wait > 0n) this.#clock.advance(wait);
  }
}

function clamp(instant: bigint): bigint {
  return instant > MAX_INSTANT ? MAX_INSTANT : instant;
}
