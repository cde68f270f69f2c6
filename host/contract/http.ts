// HTTP requests and what comes of them, as plain data: the words between a guest's host, the executor and the network.
// A leaf: it must not know who asks, or how anything is sent.

import type { ErrorJson } from "../errors.ts";

/** Name in lower case, and value with one character for each byte. */
export type HttpHeader = readonly [name: string, value: string];

/** One request, whole. */
export interface HttpRequest {
  /** Capital letters. */
  readonly method: string;
  readonly scheme: "http" | "https";
  /** A host, with or without a port; no user. */
  readonly authority: string;
  readonly pathWithQuery: string;
  readonly headers: readonly HttpHeader[];
  readonly body: Uint8Array;
  /** Milliseconds that the guest is willing to wait; null for as long as the host is. */
  readonly connectTimeoutMs: number | null;
  readonly firstByteTimeoutMs: number | null;
  readonly betweenBytesTimeoutMs: number | null;
}

/** One response, whole: its body has all bytes that were announced, with content codings taken off. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly HttpHeader[];
  readonly body: Uint8Array;
  readonly trailers: readonly HttpHeader[];
}

/** Cases of `wasi:http/types.error-code` that need no payload, or whose payload is left out. */
export type HttpErrorCode =
  | "DNS-timeout"
  | "DNS-error"
  | "destination-not-found"
  | "destination-unavailable"
  | "destination-IP-prohibited"
  | "connection-refused"
  | "connection-terminated"
  | "connection-timeout"
  | "connection-read-timeout"
  | "TLS-protocol-error"
  | "TLS-certificate-error"
  | "HTTP-request-denied"
  | "HTTP-request-body-size"
  | "HTTP-request-method-invalid"
  | "HTTP-request-URI-invalid"
  | "HTTP-response-incomplete"
  | "HTTP-response-header-section-size"
  | "HTTP-response-content-coding"
  | "HTTP-response-timeout"
  | "HTTP-protocol-error"
  | "internal-error";

/** What came of a request. */
export type HttpOutcome =
  | { readonly kind: "response"; readonly response: HttpResponse }
  /** The guest learns the code; `note` is for those who may do something about it, when there is something. */
  | { readonly kind: "error"; readonly code: HttpErrorCode; readonly note: ErrorJson | null }
  /** A limit of the run was met: the call that asked ends. */
  | { readonly kind: "limit"; readonly error: ErrorJson };

/** Sends requests. It never rejects for what a request, a server or the network does. */
export type HttpSender = (request: HttpRequest) => Promise<HttpOutcome>;

/** RFC 9110, section 5.6.2: token. */
export function isFieldName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/.test(name);
}

/** RFC 9110, section 5.5, with one character for each byte: no CR, LF, NUL or other control but tab. */
export function isFieldValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** Names of fields that are not the guest's to say: they belong to the connection, or decide where a message ends. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  ...["connection", "expect", "host", "http2-settings", "keep-alive", "proxy-authenticate", "proxy-authorization"],
  ...["proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
]);

/** Whether a field, its name in lower case, is about the connection and not about the message. */
export function isConnectionField(name: string): boolean {
  return CONNECTION_FIELDS.has(name);
}

/** Whether a request may have this method; which it may use, a scope decides. `CONNECT` is none: it makes a tunnel. */
export function isMethod(method: string): boolean {
  return /^[A-Z]{1,20}$/.test(method) && method !== "CONNECT";
}

/** Whether a text can stand for a host and a port in a URL: no user, path, query, fragment, blank or control. */
export function isAuthority(authority: string): boolean {
  return /^[\w.~!$&'()*+,;=:%[\]-]{1,512}$/.test(authority);
}

/** Whether a text can be the path and the query of a URL. */
export function isPathWithQuery(path: string): boolean {
  return /^[/?][\x21\x22\x24-\x5b\x5d-\x7e]{0,8191}$/.test(path);
}
