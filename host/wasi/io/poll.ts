// wasi:io/poll: waiting, in virtual time.
// Files and streams in memory are always ready; a timer is waited for by letting the time until its instant pass. Only events of the
// world outside are really waited for: their functions give promises, and guests that can have one are compiled to be suspended.

import { GloveboxError } from "../../errors.ts";
import type { VirtualClock } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";

interface Timer {
  readonly clock: VirtualClock;
  readonly instant: bigint;
}

/** Something that happens outside. For the guest it takes no time. */
export interface OutsideEvent {
  isReady(): boolean;
  /** Resolves when it is ready. Rejects with what ends the call. */
  wait(): Promise<void>;
  /** Those that it is waited for together with, where the first of them is enough. */
  readonly group?: EventGroup;
}

/** Events of which the first one is waited for: what came first is then told by the world outside, and recorded there. */
export interface EventGroup {
  /** Resolves when any of them is ready, or when so many nanoseconds have passed outside. Rejects with what ends the call. */
  waitAny(events: readonly OutsideEvent[], ns: bigint | null): Promise<void>;
}

/** Something to wait for: a timer, an event, or what is ready at once. */
export class Pollable extends Resource {
  readonly #timer: Timer | null;
  readonly #event: OutsideEvent | null;

  private constructor(ledger: Ledger, timer: Timer | null, event: OutsideEvent | null = null) {
    super(ledger);
    this.#timer = timer;
    this.#event = event;
  }

  /** Errors: RESOURCE_LIMIT. */
  static alwaysReady(ledger: Ledger): Pollable {
    return new Pollable(ledger, null);
  }

  /** Ready from `instant` of the monotonic clock on. Errors: RESOURCE_LIMIT. */
  static timer(ledger: Ledger, clock: VirtualClock, instant: bigint): Pollable {
    return new Pollable(ledger, { clock, instant });
  }

  /** Ready when the event is; asking whether it is waits for it. Errors: RESOURCE_LIMIT. */
  static event(ledger: Ledger, event: OutsideEvent): Pollable {
    return new Pollable(ledger, null, event);
  }

  /**
   * Lets time pass until at least one is ready; the indices of those that are. When none is, all events are waited for, so that their
   * order in time makes no difference, and timers do not run meanwhile; but of a group the first one is, or the first timer. Errors: TRAP, for an empty list.
   */
  static poll(pollables: readonly Pollable[]): Uint32Array | Promise<Uint32Array> {
    if (pollables.length === 0) throw new GloveboxError("TRAP", "the guest polled an empty list");
    if (pollables.some((pollable) => pollable.#isReady())) return Pollable.#ready(pollables);
    const events = pollables.flatMap((pollable) => pollable.#event ?? []);
    const alone = events.filter(({ group }) => group === undefined);
    if (alone.length > 0) return Promise.all(alone.map((event) => event.wait())).then(() => Pollable.#ready(pollables));
    const timers = pollables.filter((pollable) => pollable.#timer !== null);
    const earliest = timers.length === 0 ? null : Pollable.#earliest(timers);
    const group = events[0]?.group;
    const pass = (): Uint32Array => {
      if (earliest !== null && !events.some((event) => event.isReady())) earliest.#pass();
      return Pollable.#ready(pollables);
    };
    if (group === undefined) return pass();
    return group.waitAny(events, earliest === null ? null : earliest.#remaining()).then(pass);
  }

  static #ready(pollables: readonly Pollable[]): Uint32Array {
    const ready: number[] = [];
    for (const [index, pollable] of pollables.entries()) if (pollable.#isReady()) ready.push(index);
    return Uint32Array.from(ready);
  }

  static #earliest(pollables: readonly Pollable[]): Pollable {
    return pollables.reduce((first, next) => (next.#instant() < first.#instant() ? next : first));
  }

  ready(): boolean | Promise<boolean> {
    const event = this.#event;
    if (event === null || event.isReady()) return this.#isReady();
    return event.group === undefined
      ? event.wait().then(() => true)
      : event.group.waitAny([event], 0n).then(() => event.isReady());
  }

  block(): void | Promise<void> {
    if (this.#event !== null && !this.#event.isReady()) return this.#event.wait();
    this.#pass();
  }

  #remaining(): bigint | null {
    return this.#timer === null ? null : this.#timer.instant - this.#timer.clock.monotonic();
  }

  #instant(): bigint {
    return this.#timer?.instant ?? 0n;
  }

  #isReady(): boolean {
    if (this.#event !== null) return this.#event.isReady();
    return this.#timer === null || this.#timer.clock.monotonic() >= this.#timer.instant;
  }

  #pass(): void {
    this.#timer?.clock.advanceTo(this.#timer.instant);
  }
}
guardMethods(Pollable);
