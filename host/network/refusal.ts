// What is said of a request that does not leave: to the guest a code, to those who run the plan why, and what would let it pass.

import type { HttpErrorCode, HttpOutcome } from "../contract/http.ts";
import { GloveboxError, LimitError } from "../errors.ts";
import { printable, quote } from "../scope/document/quote.ts";
import type { NetworkGrant } from "../scope/types.ts";
import { grantCovers, type Target } from "../scope/urls.ts";

/** A request, or its answer, came to nothing. Thrown by those who send; the guest gets the code. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  readonly code: HttpErrorCode;
  readonly note: GloveboxError | null;

  constructor(code: HttpErrorCode, note: GloveboxError | null = null, cause?: unknown) {
    super(code, { cause });
    this.code = code;
    this.note = note;
  }

  outcome(): HttpOutcome {
    return { kind: "error", code: this.code, note: this.note === null ? null : this.note.toJSON() };
  }
}

/** The grants of a run do not cover it. */
export function notGranted(method: string, target: Target, grants: readonly NetworkGrant[]): RequestFailure {
  const { url, port } = target;
  const path = quote(url.pathname).slice(1, -1);
  const shown = printable(`${method} ${url.protocol}//${url.host}${path}`);
  const grant = `{ host: "${url.hostname}", ports: [${port}], methods: [${method}], paths: ["${path}"] }`;
  const note = new GloveboxError("NET_DENIED", `${shown} was refused: ${whyNot(method, target, grants)}`, {
    hint: printable(`Have it granted in the scope's network section: ${grant}.`),
  });
  return new RequestFailure("HTTP-request-denied", note);
}

function whyNot(method: string, target: Target, grants: readonly NetworkGrant[]): string {
  if (grants.length === 0) return "no network is granted";
  const any = { ports: [target.port], methods: [method], paths: ["/*"] };
  const sameHost = grants.filter((grant) => grantCovers({ ...grant, ...any }, target, method));
  if (sameHost.length === 0) return `no grant covers the host ${target.url.hostname}`;
  const covers = (rule: Partial<typeof any>): boolean =>
    sameHost.some((grant) => grantCovers({ ...grant, ...any, ...rule }, target, method));
  if (!sameHost.some(({ ports }) => covers({ ports: [...ports] }))) return `port ${target.port} is not granted`;
  if (!sameHost.some(({ methods }) => covers({ methods: [...methods] }))) return `${method} is not granted`;
  return "no grant covers its path together with its port and method";
}

/** A name leads, or a URL points, to an address that is not one of the public internet. */
export function addressProhibited(host: string, address: string): RequestFailure {
  const message = `a request to ${host} was refused: ${address} is a private or special address`;
  const hint = `Have the address itself granted, in the scope's network section: { host: "${address}" }.`;
  return new RequestFailure("destination-IP-prohibited", new GloveboxError("NET_DENIED", message, { hint }));
}

/** A secret of the host would go out in the clear. */
export function secretInTheClear(host: string): RequestFailure {
  const message = `a request to ${host} was refused: its grant puts a secret into it, and it does not use https`;
  const note = new GloveboxError("NET_DENIED", message, { hint: "Use https." });
  return new RequestFailure("HTTP-request-denied", note);
}

/** It is not in the form that requests have. */
export function invalid(code: HttpErrorCode, what: string): RequestFailure {
  const note = new GloveboxError("HTTP_INVALID", `a request was refused: ${what}`, {
    hint: "This is a defect of the tool.",
  });
  return new RequestFailure(code, note);
}

/** The host does not wait any longer. The guest may go on without the answer. */
export function tookTooLong(code: HttpErrorCode, limit: string, ms: number): RequestFailure {
  const message = `a request was given up: ${limit} of ${ms} ms passed`;
  return new RequestFailure(code, new LimitError("NET_LIMIT", message, limit, ms));
}

/** The run has used up what its scope allows it of the network; whoever asked for more ends. */
export function usedUp(limit: "network_requests" | "network_mb", allowed: number): LimitError {
  const what = limit === "network_requests" ? `${allowed} network requests` : `${allowed} MiB of network traffic`;
  const hint = `Raise ${limit} in the limits of the scope.`;
  return new LimitError("NET_LIMIT", `the run used up its ${what}`, limit, allowed, { hint });
}
