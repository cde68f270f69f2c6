// The time that guests and the overlay see: set at the start of each call, moved on by fuel and by sleeping, never by a wall clock.
// It must not know what it times.

/** Nanoseconds per unit of fuel: about what a unit takes on a current machine. */
const NS_PER_FUEL = 1n;

export class RunClock {
  #startNs = 0n;
  #sleptNs = 0n;
  #fuel: () => bigint = () => 0n;

  /** Starts a call at `startNs` since the epoch; `fuel` tells what it has consumed so far. Returns the start. */
  begin(startNs: bigint, fuel: () => bigint): bigint {
    this.#startNs = startNs;
    this.#sleptNs = 0n;
    this.#fuel = fuel;
    return startNs;
  }

  /** Nanoseconds since the epoch. */
  now(): bigint {
    return this.#startNs + this.#sleptNs + this.#fuel() * NS_PER_FUEL;
  }

  /** Moves on without waiting: what a sleep does. */
  advance(ns: bigint): void {
    this.#sleptNs += ns;
  }
}
