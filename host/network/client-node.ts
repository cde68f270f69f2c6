// Moves the bytes of requests that may leave: one connection to the one address that was looked at, one answer, whole or not at all.
// It must not decide what may leave. Redirects are answers like any other: whoever follows one asks again, and is looked at again.

import type { LookupFunction } from "node:net";
import { isIPv6 } from "node:net";
import { getCACertificates } from "node:tls";
import { type Dispatcher, Pool } from "undici";
import { type HttpHeader, type HttpResponse, isConnectionField } from "../contract/http.ts";
import { NETWORK_LIMITS } from "../limits.ts";
import { codingsOf, decodeBody } from "./decode-node.ts";
import { failureOf } from "./failure-node.ts";
import type { Client, Outbound } from "./inspector.ts";
import { tookTooLong } from "./refusal.ts";
import { type Resolve, resolver } from "./resolve-node.ts";
import type { Connection } from "./socket-gate.ts";
import { openConnection } from "./tcp-node.ts";

export interface ClientOptions {
  /** PEM certificates that are trusted besides those of the system. */
  readonly certificateAuthorities?: readonly string[] | undefined;
  /** Left out, names are resolved as this machine does. */
  readonly dnsServers?: readonly string[] | undefined;
}

/** Places that connections are kept to. */
const MOST_POOLS = 32;

/** The client of one run. */
export class NodeClient implements Client {
  readonly resolve: Resolve;
  readonly #options: ClientOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: ClientOptions) {
    this.#options = options;
    this.resolve = resolver(options.dnsServers);
  }

  async exchange(outbound: Outbound, signal: AbortSignal): Promise<HttpResponse> {
    const { requestMs } = NETWORK_LIMITS;
    const late = AbortSignal.timeout(requestMs);
    try {
      return await this.#exchange(outbound, AbortSignal.any([signal, late]));
    } catch (thrown) {
      if (late.aborted && !signal.aborted) throw tookTooLong("HTTP-response-timeout", "requestMs", requestMs);
      throw failureOf(thrown, outbound.request);
    }
  }

  async connect(address: string, port: number, signal: AbortSignal): Promise<Connection> {
    return await openConnection(address, port, signal);
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  async #exchange(outbound: Outbound, signal: AbortSignal): Promise<HttpResponse> {
    const { request, target, headers } = outbound;
    const { silenceMs } = NETWORK_LIMITS;
    const {
      statusCode,
      headers: raw,
      body,
      trailers,
    } = await this.#pool(outbound).request({
      method: request.method as Dispatcher.HttpMethod,
      path: `${target.url.pathname}${target.url.search}`,
      // The length is that of the body, whatever the guest said.
      headers: headers.filter(([name]) => name !== "content-length").flat(),
      body: request.body.length === 0 ? null : request.body,
      headersTimeout: least(request.firstByteTimeoutMs, silenceMs),
      bodyTimeout: least(request.betweenBytesTimeoutMs, silenceMs),
      responseHeaders: "raw",
      signal,
    });
    const received = headersOf(raw as unknown as readonly string[]);
    outbound.count(received.reduce((sum, [name, value]) => sum + name.length + value.length, 0));
    const content = await take(body, outbound);
    return { status: statusCode, ...(await decoded(received, content, outbound)), trailers: trailersOf(trailers) };
  }

  /** What is on its way over it still arrives. */
  #closeOldest(): void {
    if (this.#pools.size <= MOST_POOLS) return;
    for (const [key, pool] of this.#pools) {
      this.#pools.delete(key);
      void pool.close();
      return;
    }
  }

  #pool({ request, target, address }: Outbound): Pool {
    const connectMs = least(request.connectTimeoutMs, NETWORK_LIMITS.connectMs);
    const key = `${target.url.origin} ${address} ${connectMs}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const own = this.#options.certificateAuthorities;
    const pool = new Pool(target.url.origin, {
      connections: NETWORK_LIMITS.openRequests,
      maxHeaderSize: NETWORK_LIMITS.headerBytes,
      allowH2: false,
      connect: {
        timeout: connectMs,
        lookup: always(address),
        autoSelectFamily: false,
        ...(own === undefined ? {} : { ca: [...getCACertificates("default"), ...own] }),
      },
    });
    this.#pools.set(key, pool);
    this.#closeOldest();
    return pool;
  }
}

/** Whatever is asked for, the answer is the address that was looked at. */
function always(address: string): LookupFunction {
  const family = isIPv6(address) ? 6 : 4;
  return (_name, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

/** The whole body, as it came. Leaving the loop early closes the connection. */
async function take(body: AsyncIterable<Uint8Array>, { count }: Outbound): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) {
    count(piece.length);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

type Content = Pick<HttpResponse, "headers" | "body">;

async function decoded(received: readonly HttpHeader[], body: Uint8Array, outbound: Outbound): Promise<Content> {
  const headers = received.filter(([name]) => !isConnectionField(name));
  const codings = codingsOf(headers.filter(([name]) => name === "content-encoding").map(([, value]) => value));
  if (codings.length === 0) return { headers, body };
  const most = outbound.remaining() + body.length;
  const tooLong = (): never => {
    outbound.count(most + 1);
    throw new RangeError("a decoded body is too long");
  };
  const plain = await decodeBody(body, codings, most, tooLong);
  outbound.count(Math.max(0, plain.length - body.length));
  return { headers: headers.filter(([name]) => name !== "content-encoding" && name !== "content-length"), body: plain };
}

function headersOf(raw: readonly (string | Uint8Array)[]): readonly HttpHeader[] {
  const texts = raw.map((part) => (typeof part === "string" ? part : Buffer.from(part).toString("latin1")));
  const names = texts.filter((_, index) => index % 2 === 0);
  return names.map((name, index) => [name.toLowerCase(), texts[2 * index + 1] ?? ""]);
}

function trailersOf(trailers: Readonly<Record<string, string | readonly string[]>>): readonly HttpHeader[] {
  return Object.entries(trailers).flatMap(([name, values]) =>
    [values].flat().map((value): HttpHeader => [name.toLowerCase(), String(value)]),
  );
}

function least(asked: number | null, most: number): number {
  return asked === null ? most : Math.min(asked, most);
}
