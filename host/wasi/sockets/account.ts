// What one call holds of TCP: the way out, taken by one thing after the other, and what has not left yet.
// It must not know resources.

import type { SocketOutcome, SocketRequest, SocketSender } from "../../contract/sockets.ts";
import { GloveboxError } from "../../errors.ts";
import type { EventGroup, OutsideEvent } from "../io/poll.ts";
import type { Ledger } from "../ledger.ts";
import { TcpInput } from "./tcp-input.ts";

const DENIED: SocketOutcome = { kind: "refused", code: "access-denied", note: null };
const NS_PER_MS = 1_000_000n;

/** What an ask can come to for those who go on. */
export type Settled = Exclude<SocketOutcome, { kind: "limit" }>;

/** Something that holds what has not left yet. */
export interface Unsent {
  /** Resolves when it has left, or cannot. */
  wait(): Promise<void>;
}

/** The TCP account of one call. */
export class SocketAccount implements EventGroup {
  readonly ledger: Ledger;
  readonly #send: SocketSender;
  /** What was asked last; the next thing is asked when that is answered. */
  #last: Promise<unknown> | null = null;
  readonly #unsent = new Set<Unsent>();
  #sockets = 0;

  /** Without a sender, everything is denied. */
  constructor(ledger: Ledger, send: SocketSender = async () => DENIED) {
    this.ledger = ledger;
    this.#send = send;
  }

  /** A number for a new connection. */
  nextSocket(): number {
    return this.#sockets++;
  }

  /** Asks when all that was asked before is answered. Errors: the limit of the run that was met; what ended the call meanwhile. */
  ask(request: SocketRequest): Promise<Settled> {
    const asked = (this.#last ?? Promise.resolve()).then(() => this.#ask(request));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  /** Asks, and lets nobody wait for the answer. */
  tell(request: SocketRequest): void {
    this.ask(request).catch(() => undefined); // what ends the call is told by the ledger
  }

  /** Resolves when all that was written has left; null when there is nothing to wait for. */
  settle(): Promise<void> | null {
    return this.#last === null && this.#unsent.size === 0 ? null : this.#settle();
  }

  /** Notes whether an output holds what has not left yet. */
  note(output: Unsent, unsent: boolean): void {
    if (unsent) this.#unsent.add(output);
    else this.#unsent.delete(output);
  }

  /** What was written leaves first: the other side may wait for it. */
  async waitAny(events: readonly OutsideEvent[], ns: bigint | null): Promise<void> {
    await this.#flush();
    if (events.some((event) => event.isReady())) return;
    const other = events.find((event) => !(event instanceof TcpInput));
    if (other !== undefined) return await other.wait();
    const inputs = events.filter((event) => event instanceof TcpInput);
    await this.#receive(inputs, ns === null ? null : Number((ns + NS_PER_MS - 1n) / NS_PER_MS));
  }

  async #receive(inputs: readonly TcpInput[], timeoutMs: number | null): Promise<void> {
    const outcome = await this.ask({ kind: "receive", sockets: inputs.map(({ socket }) => socket), timeoutMs });
    if (outcome.kind !== "arrived") {
      for (const input of inputs) input.fail();
      return;
    }
    for (const arrival of outcome.arrivals) {
      for (const input of inputs) if (input.socket === arrival.socket) input.arrive(arrival);
    }
    // The host does not wait for ever; a guest that set no time of its own gets an error.
    if (outcome.arrivals.length === 0 && timeoutMs === null) for (const input of inputs) input.fail();
  }

  async #flush(): Promise<void> {
    for (const output of [...this.#unsent]) await output.wait();
  }

  async #settle(): Promise<void> {
    await this.#flush();
    await this.#last;
  }

  async #ask(request: SocketRequest): Promise<Settled> {
    // The call may have ended while this waited.
    this.ledger.requireOpen();
    const outcome = await this.#send(request);
    if (outcome.kind === "limit") return this.ledger.fail(GloveboxError.fromJSON(outcome.error));
    if (outcome.kind === "refused" && outcome.note !== null) this.ledger.reportViolation(outcome.note);
    return outcome;
  }
}
