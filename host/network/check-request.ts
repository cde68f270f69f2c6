// From what asks to leave to what may: the form of a request, and the grants that cover it.
// What comes in may have been made by a process that a guest broke into; nothing about it is believed.

import {
  type HttpHeader,
  type HttpRequest,
  isAuthority,
  isConnectionField,
  isFieldName,
  isFieldValue,
  isMethod,
  isPathWithQuery,
} from "../contract/http.ts";
import { NETWORK_LIMITS } from "../limits.ts";
import type { NetworkGrant } from "../scope/types.ts";
import { grantCovers, type Target, targetOf } from "../scope/urls.ts";
import { invalid, notGranted } from "./refusal.ts";

/** A request in the form that requests have, and where it would go. */
export interface ReadRequest {
  readonly request: HttpRequest;
  readonly target: Target;
}

/** Reads what asks to leave. Errors: RequestFailure. */
export function readRequest(claimed: unknown): ReadRequest {
  const request = checkForm(claimed);
  const { scheme, authority, pathWithQuery } = request;
  const path = pathWithQuery.startsWith("?") ? `/${pathWithQuery}` : pathWithQuery;
  const target = targetOf(`${scheme}://${authority}${path}`);
  if (target === null || target.url.hash !== "") throw invalid("HTTP-request-URI-invalid", "its URL cannot be read");
  return { request, target };
}

/** All grants that cover a request. Errors: RequestFailure, when there is none. */
export function grantsFor({ request, target }: ReadRequest, grants: readonly NetworkGrant[]): readonly NetworkGrant[] {
  const covering = grants.filter((grant) => grantCovers(grant, target, request.method));
  if (covering.length === 0) throw notGranted(request.method, target, grants);
  return covering;
}

function checkForm(claimed: unknown): HttpRequest {
  if (typeof claimed !== "object" || claimed === null) throw invalid("HTTP-protocol-error", "it is no request");
  const { method, scheme, authority, pathWithQuery, headers, body, ...rest } = claimed as Record<string, unknown>;
  if (typeof method !== "string" || !isMethod(method))
    throw invalid("HTTP-request-method-invalid", "it has no valid method");
  if (scheme !== "http" && scheme !== "https") throw invalid("HTTP-request-URI-invalid", "it has no valid scheme");
  if (typeof authority !== "string" || !isAuthority(authority))
    throw invalid("HTTP-request-URI-invalid", "it has no valid host");
  if (typeof pathWithQuery !== "string" || !isPathWithQuery(pathWithQuery))
    throw invalid("HTTP-request-URI-invalid", "it has no valid path");
  if (!(body instanceof Uint8Array) || body.length > NETWORK_LIMITS.bodyBytes)
    throw invalid("HTTP-request-body-size", `its body is not one of at most ${NETWORK_LIMITS.bodyBytes} bytes`);
  return {
    ...{ method, scheme, authority, pathWithQuery, body },
    headers: checkHeaders(headers),
    connectTimeoutMs: timeout(rest.connectTimeoutMs),
    firstByteTimeoutMs: timeout(rest.firstByteTimeoutMs),
    betweenBytesTimeoutMs: timeout(rest.betweenBytesTimeoutMs),
  };
}

function checkHeaders(headers: unknown): readonly HttpHeader[] {
  if (!Array.isArray(headers)) throw invalid("HTTP-protocol-error", "it has no headers");
  let bytes = 0;
  for (const header of headers as readonly unknown[]) {
    const [name, value] = Array.isArray(header) ? (header as readonly unknown[]) : [];
    if (typeof name !== "string" || !isFieldName(name) || typeof value !== "string" || !isFieldValue(value))
      throw invalid("HTTP-protocol-error", "it has a header that is none");
    if (isConnectionField(name.toLowerCase())) throw invalid("HTTP-protocol-error", `it has the header ${name}`);
    bytes += name.length + value.length;
    if (bytes > NETWORK_LIMITS.headerBytes)
      throw invalid("HTTP-protocol-error", `its headers have more than ${NETWORK_LIMITS.headerBytes} bytes`);
  }
  return (headers as readonly HttpHeader[]).map(([name, value]) => [name.toLowerCase(), value]);
}

function timeout(claimed: unknown): number | null {
  return typeof claimed === "number" && claimed > 0 ? claimed : null;
}
