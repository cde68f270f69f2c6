// What is remembered of one request: enough to see what left and what came, and to tell whether a later run asks and gets the same. No
// content, and no secret.

import type { HttpHeader, HttpResponse } from "../contract/http.ts";
import type { NetworkExchange } from "../hooks.ts";
import type { ReadRequest } from "./check-request.ts";

/** sha256 of several pieces one after the other: `sha256:` and hex. */
export type Digest = (pieces: readonly (string | Uint8Array)[]) => string;

/** A sha256 of pieces that come one after the other, in the same words. */
export interface RunningDigest {
  add(piece: Uint8Array): void;
  end(): string;
}

/** A record while its request goes on. */
export interface Record {
  readonly connected: boolean;
  asked(read: ReadRequest): void;
  connecting(address: string): void;
  answered(response: HttpResponse): void;
  end(outcome: NetworkExchange["outcome"], error: string | null): NetworkExchange;
}

/** Opens a record. `redact` takes secrets out of texts. */
export function openRecord(digest: Digest, redact: (text: string) => string): Record {
  let facts: Omit<NetworkExchange, "outcome" | "error"> = {
    ...{ method: null, url: null, address: null, status: null },
    ...{ request_bytes: 0, request_digest: null, response_bytes: 0, response_digest: null },
  };
  return {
    get connected() {
      return facts.address !== null;
    },
    asked: ({ request, target: { url } }) => {
      const { method, headers, body } = request;
      const head = [method, url.href, ...headers.flat()];
      facts = {
        ...facts,
        ...{ method, url: redact(url.href), request_bytes: body.length },
        request_digest: digest([headOf(head), body]),
      };
    },
    connecting: (address) => {
      facts = { ...facts, address };
    },
    answered: ({ status, headers, body }) => {
      const head = [String(status), ...withoutDate(headers).flat()];
      facts = { ...facts, status, response_bytes: body.length, response_digest: digest([headOf(head), body]) };
    },
    end: (outcome, error) => ({ ...facts, outcome, error }),
  };
}

function headOf(parts: readonly string[]): string {
  return `${JSON.stringify(parts)}\n`;
}

/** When an answer was made is no part of what it says. */
function withoutDate(headers: readonly HttpHeader[]): readonly HttpHeader[] {
  return headers.filter(([name]) => name !== "date" && name !== "age");
}
