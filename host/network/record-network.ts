// A network that hands on everything that was asked of another, and what came of it, in the order in which it was asked.
// It must not know where that is kept, or who uses it.

import type { NetworkOutcome } from "../contract/network.ts";
import { GloveboxError } from "../errors.ts";
import type { NetworkExchange } from "../hooks.ts";
import { NETWORK_LIMITS } from "../limits.ts";
import { type Asked, describeAsked } from "./asked.ts";
import { type NetworkEntry, recorded, sizeOf } from "./entries.ts";
import type { Network } from "./network.ts";
import type { Digest } from "./record.ts";

interface Slot {
  readonly call: number;
  readonly asked: Asked;
  outcome: NetworkOutcome | null;
}

/** What is recorded so far of one run. */
interface Kept {
  bytes: number;
}

/**
 * What another network does, with an entry for every answer, and for every report of a call, in the order in which a call asked.
 * Answers that do not fit into `NETWORK_LIMITS.recordedBytes` are named, and not kept.
 */
export class RecordedNetwork implements Network {
  readonly #network: Network;
  readonly #record: (entry: NetworkEntry) => void;
  readonly #digest: Digest;
  /** In the order in which they were asked; the first one is not answered yet. */
  #waiting: Slot[] = [];
  #call = 0;
  readonly #kept: Kept;

  /** `record` is called as answers arrive and when a call ends. It must not throw. */
  constructor(network: Network, record: (entry: NetworkEntry) => void, digest: Digest, kept: Kept = { bytes: 0 }) {
    this.#network = network;
    this.#record = record;
    this.#digest = digest;
    this.#kept = kept;
  }

  readonly send = async (request: unknown, signal: AbortSignal, call: number): Promise<NetworkOutcome> => {
    const slot: Slot = { call, asked: describeAsked(request, this.#digest), outcome: null };
    this.#call = call;
    this.#waiting.push(slot);
    const outcome = await this.#network.send(request, signal, call);
    slot.outcome ??= outcome;
    this.#flush();
    return outcome;
  };

  take(): readonly NetworkExchange[] {
    for (const slot of this.#waiting) slot.outcome ??= unanswered();
    this.#flush();
    const exchanges = this.#network.take();
    if (exchanges.length > 0) this.#record({ kind: "exchanges", call: this.#call, exchanges });
    return exchanges;
  }

  branch(): Network {
    return new RecordedNetwork(this.#network.branch(), this.#record, this.#digest, this.#kept);
  }

  async close(): Promise<void> {
    await this.#network.close();
  }

  #flush(): void {
    const unanswered = this.#waiting.findIndex(({ outcome }) => outcome === null);
    const answered = this.#waiting.splice(0, unanswered < 0 ? this.#waiting.length : unanswered);
    for (const slot of answered) if (slot.outcome !== null) this.#keep(slot, slot.outcome);
  }

  #keep({ call, asked: { shown, digest } }: Slot, outcome: NetworkOutcome): void {
    const bytes = sizeOf(outcome);
    const fits = this.#kept.bytes + bytes <= NETWORK_LIMITS.recordedBytes;
    if (fits) this.#kept.bytes += bytes;
    this.#record({ kind: "answer", call, asked: shown, digest, outcome: fits ? recorded(outcome) : null });
  }
}

/** What stands for an answer that comes too late for its call. */
function unanswered(): NetworkOutcome {
  const error = new GloveboxError("CANCELLED", "the call ended before its request was answered");
  return { kind: "limit", error: error.toJSON() };
}
