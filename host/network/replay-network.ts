// A network made of what was recorded of another: it opens no socket, looks up no name, and answers only what was asked before.
// It must not know where entries come from.

import type { NetworkOutcome } from "../contract/network.ts";
import { GloveboxError } from "../errors.ts";
import type { NetworkExchange } from "../hooks.ts";
import { type Asked, describeAsked } from "./asked.ts";
import { type NetworkEntry, restored } from "./entries.ts";
import type { Network } from "./network.ts";
import type { Digest } from "./record.ts";

/**
 * A network that serves entries in order. Whoever asks for what is missing or different ends with REPLAY_DIVERGED, and so does everything
 * that is asked after that. What was never answered is not answered here either, until its call ends.
 */
export class ReplayedNetwork implements Network {
  readonly #entries: readonly NetworkEntry[];
  readonly #digest: Digest;
  #next = 0;
  #failure: GloveboxError | null = null;

  /** `digest` is the one that the entries were recorded with. */
  constructor(entries: readonly NetworkEntry[], digest: Digest) {
    this.#entries = entries;
    this.#digest = digest;
  }

  readonly send = async (request: unknown, signal: AbortSignal): Promise<NetworkOutcome> => {
    const outcome = this.#answer(describeAsked(request, this.#digest));
    if (outcome.kind === "limit" && outcome.error.code === "CANCELLED") await aborted(signal);
    return outcome;
  };

  take(): readonly NetworkExchange[] {
    const entry = this.#entries[this.#next];
    if (entry?.kind !== "exchanges") return [];
    this.#next += 1;
    return entry.exchanges;
  }

  /** The first difference from what was recorded (REPLAY_DIVERGED); once a run has ended, also that it asked for less. Null when there is none. */
  divergence(): GloveboxError | null {
    const entry = this.#entries[this.#next];
    if (this.#failure !== null || entry === undefined) return this.#failure;
    const what = entry.kind === "answer" ? entry.asked : "what was reported of a call";
    return this.#diverge(`the recorded run asked for more: next, ${what}`, { recorded: what });
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  #answer({ shown, digest }: Asked): NetworkOutcome {
    const entry = this.#entries[this.#next];
    if (this.#failure !== null) return limit(this.#failure);
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
    this.#next += 1;
    return restored(entry.outcome);
  }

  #diverge(message: string, facts: Readonly<Record<string, string>>): GloveboxError {
    this.#failure ??= new GloveboxError("REPLAY_DIVERGED", message, {
      data: { ...facts, entry: this.#next },
      hint: "The plan, the tools, the files or the record are not those of the recorded run.",
    });
    return this.#failure;
  }
}

function limit(error: GloveboxError): NetworkOutcome {
  return { kind: "limit", error: error.toJSON() };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
