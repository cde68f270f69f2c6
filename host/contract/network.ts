// What a tool asks of the network, and what comes of it, whatever the protocol.
// A leaf: it must not know who asks, or how anything is sent.

import type { HttpOutcome } from "./http.ts";

/** What came of anything that a tool asked of the network. */
export type NetworkOutcome = HttpOutcome;

/** Where tools ask: what is asked may be anything; `signal` ends it with its call. Never rejects. */
export type NetworkSender = (request: unknown, signal: AbortSignal) => Promise<NetworkOutcome>;
