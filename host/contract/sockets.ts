// What a tool asks of TCP, and what comes of it, as plain data: the words between a guest's host, the executor and the network.
// A leaf: it must not know who asks, or how bytes are moved.

import type { ErrorJson } from "../errors.ts";

/** Cases of `wasi:sockets/network.error-code` that the network gives. */
export type SocketErrorCode =
  | "unknown"
  | "access-denied"
  | "invalid-argument"
  | "invalid-state"
  | "timeout"
  | "new-socket-limit"
  | "remote-unreachable"
  | "connection-refused"
  | "connection-reset"
  | "connection-aborted"
  | "name-unresolvable"
  | "temporary-resolver-failure"
  | "permanent-resolver-failure";

/** Sockets have numbers that the asking side chooses, one for each connection of a call. */
export type SocketRequest =
  /** Its addresses come as four decimal numbers, or as eight hexadecimal ones. */
  | { readonly kind: "lookup"; readonly name: string }
  | { readonly kind: "connect"; readonly socket: number; readonly address: string; readonly port: number }
  | { readonly kind: "send"; readonly socket: number; readonly bytes: Uint8Array }
  /** Waits until something arrives for any of the sockets, or so many milliseconds pass; null for as long as the host waits. */
  | { readonly kind: "receive"; readonly sockets: readonly number[]; readonly timeoutMs: number | null }
  /** No more will be sent. */
  | { readonly kind: "finish"; readonly socket: number }
  | { readonly kind: "close"; readonly socket: number };

/** What arrived for one socket; `end` when nothing more will, with `error` when that is because it broke. */
export interface Arrival {
  readonly socket: number;
  readonly bytes: Uint8Array;
  readonly end: boolean;
  readonly error: SocketErrorCode | null;
}

/** What came of it. */
export type SocketOutcome =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | { readonly kind: "done" }
  /** None when the time passed first. */
  | { readonly kind: "arrived"; readonly arrivals: readonly Arrival[] }
  /** The guest learns the code; `note` is for those who may do something about it, when there is something. */
  | { readonly kind: "refused"; readonly code: SocketErrorCode; readonly note: ErrorJson | null }
  /** A limit of the run was met: the call that asked ends. */
  | { readonly kind: "limit"; readonly error: ErrorJson };

/** Asks. It never rejects for what a peer or the network does. */
export type SocketSender = (request: SocketRequest) => Promise<SocketOutcome>;
