// The one way out: every request of every tool is looked at, counted, sent and recorded here, on the trusted side.
// It must not know guests, components or plans, nor how bytes are moved.

import type { HttpHeader, HttpOutcome, HttpRequest, HttpResponse } from "../contract/http.ts";
import type { NetworkSender } from "../contract/network.ts";
import { asGloveboxError, GloveboxError } from "../errors.ts";
import type { NetworkExchange } from "../hooks.ts";
import type { ScopeLimits } from "../limits.ts";
import type { NetworkGrant } from "../scope/types.ts";
import type { Target } from "../scope/urls.ts";
import { grantNames, isLoopback, isPublic, literalAddress } from "./addresses.ts";
import { Allowance } from "./allowance.ts";
import { grantsFor, type ReadRequest, readRequest } from "./check-request.ts";
import { isSocketRequest } from "./check-socket.ts";
import { type EndExchange, ExchangeLog } from "./exchange-log.ts";
import type { Network } from "./network.ts";
import { type Digest, openRecord, type Record, type RunningDigest } from "./record.ts";
import { addressProhibited, RequestFailure, secretInTheClear } from "./refusal.ts";
import { type Connection, SocketGate } from "./socket-gate.ts";

/** Where a request goes, after everything about it has been decided. */
export interface Outbound {
  readonly request: HttpRequest;
  readonly target: Target;
  /** The one address to connect to. */
  readonly address: string;
  /** Those of the guest and those of the grants. */
  readonly headers: readonly HttpHeader[];
  /** Counts bytes as they arrive, or turn out to be there once they are decoded. Throws when there are too many. */
  readonly count: (bytes: number) => void;
  /** How many more may arrive. */
  readonly remaining: () => number;
}

/** Moves the bytes. */
export interface Client {
  /** The addresses of a name, in order. Errors: RequestFailure. */
  resolve(name: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Sends a request and takes the whole answer. Errors: RequestFailure, what `count` throws, what `signal` was aborted with. */
  exchange(outbound: Outbound, signal: AbortSignal): Promise<HttpResponse>;
  /** Opens a connection to an address. Errors: SocketFailure, what `signal` was aborted with. */
  connect(address: string, port: number, signal: AbortSignal): Promise<Connection>;
  close(): Promise<void>;
}

/** What the inspector asks of those who keep the secrets. */
export interface SecretKeeper {
  headersFor(grants: readonly NetworkGrant[]): { readonly headers: readonly HttpHeader[]; readonly secret: boolean };
  redactText(text: string): string;
  redactBytes(bytes: Uint8Array): Uint8Array;
}

export interface InspectorOptions {
  readonly grants: readonly NetworkGrant[];
  readonly limits: Pick<ScopeLimits, "network_requests" | "network_mb">;
  readonly secrets: SecretKeeper;
  readonly client: Client;
  readonly digest: Digest;
  /** A digest of what comes bit by bit. */
  readonly openDigest: () => RunningDigest;
}

/** The network of one run. */
export class Inspector implements Network {
  readonly #options: InspectorOptions;
  readonly #allowance: Allowance;
  readonly #log = new ExchangeLog();
  readonly #sockets: SocketGate;
  readonly #branches: Inspector[] = [];
  /** Those of HTTP. */
  readonly #grants: readonly NetworkGrant[];

  constructor(options: InspectorOptions, allowance: Allowance = new Allowance(options.limits)) {
    this.#options = options;
    this.#grants = options.grants.filter(({ protocol }) => protocol === undefined);
    this.#allowance = allowance;
    this.#sockets = new SocketGate({ ...options, allowance: this.#allowance, log: this.#log });
  }

  readonly send: NetworkSender = async (claimed, signal) =>
    isSocketRequest(claimed) ? await this.#sockets.ask(claimed, signal) : await this.#request(claimed, signal);

  /** Looks at a request and, when it may leave, sends it. Never rejects. */
  async #request(claimed: unknown, signal: AbortSignal): Promise<HttpOutcome> {
    const record = openRecord(this.#options.digest, (text) => this.#options.secrets.redactText(text));
    const end = this.#log.open(() => record.end("cancelled", "CANCELLED"));
    try {
      const read = readRequest(claimed);
      record.asked(read);
      const response = await this.#exchange(read, record, signal);
      record.answered(response);
      end(record.end("response", null));
      return { kind: "response", response };
    } catch (thrown) {
      return failed(thrown, record, end, signal);
    }
  }

  take(): readonly NetworkExchange[] {
    return this.#log.take();
  }

  branch(): Network {
    const inspector = new Inspector(this.#options, this.#allowance);
    this.#branches.push(inspector);
    return inspector;
  }

  async close(): Promise<void> {
    for (const branch of [this, ...this.#branches]) await branch.#sockets.close();
    await this.#options.client.close();
  }

  async #exchange(read: ReadRequest, record: Record, signal: AbortSignal): Promise<HttpResponse> {
    const { request, target } = read;
    const { client, secrets } = this.#options;
    const grants = grantsFor(read, this.#grants);
    this.#allowance.countRequest();
    const address = await this.#address(target, signal);
    const { headers: injected, secret } = secrets.headersFor(grants);
    if (secret && request.scheme === "http" && !isLoopback(address)) throw secretInTheClear(target.url.hostname);
    record.connecting(address);
    const headers = [...request.headers.filter(([name]) => !injected.some(([one]) => one === name)), ...injected];
    this.#allowance.countBytes(request.body.length + sizeOf(headers));
    const count = (bytes: number): void => this.#allowance.countBytes(bytes);
    const remaining = (): number => this.#allowance.remainingBytes;
    return this.#redacted(await client.exchange({ request, target, address, headers, count, remaining }, signal));
  }

  /** The address to connect to: the one that was looked at, and no other that the name may get later. */
  async #address(target: Target, signal: AbortSignal): Promise<string> {
    const literal = literalAddress(target);
    if (literal !== null) return literal;
    const { hostname } = target.url;
    const addresses = await this.#options.client.resolve(hostname, signal);
    const named = (address: string): boolean => this.#grants.some((grant) => grantNames(grant, address, target.port));
    const prohibited = addresses.find((address) => !isPublic(address) && !named(address));
    if (prohibited !== undefined) throw addressProhibited(hostname, prohibited);
    const [first] = addresses;
    if (first === undefined) throw new RequestFailure("destination-not-found");
    return first;
  }

  #redacted(response: HttpResponse): HttpResponse {
    const { secrets } = this.#options;
    const redact = ([name, value]: HttpHeader): HttpHeader => [secrets.redactText(name), secrets.redactText(value)];
    return {
      status: response.status,
      headers: response.headers.map(redact),
      body: secrets.redactBytes(response.body),
      trailers: response.trailers.map(redact),
    };
  }
}

function failed(thrown: unknown, record: Record, end: EndExchange, signal: AbortSignal): HttpOutcome {
  if (thrown instanceof RequestFailure && !signal.aborted) {
    const refused = thrown.note?.code === "NET_DENIED" || thrown.note?.code === "HTTP_INVALID";
    end(record.end(refused ? "denied" : "failed", thrown.code), refused);
    return thrown.outcome();
  }
  const error = signal.aborted ? cancelled() : asGloveboxError(thrown, "INTERNAL_ERROR", "a request failed");
  end(record.end(signal.aborted ? "cancelled" : "limit", error.code), !record.connected);
  return { kind: "limit", error: error.toJSON() };
}

function cancelled(): GloveboxError {
  return new GloveboxError("CANCELLED", "the call ended before its request was answered");
}

function sizeOf(headers: readonly HttpHeader[]): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
