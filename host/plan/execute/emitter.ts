// Tells listeners what happens, with the time since the run started. A listener that throws harms nobody.

import type { Listener, RunEvent } from "../../hooks.ts";

type Untimed<T> = T extends unknown ? Omit<T, "at_ms"> : never;

/** An event before it is known when it happened. */
export type UntimedEvent = Untimed<RunEvent>;

export class Emitter {
  readonly #listeners: readonly Listener[];
  readonly #now: () => number;
  readonly #startMs: number;

  constructor(listeners: readonly Listener[], now: () => number) {
    this.#listeners = listeners;
    this.#now = now;
    this.#startMs = now();
  }

  /** Since the start of the run. */
  elapsedMs(): number {
    return Math.max(0, this.#now() - this.#startMs);
  }

  emit(event: UntimedEvent): void {
    const timed: RunEvent = { at_ms: this.elapsedMs(), ...event };
    for (const listener of this.#listeners) quietly(() => listener.onEvent(timed));
  }

  /** The id of the trace that the run belongs to, from the first listener that has one. */
  traceId(): string | null {
    for (const listener of this.#listeners) {
      const id = quietly(() => listener.traceId?.());
      if (id !== undefined) return id;
    }
    return null;
  }
}

function quietly<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined; // the contract of Listener: what it throws is dropped
  }
}
