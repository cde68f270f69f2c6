// An inspector over a client that notes what it is asked, or over the real one, without any guest.

import type { HttpOutcome, HttpRequest } from "../../host/contract/http.ts";
import { isHttpOutcome, type NetworkOutcome } from "../../host/contract/network.ts";
import { defaultLimits } from "../../host/limits.ts";
import { Inspector, type Outbound } from "../../host/network/inspector.ts";
import { type NetworkOptions, openNetwork } from "../../host/network/open-node.ts";
import { Secrets } from "../../host/network/secrets-node.ts";
import { parseScope } from "../../host/scope/parse.ts";
import type { Scope } from "../../host/scope/types.ts";

/** A scope with these network grants. */
export function scopeOf(network: readonly object[], limits: object = {}): Scope {
  return parseScope({ value: { scope: "test", network, limits: { network_requests: 100, ...limits } } });
}

export interface Noted {
  readonly inspector: Inspector;
  readonly resolved: string[];
  readonly sent: Outbound[];
}

/** An inspector whose client resolves every name to `addresses`, and sends nothing. */
export function noting(network: readonly object[], addresses: readonly string[] = ["93.184.215.14"]): Noted {
  const scope = scopeOf(network);
  const resolved: string[] = [];
  const sent: Outbound[] = [];
  const inspector = new Inspector({
    grants: scope.network,
    limits: { ...defaultLimits(), network_requests: 1000 },
    secrets: new Secrets(scope.network, { API_TOKEN: "0123456789" }),
    digest: () => "sha256:0",
    openDigest: () => ({ add: () => undefined, end: () => "sha256:0" }),
    client: {
      resolve: async (name) => {
        resolved.push(name);
        return addresses;
      },
      exchange: async (outbound) => {
        sent.push(outbound);
        return { status: 200, headers: [], body: new Uint8Array(), trailers: [] };
      },
      connect: async () => {
        throw new Error("this client sends nothing");
      },
      close: async () => undefined,
    },
  });
  return { inspector, resolved, sent };
}

/** The real way out, for these grants. */
export function opened(network: readonly object[], options: NetworkOptions = {}, limits: object = {}): Inspector {
  return openNetwork(scopeOf(network, limits), options);
}

export function request(changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: "GET",
    scheme: "https",
    authority: "good.com",
    pathWithQuery: "/",
    headers: [],
    body: new Uint8Array(),
    connectTimeoutMs: null,
    firstByteTimeoutMs: null,
    betweenBytesTimeoutMs: null,
    ...changes,
  };
}

/** Sends a request, that may have any form, to the end. */
export async function send(inspector: Inspector, asked: unknown, signal?: AbortSignal): Promise<HttpOutcome> {
  const outcome = await inspector.send(asked, signal ?? new AbortController().signal, 0);
  if (!isHttpOutcome(outcome)) throw new Error(`an HTTP request came to ${outcome.kind}`);
  return outcome;
}

/** How it ended: the status, the case of WASI's error code, or the code of the limit; and the code of the note. */
export function ending(outcome: NetworkOutcome): string {
  if (outcome.kind === "response") return String(outcome.response.status);
  if (outcome.kind === "limit") return `limit ${outcome.error.code} ${String(outcome.error.data?.limit ?? "")}`.trim();
  if (outcome.kind !== "error" && outcome.kind !== "refused") return outcome.kind;
  return outcome.note === null ? outcome.code : `${outcome.code} ${outcome.note.code}`;
}
