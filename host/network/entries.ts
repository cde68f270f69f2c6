// What is kept of a run's network, so that another run can be given the same: entries that are JSON.
// It must not know where they are kept. Secrets never get here: what a tool was answered holds none.

import { z } from "zod";
import { fromBase64, toBase64 } from "../contract/base64.ts";
import type { HttpResponse } from "../contract/http.ts";
import type { NetworkOutcome } from "../contract/network.ts";
import type { Arrival } from "../contract/sockets.ts";
import type { NetworkExchange } from "../hooks.ts";

/** An answer as it was given, with bytes as base64 text. */
export type RecordedOutcome =
  | { readonly kind: "response"; readonly response: Omit<HttpResponse, "body"> & { readonly body: string } }
  | { readonly kind: "arrived"; readonly arrivals: readonly (Omit<Arrival, "bytes"> & { readonly bytes: string })[] }
  | Exclude<NetworkOutcome, { kind: "response" } | { kind: "arrived" }>;

/** One thing that was asked of the network. */
export interface AnswerEntry {
  readonly kind: "answer";
  /** The number of the call that asked, in its run. */
  readonly call: number;
  /** For people. */
  readonly asked: string;
  /** Over everything that was asked. */
  readonly digest: string;
  /** Null when there was no room to keep it. */
  readonly outcome: RecordedOutcome | null;
}

/** What was reported of a call, after all that it asked for. */
export interface ExchangesEntry {
  readonly kind: "exchanges";
  readonly call: number;
  readonly exchanges: readonly NetworkExchange[];
}

/** One entry; those of one call come in the order in which it asked. */
export type NetworkEntry = AnswerEntry | ExchangesEntry;

const text = z.string();
const count = z.int().min(0);
const fields = z.array(z.tuple([text, text]));
const error = z.looseObject({ code: text, message: text });
const recordedOutcome = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("response"),
    response: z.strictObject({
      status: z.int().min(100).max(599),
      headers: fields,
      body: z.base64(),
      trailers: fields,
    }),
  }),
  z.strictObject({ kind: z.literal("error"), code: text, note: error.nullable() }),
  z.strictObject({ kind: z.literal("limit"), error }),
  z.strictObject({ kind: z.literal("addresses"), addresses: z.array(text) }),
  z.strictObject({ kind: z.literal("done") }),
  z.strictObject({
    kind: z.literal("arrived"),
    arrivals: z.array(z.strictObject({ socket: count, bytes: z.base64(), end: z.boolean(), error: text.nullable() })),
  }),
  z.strictObject({ kind: z.literal("refused"), code: text, note: error.nullable() }),
]);
const exchange = z.looseObject({
  method: text.nullable(),
  url: text.nullable(),
  address: text.nullable(),
  outcome: z.enum(["response", "denied", "failed", "limit", "cancelled"]),
  error: text.nullable(),
  status: z.int().nullable(),
  request_bytes: count,
  request_digest: text.nullable(),
  response_bytes: count,
  response_digest: text.nullable(),
});

/** What an entry looks like, for those who read it from where it was kept. */
export const networkEntrySchema: z.ZodType<NetworkEntry> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("answer"),
    call: count,
    asked: text,
    digest: text,
    outcome: recordedOutcome.nullable(),
  }),
  z.strictObject({ kind: z.literal("exchanges"), call: count, exchanges: z.array(exchange) }),
]) as unknown as z.ZodType<NetworkEntry>;

/** An answer as it is kept. */
export function recorded(outcome: NetworkOutcome): RecordedOutcome {
  if (outcome.kind === "response") {
    return { kind: "response", response: { ...outcome.response, body: toBase64(outcome.response.body) } };
  }
  if (outcome.kind !== "arrived") return outcome;
  return { kind: "arrived", arrivals: outcome.arrivals.map((one) => ({ ...one, bytes: toBase64(one.bytes) })) };
}

/** An answer as it was given. */
export function restored(outcome: RecordedOutcome): NetworkOutcome {
  if (outcome.kind === "response") {
    return { kind: "response", response: { ...outcome.response, body: fromBase64(outcome.response.body) } };
  }
  if (outcome.kind !== "arrived") return outcome;
  return { kind: "arrived", arrivals: outcome.arrivals.map((one) => ({ ...one, bytes: fromBase64(one.bytes) })) };
}

/** About what an answer takes to keep, in bytes. */
export function sizeOf(outcome: NetworkOutcome): number {
  if (outcome.kind === "response") return outcome.response.body.length;
  return outcome.kind === "arrived" ? outcome.arrivals.reduce((sum, { bytes }) => sum + bytes.length, 0) : 0;
}
