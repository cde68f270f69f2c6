// TCP, on the trusted side: each look-up and each connection is looked at, counted and recorded; bytes are counted as they pass.
// It must not know guests, components or plans, nor how bytes are moved.

import type { Arrival, SocketErrorCode, SocketOutcome, SocketRequest } from "../contract/sockets.ts";
import { asGloveboxError, GloveboxError } from "../errors.ts";
import { NETWORK_LIMITS } from "../limits.ts";
import type { NetworkGrant } from "../scope/types.ts";
import { asUrlHost, grantNames, isPublic, normalAddress } from "./addresses.ts";
import type { Allowance } from "./allowance.ts";
import { grantsForName, notGranted, readSocketRequest, SocketFailure } from "./check-socket.ts";
import type { ExchangeLog } from "./exchange-log.ts";
import type { RunningDigest } from "./record.ts";
import { RequestFailure } from "./refusal.ts";
import { openSocketRecord, type SocketRecord } from "./socket-record.ts";

/** One TCP connection. */
export interface Connection {
  /** Whether something is there to take, or nothing ever will be. */
  readonly ready: boolean;
  /** Resolves when it is ready. */
  whenReady(): Promise<void>;
  /** What has arrived, at most so many bytes; `failure` when it broke, after all that arrived before. */
  take(most: number): { readonly bytes: Uint8Array; readonly end: boolean; readonly failure: SocketFailure | null };
  /** Resolves when the bytes are on their way. Errors: SocketFailure. */
  send(bytes: Uint8Array): Promise<void>;
  /** No more will be sent. */
  finish(): void;
  /** Lets go of it; what was sent still goes out. Idempotent. */
  close(): void;
  /** Resolves when nothing of it is left. */
  closed(): Promise<void>;
}

/** What connections are made with. */
export interface Connector {
  resolve(name: string, signal: AbortSignal): Promise<readonly string[]>;
  connect(address: string, port: number, signal: AbortSignal): Promise<Connection>;
}

export interface SocketGateOptions {
  readonly grants: readonly NetworkGrant[];
  readonly allowance: Allowance;
  readonly log: ExchangeLog;
  readonly client: Connector;
  readonly openDigest: () => RunningDigest;
}

interface Open {
  readonly connection: Connection;
  readonly record: SocketRecord;
}

/** The sockets of one call: what it looked up, and what it has open. */
interface CallSockets {
  /** The grants that led to an address, by address: what was looked at is what may be connected to. */
  readonly found: Map<string, readonly NetworkGrant[]>;
  readonly open: Map<number, Open>;
}

/** TCP for one run. */
export class SocketGate {
  readonly #options: SocketGateOptions;
  readonly #grants: readonly NetworkGrant[];
  readonly #calls = new Map<AbortSignal, CallSockets>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: SocketGateOptions) {
    this.#options = options;
    this.#grants = options.grants.filter(({ protocol }) => protocol === "tcp");
  }

  /** Does what is asked, when it may be. Never rejects; a call's sockets are closed when its `signal` is aborted. */
  async ask(claimed: unknown, signal: AbortSignal): Promise<SocketOutcome> {
    try {
      const request = readSocketRequest(claimed);
      return await this.#answer(request, this.#call(signal), signal);
    } catch (thrown) {
      if (signal.aborted) return { kind: "limit", error: cancelled().toJSON() };
      const failure = socketFailureOf(thrown);
      if (failure !== null) return failure.outcome();
      return { kind: "limit", error: asGloveboxError(thrown, "INTERNAL_ERROR", "a socket failed").toJSON() };
    }
  }

  /** Resolves when what is closing is closed. */
  async close(): Promise<void> {
    for (const sockets of this.#calls.values()) this.#end(sockets);
    await Promise.all(this.#closing);
  }

  #call(signal: AbortSignal): CallSockets {
    const known = this.#calls.get(signal);
    if (known !== undefined) return known;
    if (signal.aborted) throw cancelled();
    const sockets: CallSockets = { found: new Map(), open: new Map() };
    this.#calls.set(signal, sockets);
    const end = (): void => {
      this.#calls.delete(signal);
      this.#end(sockets);
    };
    signal.addEventListener("abort", end, { once: true });
    return sockets;
  }

  #end(sockets: CallSockets): void {
    for (const number of [...sockets.open.keys()]) this.#close(sockets, number);
  }

  async #answer(request: SocketRequest, sockets: CallSockets, signal: AbortSignal): Promise<SocketOutcome> {
    if (request.kind === "lookup") return await this.#lookUp(request.name, sockets, signal);
    if (request.kind === "connect") return await this.#connect(request, sockets, signal);
    if (request.kind === "receive") return await this.#receive(request, sockets, signal);
    if (request.kind === "close") {
      this.#close(sockets, request.socket);
      return { kind: "done" };
    }
    const { connection, record } = openSocket(sockets, request.socket);
    if (request.kind === "finish") connection.finish();
    else {
      this.#options.allowance.countBytes(request.bytes.length);
      record.sent(request.bytes);
      await record.watch(connection.send(request.bytes));
    }
    return { kind: "done" };
  }

  async #lookUp(name: string, sockets: CallSockets, signal: AbortSignal): Promise<SocketOutcome> {
    const record = this.#openRecord("LOOKUP", `dns:${name}`);
    const addresses = await record.watch(this.#resolve(name, sockets, signal));
    record.answered(addresses);
    return { kind: "addresses", addresses };
  }

  /** The addresses of a name; none of them is private, unless it is granted itself. */
  async #resolve(name: string, sockets: CallSockets, signal: AbortSignal): Promise<readonly string[]> {
    const grants = grantsForName(name, this.#grants);
    this.#options.allowance.countRequest();
    const addresses = await this.#options.client.resolve(name, signal);
    const prohibited = addresses.find((address) => !isPublic(address) && !this.#grantsAddress(address));
    if (prohibited !== undefined) throw addressProhibited(name, prohibited);
    const normal = [...new Set(addresses.map(normalAddress))];
    for (const address of normal) sockets.found.set(address, [...(sockets.found.get(address) ?? []), ...grants]);
    return normal;
  }

  #grantsAddress(address: string): boolean {
    const host = asUrlHost(address);
    return this.#grants.some((grant) => grant.host === host);
  }

  async #connect(
    { socket, address, port }: Extract<SocketRequest, { kind: "connect" }>,
    sockets: CallSockets,
    signal: AbortSignal,
  ): Promise<SocketOutcome> {
    const record = this.#openRecord("CONNECT", `tcp://${asUrlHost(address)}:${port}`);
    const connection = await record.watch(this.#opened(address, port, sockets, signal, record));
    sockets.open.get(socket)?.connection.close();
    sockets.open.set(socket, { connection, record });
    return { kind: "done" };
  }

  async #opened(
    address: string,
    port: number,
    sockets: CallSockets,
    signal: AbortSignal,
    record: SocketRecord,
  ): Promise<Connection> {
    const literal = this.#grants.some((grant) => grantNames(grant, address, port));
    const found =
      isPublic(address) && sockets.found.get(normalAddress(address))?.some(({ ports }) => ports.includes(port));
    if (!literal && found !== true) {
      const host = asUrlHost(address);
      throw notGranted(`a TCP connection to ${host}:${port}`, host, port);
    }
    if (sockets.open.size >= NETWORK_LIMITS.openSockets) throw new SocketFailure("new-socket-limit");
    this.#options.allowance.countRequest();
    record.connecting(address);
    const connection = await this.#options.client.connect(address, port, signal);
    if (!signal.aborted) return connection;
    connection.close();
    throw cancelled();
  }

  async #receive(
    { sockets: numbers, timeoutMs }: Extract<SocketRequest, { kind: "receive" }>,
    sockets: CallSockets,
    signal: AbortSignal,
  ): Promise<SocketOutcome> {
    const asked = [...new Set(numbers)].map((number) => ({ number, ...openSocket(sockets, number) }));
    const patience = Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, NETWORK_LIMITS.silenceMs);
    await anyReady(
      asked.map(({ connection }) => connection),
      patience,
      signal,
    );
    if (signal.aborted) throw cancelled();
    const ready = asked.filter(({ connection }) => connection.ready);
    return { kind: "arrived", arrivals: ready.map(({ number, ...open }) => this.#take(number, open)) };
  }

  #take(socket: number, { connection, record }: Open): Arrival {
    const { bytes, end, failure } = connection.take(NETWORK_LIMITS.socketBytes);
    if (failure !== null) record.fail(failure);
    this.#options.allowance.countBytes(bytes.length);
    record.received(bytes);
    return { socket, bytes, end, error: failure?.code ?? null };
  }

  #close(sockets: CallSockets, number: number): void {
    const open = sockets.open.get(number);
    if (open === undefined) return;
    sockets.open.delete(number);
    open.record.end();
    open.connection.close();
    const closing = open.connection.closed().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #openRecord(method: string, url: string): SocketRecord {
    return openSocketRecord(method, url, this.#options.log, this.#options.openDigest);
  }
}

function openSocket(sockets: CallSockets, number: number): Open {
  const open = sockets.open.get(number);
  if (open === undefined) throw new SocketFailure("invalid-state");
  return open;
}

async function anyReady(connections: readonly Connection[], patienceMs: number, signal: AbortSignal): Promise<void> {
  if (connections.some(({ ready }) => ready)) return;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const stop = (): void => resolve();
  const timer = setTimeout(stop, patienceMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([over, ...connections.map((connection) => connection.whenReady())]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function addressProhibited(name: string, address: string): SocketFailure {
  const message = `a look-up of ${name} was refused: ${address} is a private or special address`;
  const hint = `Have the address itself granted: { host: "${asUrlHost(address)}", ports: […], protocol: tcp }.`;
  return new SocketFailure("access-denied", new GloveboxError("NET_DENIED", message, { hint }));
}

const OF_LOOKUPS: Readonly<Record<string, SocketErrorCode>> = {
  "destination-not-found": "name-unresolvable",
  "DNS-timeout": "temporary-resolver-failure",
  "DNS-error": "permanent-resolver-failure",
};

function socketFailureOf(thrown: unknown): SocketFailure | null {
  if (thrown instanceof SocketFailure) return thrown;
  if (!(thrown instanceof RequestFailure)) return null;
  return new SocketFailure(OF_LOOKUPS[thrown.code] ?? "unknown", thrown.note, thrown);
}

function cancelled(): GloveboxError {
  return new GloveboxError("CANCELLED", "the call ended before its socket was answered");
}
