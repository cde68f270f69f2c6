// What a run may still take of the network: requests, connections and lookups together, and bytes in both directions.
// It must not know what they are for.

import { BYTES_PER_MB, type ScopeLimits } from "../limits.ts";
import { usedUp } from "./refusal.ts";

/** The network's part of the limits of one run. */
export class Allowance {
  readonly #limits: Pick<ScopeLimits, "network_requests" | "network_mb">;
  #requests = 0;
  #bytes = 0;

  constructor(limits: Pick<ScopeLimits, "network_requests" | "network_mb">) {
    this.#limits = limits;
  }

  /** Errors: NET_LIMIT. */
  countRequest(): void {
    const { network_requests: allowed } = this.#limits;
    if (this.#requests >= allowed) throw usedUp("network_requests", allowed);
    this.#requests += 1;
  }

  /** Errors: NET_LIMIT. */
  countBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#allowedBytes) throw usedUp("network_mb", this.#limits.network_mb);
  }

  /** How many bytes may still be counted. */
  get remainingBytes(): number {
    return this.#allowedBytes - this.#bytes;
  }

  get #allowedBytes(): number {
    return Math.floor(this.#limits.network_mb * BYTES_PER_MB);
  }
}
