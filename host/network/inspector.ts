// The one way out: every request of every tool is looked at, counted, sent and recorded here, on the trusted side.
// It must not know guests, components or plans, nor how bytes are moved.

import type { HttpHeader, HttpOutcome, HttpRequest, HttpResponse } from "../contract/http.ts";
import { asGloveboxError, GloveboxError } from "../errors.ts";
import type { NetworkExchange } from "../hooks.ts";
import { BYTES_PER_MB, type ScopeLimits } from "../limits.ts";
import type { NetworkGrant } from "../scope/types.ts";
import type { Target } from "../scope/urls.ts";
import { asUrlHost, isLoopback, isPublic, literalAddress } from "./addresses.ts";
import { grantsFor, type ReadRequest, readRequest } from "./check-request.ts";
import type { Network } from "./network.ts";
import { type Digest, openRecord, type Record } from "./record.ts";
import { addressProhibited, RequestFailure, secretInTheClear, usedUp } from "./refusal.ts";

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
}

/** Denials are cheap for a guest; so many are recorded. */
const MOST_REFUSALS = 100;

/** What became of one request; null while it goes on. */
interface Slot {
  readonly record: Record;
  exchange: NetworkExchange | null;
}

/** The network of one run. */
export class Inspector implements Network {
  readonly #options: InspectorOptions;
  /** In the order in which they were asked for. */
  readonly #slots = new Set<Slot>();
  #requests = 0;
  #bytes = 0;
  #refusals = 0;

  constructor(options: InspectorOptions) {
    this.#options = options;
  }

  /** Looks at a request and, when it may leave, sends it. Never rejects. */
  readonly send = async (claimed: unknown, signal: AbortSignal): Promise<HttpOutcome> => {
    const record = openRecord(this.#options.digest, (text) => this.#options.secrets.redactText(text));
    const slot: Slot = { record, exchange: null };
    this.#slots.add(slot);
    try {
      const read = readRequest(claimed);
      record.asked(read);
      const response = await this.#exchange(read, record, signal);
      record.answered(response);
      slot.exchange = record.end("response", null);
      return { kind: "response", response };
    } catch (thrown) {
      return this.#failed(thrown, slot, signal);
    }
  };

  take(): readonly NetworkExchange[] {
    const taken = [...this.#slots];
    this.#slots.clear();
    return taken.map(({ exchange, record }) => exchange ?? record.end("cancelled", "CANCELLED"));
  }

  async close(): Promise<void> {
    await this.#options.client.close();
  }

  async #exchange(read: ReadRequest, record: Record, signal: AbortSignal): Promise<HttpResponse> {
    const { request, target } = read;
    const { client, secrets } = this.#options;
    const grants = grantsFor(read, this.#options.grants);
    this.#countRequest();
    const address = await this.#address(target, signal);
    const { headers: injected, secret } = secrets.headersFor(grants);
    if (secret && request.scheme === "http" && !isLoopback(address)) throw secretInTheClear(target.url.hostname);
    record.connecting(address);
    const headers = [...request.headers.filter(([name]) => !injected.some(([one]) => one === name)), ...injected];
    this.#count(request.body.length + sizeOf(headers));
    const count = (bytes: number): void => this.#count(bytes);
    const remaining = (): number => this.#allowedBytes - this.#bytes;
    return this.#redacted(await client.exchange({ request, target, address, headers, count, remaining }, signal));
  }

  /** The address to connect to: the one that was looked at, and no other that the name may get later. */
  async #address(target: Target, signal: AbortSignal): Promise<string> {
    const literal = literalAddress(target);
    if (literal !== null) return literal;
    const { hostname } = target.url;
    const addresses = await this.#options.client.resolve(hostname, signal);
    const prohibited = addresses.find((address) => !isPublic(address) && !this.#grantsAddress(address, target.port));
    if (prohibited !== undefined) throw addressProhibited(hostname, prohibited);
    const [first] = addresses;
    if (first === undefined) throw new RequestFailure("destination-not-found");
    return first;
  }

  #grantsAddress(address: string, port: number): boolean {
    const host = asUrlHost(address);
    return this.#options.grants.some((grant) => grant.host === host && grant.ports.includes(port));
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

  #countRequest(): void {
    const allowed = this.#options.limits.network_requests;
    if (this.#requests >= allowed) throw usedUp("network_requests", allowed);
    this.#requests += 1;
  }

  get #allowedBytes(): number {
    return Math.floor(this.#options.limits.network_mb * BYTES_PER_MB);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#allowedBytes) throw usedUp("network_mb", this.#options.limits.network_mb);
  }

  #failed(thrown: unknown, slot: Slot, signal: AbortSignal): HttpOutcome {
    const { record } = slot;
    if (thrown instanceof RequestFailure && !signal.aborted) {
      const refused = thrown.note?.code === "NET_DENIED" || thrown.note?.code === "HTTP_INVALID";
      slot.exchange = record.end(refused ? "denied" : "failed", thrown.code);
      if (refused) this.#boundRefusals(slot);
      return thrown.outcome();
    }
    const error = signal.aborted ? cancelled() : asGloveboxError(thrown, "INTERNAL_ERROR", "a request failed");
    slot.exchange = record.end(signal.aborted ? "cancelled" : "limit", error.code);
    if (!record.connected) this.#boundRefusals(slot);
    return { kind: "limit", error: error.toJSON() };
  }

  #boundRefusals(refused: Slot): void {
    this.#refusals += 1;
    if (this.#refusals > MOST_REFUSALS) this.#slots.delete(refused);
  }
}

function cancelled(): GloveboxError {
  return new GloveboxError("CANCELLED", "the call ended before its request was answered");
}

function sizeOf(headers: readonly HttpHeader[]): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
