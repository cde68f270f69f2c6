// What went wrong on the way, in WASI's words. A table of undici's, Node's and OpenSSL's codes.
// It must not put texts of the system into anything: they may hold addresses and paths of the host.

import type { HttpErrorCode, HttpRequest } from "../contract/http.ts";
import { GloveboxError } from "../errors.ts";
import { NETWORK_LIMITS } from "../limits.ts";
import { RequestFailure, tookTooLong } from "./refusal.ts";

const CODES: Readonly<Record<string, HttpErrorCode>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-terminated",
  EPIPE: "connection-terminated",
  UND_ERR_SOCKET: "connection-terminated",
  EHOSTUNREACH: "destination-unavailable",
  ENETUNREACH: "destination-unavailable",
  EADDRNOTAVAIL: "destination-unavailable",
  ETIMEDOUT: "connection-timeout",
  UND_ERR_CONNECT_TIMEOUT: "connection-timeout",
  UND_ERR_HEADERS_TIMEOUT: "HTTP-response-timeout",
  UND_ERR_BODY_TIMEOUT: "connection-read-timeout",
  UND_ERR_HEADERS_OVERFLOW: "HTTP-response-header-section-size",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "HTTP-response-incomplete",
  EPROTO: "TLS-protocol-error",
};

const SILENCES: ReadonlySet<string> = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** A thrown thing as a failure of the request, or as it is when it is one of ours. */
export function failureOf(thrown: unknown, request: HttpRequest): unknown {
  if (thrown instanceof RequestFailure || thrown instanceof GloveboxError || !(thrown instanceof Error)) return thrown;
  const code = codeOf(thrown);
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  const guestsOwn = request.firstByteTimeoutMs !== null || request.betweenBytesTimeoutMs !== null;
  if (known !== undefined && SILENCES.has(code) && !guestsOwn) {
    return tookTooLong(known, "silenceMs", NETWORK_LIMITS.silenceMs);
  }
  return new RequestFailure(known ?? family(code, thrown), null, thrown);
}

function family(code: string, thrown: Error): HttpErrorCode {
  if (/CERT|ISSUER|SIGNATURE|VERIFY|ALTNAME/.test(code)) return "TLS-certificate-error";
  if (/^ERR_(?:SSL|TLS)/.test(code)) return "TLS-protocol-error";
  if (code.startsWith("HPE_INVALID_EOF")) return "HTTP-response-incomplete";
  return code.startsWith("HPE_") || thrown.name === "HTTPParserError" ? "HTTP-protocol-error" : "internal-error";
}

function codeOf(thrown: Error): string {
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return thrown.cause instanceof Error ? codeOf(thrown.cause) : "";
}
