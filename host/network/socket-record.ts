// What is remembered of one look-up or one connection: where it went, how much passed each way, and digests of that. No content.

import type { NetworkExchange } from "../hooks.ts";
import { SocketFailure } from "./check-socket.ts";
import type { ExchangeLog } from "./exchange-log.ts";
import type { RunningDigest } from "./record.ts";
import { RequestFailure } from "./refusal.ts";

/** A record while what it is of goes on. */
export interface SocketRecord {
  connecting(address: string): void;
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
  /** A look-up was answered. */
  answered(addresses: readonly string[]): void;
  /** A connection was let go of. */
  end(): void;
  /** What is thrown ends the record, and is thrown on. */
  watch<T>(going: Promise<T>): Promise<T>;
  /** It broke. */
  fail(thrown: unknown): void;
}

/** Opens a record. */
export function openSocketRecord(
  method: string,
  url: string,
  log: ExchangeLog,
  openDigest: () => RunningDigest,
): SocketRecord {
  let address: string | null = null;
  const [sent, received] = [tally(openDigest), tally(openDigest)];
  const exchange = (outcome: NetworkExchange["outcome"], error: string | null): NetworkExchange => ({
    ...{ method, url, address, outcome, error, status: null },
    ...{ request_bytes: sent.bytes(), request_digest: sent.digest() },
    ...{ response_bytes: received.bytes(), response_digest: received.digest() },
  });
  const end = log.open(() => exchange("cancelled", "CANCELLED"));
  const fail = (thrown: unknown): void => {
    const { outcome, error } = failureIn(thrown);
    end(exchange(outcome, error), address === null);
  };
  return {
    connecting: (to) => {
      address = to;
    },
    sent: sent.add,
    received: received.add,
    answered: (addresses) => {
      address = addresses[0] ?? null;
      end(exchange("response", null));
    },
    end: () => end(exchange("response", null)),
    watch: (going) =>
      going.catch((thrown) => {
        fail(thrown);
        throw thrown;
      }),
    fail,
  };
}

interface Tally {
  add(bytes: Uint8Array): void;
  bytes(): number;
  /** Null when there was nothing. */
  digest(): string | null;
}

function tally(openDigest: () => RunningDigest): Tally {
  let bytes = 0;
  let running: RunningDigest | null = null;
  return {
    add: (piece) => {
      bytes += piece.length;
      running ??= openDigest();
      running.add(piece);
    },
    bytes: () => bytes,
    digest: () => running?.end() ?? null,
  };
}

function failureIn(thrown: unknown): Pick<NetworkExchange, "outcome" | "error"> {
  if (thrown instanceof SocketFailure || thrown instanceof RequestFailure) {
    return { outcome: thrown.note?.code === "NET_DENIED" ? "denied" : "failed", error: thrown.code };
  }
  const code = thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "unknown";
  return { outcome: code === "CANCELLED" ? "cancelled" : "limit", error: code };
}
