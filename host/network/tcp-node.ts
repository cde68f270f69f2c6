// TCP connections of Node's: to one address, with bounds on what is kept and how long anything takes.
// It must not decide what may be connected to.

import { createConnection, type Socket } from "node:net";
import type { SocketErrorCode } from "../contract/sockets.ts";
import { NETWORK_LIMITS } from "../limits.ts";
import { SocketFailure } from "./check-socket.ts";
import type { Connection } from "./socket-gate.ts";

const CODES: Readonly<Record<string, SocketErrorCode>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-reset",
  EPIPE: "connection-reset",
  ECONNABORTED: "connection-aborted",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "remote-unreachable",
  ENETUNREACH: "remote-unreachable",
  EADDRNOTAVAIL: "remote-unreachable",
};

/** How long a peer may take to accept the last bytes of a connection that was let go of. */
const LINGER_MS = 2000;

/** Opens a connection. Errors: SocketFailure; what `signal` was aborted with. */
export async function openConnection(address: string, port: number, signal: AbortSignal): Promise<Connection> {
  const socket = createConnection({ host: address, port, allowHalfOpen: true, noDelay: true });
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new SocketFailure("timeout")), NETWORK_LIMITS.connectMs);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  socket.once("connect", resolve);
  socket.on("error", (error) => reject(failureOf(error)));
  try {
    await connected;
    return new NodeConnection(socket);
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

class NodeConnection implements Connection {
  readonly #socket: Socket;
  readonly #gone = Promise.withResolvers<void>();
  #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #failure: SocketFailure | null = null;
  #wake = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#keep(chunk));
    socket.on("end", () => this.#finishReading(null));
    socket.on("error", (error) => this.#finishReading(failureOf(error)));
    socket.on("close", () => {
      this.#finishReading(null);
      this.#gone.resolve();
    });
  }

  get ready(): boolean {
    return this.#bytes > 0 || this.#ended || this.#failure !== null;
  }

  async whenReady(): Promise<void> {
    if (!this.ready) await this.#wake.promise;
  }

  take(most: number): ReturnType<Connection["take"]> {
    const all = Buffer.concat(this.#chunks);
    const bytes = new Uint8Array(all.subarray(0, most));
    const rest = all.subarray(bytes.length);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    if (!this.ready) this.#wake = Promise.withResolvers();
    this.#socket.resume();
    const over = this.#bytes === 0 && (this.#ended || this.#failure !== null);
    return { bytes, end: over, failure: over ? this.#failure : null };
  }

  async send(bytes: Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new SocketFailure("timeout")), NETWORK_LIMITS.silenceMs);
    this.#socket.write(bytes, (error) => (error ? reject(failureOf(error)) : resolve()));
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  finish(): void {
    this.#socket.end();
  }

  close(): void {
    if (this.#socket.destroyed) return;
    const timer = setTimeout(() => this.#socket.destroy(), LINGER_MS);
    this.#socket.once("close", () => clearTimeout(timer));
    this.#socket.destroySoon();
  }

  async closed(): Promise<void> {
    await this.#gone.promise;
  }

  #keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= NETWORK_LIMITS.socketBytes) this.#socket.pause();
    this.#wake.resolve();
  }

  #finishReading(failure: SocketFailure | null): void {
    if (failure === null) this.#ended = true;
    else this.#failure ??= failure;
    this.#wake.resolve();
  }
}

function failureOf(error: Error): SocketFailure {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return new SocketFailure(CODES[code] ?? "unknown", null, error);
}
