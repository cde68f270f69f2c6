// wasi:io/poll: waiting, in virtual time.
// Files and streams in memory are always ready; a timer is waited for by letting the time until its instant pass.

import { GloveboxError } from "../../errors.ts";
import type { VirtualClock } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";

/** Something to wait for: a timer, or what is ready at once. */
export class Pollable extends Resource {
  readonly #timer: { readonly clock: VirtualClock; readonly instant: bigint } | null;

  private constructor(ledger: Ledger, timer: { readonly clock: VirtualClock; readonly instant: bigint } | null) {
    super(ledger);
    this.#timer = timer;
  }

  /** Errors: RESOURCE_LIMIT. */
  static alwaysReady(ledger: Ledger): Pollable {
    return new Pollable(ledger, null);
  }

  /** Ready from `instant` of the monotonic clock on. Errors: RESOURCE_LIMIT. */
  static timer(ledger: Ledger, clock: VirtualClock, instant: bigint): Pollable {
    return new Pollable(ledger, { clock, instant });
  }

  /** Lets time pass until at least one is ready; the indices of those that are. Errors: TRAP, for an empty list. */
  static poll(pollables: readonly Pollable[]): Uint32Array {
    if (pollables.length === 0) throw new GloveboxError("TRAP", "the guest polled an empty list");
    if (!pollables.some((pollable) => pollable.#isReady())) Pollable.#earliest(pollables).#wait();
    const ready: number[] = [];
    for (const [index, pollable] of pollables.entries()) if (pollable.#isReady()) ready.push(index);
    return Uint32Array.from(ready);
  }

  static #earliest(pollables: readonly Pollable[]): Pollable {
    return pollables.reduce((first, next) => (next.#instant() < first.#instant() ? next : first));
  }

  ready(): boolean {
    return this.#isReady();
  }

  block(): void {
    this.#wait();
  }

  #instant(): bigint {
    return this.#timer?.instant ?? 0n;
  }

  #isReady(): boolean {
    return this.#timer === null || this.#timer.clock.monotonic() >= this.#timer.instant;
  }

  #wait(): void {
    this.#timer?.clock.advanceTo(this.#timer.instant);
  }
}
guardMethods(Pollable);
