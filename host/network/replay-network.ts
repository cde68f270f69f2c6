// A network made of what was recorded of another: it opens no socket, looks up no name, and answers only what was asked before.
// It must not know where entries come from.

import type { NetworkOutcome } from "../contract/network.ts";
import { GloveboxError } from "../errors.ts";
import type { NetworkExchange } from "../hooks.ts";
import { type Asked, describeAsked } from "./asked.ts";
import { type NetworkEntry, restored } from "./entries.ts";
import type { Network } from "./network.ts";
import type { Digest } from "./record.ts";

/** What is left of a record, by call, and the first difference from it. */
interface Recorded {
  readonly left: ReadonlyMap<number, NetworkEntry[]>;
  failure: GloveboxError | null;
}

/**
 * A network that serves the entries of each call in order. Whoever asks for what is missing or different ends with REPLAY_DIVERGED, and so does
 * everything that is asked after that. What was never answered is not answered here either, until its call ends.
 */
export class ReplayedNetwork implements Network {
  readonly #digest: Digest;
  readonly #recorded: Recorded;
  #call = 0;

  /** `digest` is the one that the entries were recorded with. */
  constructor(entries: readonly NetworkEntry[], digest: Digest, recorded: Recorded = byCall(entries)) {
    this.#digest = digest;
    this.#recorded = recorded;
  }

  readonly send = async (request: unknown, signal: AbortSignal, call: number): Promise<NetworkOutcome> => {
    this.#call = call;
    const outcome = this.#answer(describeAsked(request, this.#digest));
    if (outcome.kind === "limit" && outcome.error.code === "CANCELLED") await aborted(signal);
    return outcome;
  };

  take(): readonly NetworkExchange[] {
    const left = this.#left();
    if (left[0]?.kind !== "exchanges") return [];
    const { exchanges } = left[0];
    left.shift();
    return exchanges;
  }

  branch(): Network {
    return new ReplayedNetwork([], this.#digest, this.#recorded);
  }

  /** The first difference from what was recorded (REPLAY_DIVERGED); once a run has ended, also that it asked for less. Null when there is none. */
  divergence(): GloveboxError | null {
    const next = [...this.#recorded.left.values()].find((left) => left.length > 0)?.[0];
    if (this.#recorded.failure !== null || next === undefined) return this.#recorded.failure;
    const what = next.kind === "answer" ? next.asked : "what was reported of a call";
    return this.#diverge(`the recorded run asked for more: next, ${what}`, { recorded: what });
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  #left(): NetworkEntry[] {
    return this.#recorded.left.get(this.#call) ?? [];
  }

  #answer({ shown, digest }: Asked): NetworkOutcome {
    const [entry] = this.#left();
    if (this.#recorded.failure !== null) return limit(this.#recorded.failure);
    if (entry?.kind !== "answer") {
      return limit(this.#diverge(`the tool asked for ${shown}, which the recorded run did not`, { asked: shown }));
    }
    if (entry.digest !== digest) {
      const recorded = entry.asked === shown ? "the same with other headers, body or timeouts" : entry.asked;
      const message = `the tool asked for ${shown} where the recorded run asked for ${recorded}`;
      return limit(this.#diverge(message, { asked: shown, recorded: entry.asked }));
    }
    if (entry.outcome === null) {
      return limit(this.#diverge(`the answer to ${shown} was too large to be recorded`, { asked: shown }));
    }
    this.#left().shift();
    return restored(entry.outcome);
  }

  #diverge(message: string, facts: Readonly<Record<string, string>>): GloveboxError {
    this.#recorded.failure ??= new GloveboxError("REPLAY_DIVERGED", message, {
      data: { ...facts, call: this.#call },
      hint: "The plan, the tools, the files or the record are not those of the recorded run.",
    });
    return this.#recorded.failure;
  }
}

function byCall(entries: readonly NetworkEntry[]): Recorded {
  return { left: Map.groupBy(entries, ({ call }) => call), failure: null };
}

function limit(error: GloveboxError): NetworkOutcome {
  return { kind: "limit", error: error.toJSON() };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
