// What one call holds of HTTP: the way out, and a bound on the bytes that its requests are made of.
// It must not know what a header or a body is.

import type { HttpOutcome, HttpRequest, HttpSender } from "../../contract/http.ts";
import { GloveboxError, LimitError } from "../../errors.ts";
import { NETWORK_LIMITS } from "../../limits.ts";
import type { Ledger } from "../ledger.ts";

const DENIED: HttpOutcome = { kind: "error", code: "HTTP-request-denied", note: null };

/** The HTTP account of one call. */
export class HttpAccount {
  readonly ledger: Ledger;
  readonly #send: HttpSender;
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #heldBytes = 0;

  /** Without a sender, every request is denied. */
  constructor(ledger: Ledger, send: HttpSender = async () => DENIED) {
    this.ledger = ledger;
    this.#send = send;
  }

  /** Counts bytes of headers and bodies, before they are kept; they are never given back. Errors: NET_LIMIT. */
  hold(bytes: number): void {
    this.#heldBytes += bytes;
    this.bound("heldBytes", this.#heldBytes, "made requests");
  }

  /** Errors: NET_LIMIT, when `found` is more than the limit of that name. */
  bound(limit: "heldBytes" | "headerBytes" | "bodyBytes", found: number, what: string): void {
    const allowed = NETWORK_LIMITS[limit];
    if (found <= allowed) return;
    this.ledger.fail(new LimitError("NET_LIMIT", `the tool ${what} of more than ${allowed} bytes`, limit, allowed));
  }

  /** Sends a request and reports what those who run the plan should know. Errors: the limit of the run that was met. */
  async send(request: HttpRequest): Promise<Exclude<HttpOutcome, { kind: "limit" }>> {
    return await this.#inTurn(async () => {
      const outcome = await this.#send(request);
      if (outcome.kind === "limit") return this.ledger.fail(GloveboxError.fromJSON(outcome.error));
      if (outcome.kind === "error" && outcome.note !== null) this.ledger.reportViolation(outcome.note);
      return outcome;
    });
  }

  /** Waits until there are few enough on the way. */
  async #inTurn<T>(body: () => Promise<T>): Promise<T> {
    if (this.#open >= NETWORK_LIMITS.openRequests) await new Promise<void>((go) => this.#waiting.push(go));
    // The call may have ended while this waited.
    if (this.ledger.failure !== null) throw this.ledger.failure;
    this.#open += 1;
    try {
      return await body();
    } finally {
      this.#open -= 1;
      this.#waiting.shift()?.();
    }
  }
}
