// What went over the network in one run, in the order in which it was asked for.
// It must not know what was asked.

import type { NetworkExchange } from "../hooks.ts";

/** Denials are cheap for a guest; so many are recorded. */
const MOST_REFUSALS = 100;

interface Slot {
  exchange: NetworkExchange | null;
  readonly unfinished: () => NetworkExchange;
}

/** Ends what was opened, once. One that was `refused` before anything left is kept only while there are few of those. */
export type EndExchange = (exchange: NetworkExchange, refused?: boolean) => void;

/** The exchanges of one run. */
export class ExchangeLog {
  readonly #slots = new Set<Slot>();
  #refusals = 0;

  /** Opens one; `unfinished` says what it is when it is asked for before its end. */
  open(unfinished: () => NetworkExchange): EndExchange {
    const slot: Slot = { exchange: null, unfinished };
    this.#slots.add(slot);
    return (exchange, refused = false) => {
      slot.exchange ??= exchange;
      if (!refused) return;
      this.#refusals += 1;
      if (this.#refusals > MOST_REFUSALS) this.#slots.delete(slot);
    };
  }

  /** All of them since this was last asked. */
  take(): readonly NetworkExchange[] {
    const taken = [...this.#slots];
    this.#slots.clear();
    return taken.map(({ exchange, unfinished }) => exchange ?? unfinished());
  }
}
