// What a tool asks of the network, and what comes of it, whatever the protocol.
// A leaf: it must not know who asks, or how anything is sent.

import type { HttpOutcome } from "./http.ts";
import type { SocketOutcome } from "./sockets.ts";

/** What came of anything that a tool asked of the network. */
export type NetworkOutcome = HttpOutcome | SocketOutcome;

/** Where tools ask: what is asked may be anything; `signal` ends it with its call, whose number in its run is `call`. Never rejects. */
export type NetworkSender = (request: unknown, signal: AbortSignal, call: number) => Promise<NetworkOutcome>;

/** Whether an outcome is one of an HTTP request. */
export function isHttpOutcome(outcome: NetworkOutcome): outcome is HttpOutcome {
  return outcome.kind === "response" || outcome.kind === "error" || outcome.kind === "limit";
}

/** Whether an outcome is one of a socket. */
export function isSocketOutcome(outcome: NetworkOutcome): outcome is SocketOutcome {
  return outcome.kind !== "response" && outcome.kind !== "error";
}
