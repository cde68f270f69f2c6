// wasi:sockets/tcp.tcp-socket: a connection to another machine, which is made when it is waited for. It can do nothing but connect.

import { GloveboxError } from "../../errors.ts";
import { Pollable } from "../io/poll.ts";
import { InputStream, OutputStream } from "../io/streams.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { Settled, SocketAccount } from "./account.ts";
import { type Family, type IpSocketAddress, isRemote, textOf, unspecified } from "./addresses.ts";
import { SocketOptions } from "./socket-options.ts";
import { TcpInput } from "./tcp-input.ts";
import { TcpOutput } from "./tcp-output.ts";

interface Connecting {
  readonly remote: IpSocketAddress;
  outcome: Settled | null;
}

interface Connected {
  readonly remote: IpSocketAddress;
  readonly input: TcpInput;
  readonly output: TcpOutput;
}

/** A TCP socket. */
export class TcpSocket extends Resource {
  readonly #account: SocketAccount;
  readonly #family: Family;
  readonly #options = new SocketOptions();
  readonly #number: number;
  #connecting: Connecting | null = null;
  #connected: Connected | null = null;
  #closed = false;

  /** Errors: RESOURCE_LIMIT. */
  constructor(account: SocketAccount, family: Family) {
    super(account.ledger);
    this.#account = account;
    this.#family = family;
    this.#number = account.nextSocket();
  }

  startConnect(_network: unknown, remote: IpSocketAddress): void {
    if (this.#connecting !== null) throw "concurrency-conflict";
    if (this.#connected !== null || this.#closed) throw "invalid-state";
    if (remote.tag !== this.#family || !isRemote(remote)) throw "invalid-argument";
    this.#connecting = { remote, outcome: null };
  }

  finishConnect(): readonly [InputStream, OutputStream] {
    if (this.#connecting === null) throw "not-in-progress";
    const { remote, outcome } = this.#connecting;
    if (outcome === null) throw "would-block";
    this.#connecting = null;
    this.#closed = outcome.kind !== "done";
    if (outcome.kind !== "done") throw outcome.kind === "refused" ? outcome.code : "unknown";
    const input = new TcpInput(this.#number, this.#account);
    const output = new TcpOutput(this.#account, this.#number);
    this.#connected = { remote, input, output };
    const { ledger } = this.#account;
    return [new InputStream(ledger, input), new OutputStream(ledger, output)];
  }

  startBind(): never {
    return this.#denied("binding a TCP socket");
  }

  finishBind(): never {
    throw "not-in-progress";
  }

  startListen(): never {
    return this.#denied("listening on a TCP socket");
  }

  finishListen(): never {
    throw "not-in-progress";
  }

  accept(): never {
    throw "invalid-state";
  }

  localAddress(): IpSocketAddress {
    this.#requireConnected();
    return unspecified(this.#family);
  }

  remoteAddress(): IpSocketAddress {
    return this.#requireConnected().remote;
  }

  isListening(): boolean {
    return false;
  }

  addressFamily(): Family {
    return this.#family;
  }

  setListenBacklogSize(value: bigint): never {
    throw value === 0n ? "invalid-argument" : "not-supported";
  }

  keepAliveEnabled(): boolean {
    return this.#options.keepAlive;
  }

  setKeepAliveEnabled(value: boolean): void {
    this.#options.keepAlive = value;
  }

  keepAliveIdleTime(): bigint {
    return this.#options.get("keepAliveIdleTime");
  }

  setKeepAliveIdleTime(value: bigint): void {
    this.#options.set("keepAliveIdleTime", value);
  }

  keepAliveInterval(): bigint {
    return this.#options.get("keepAliveInterval");
  }

  setKeepAliveInterval(value: bigint): void {
    this.#options.set("keepAliveInterval", value);
  }

  keepAliveCount(): number {
    return Number(this.#options.get("keepAliveCount"));
  }

  setKeepAliveCount(value: number): void {
    this.#options.set("keepAliveCount", BigInt(value));
  }

  hopLimit(): number {
    return Number(this.#options.get("hopLimit"));
  }

  setHopLimit(value: number): void {
    this.#options.set("hopLimit", BigInt(value));
  }

  receiveBufferSize(): bigint {
    return this.#options.get("receiveBufferSize");
  }

  setReceiveBufferSize(value: bigint): void {
    this.#options.set("receiveBufferSize", value);
  }

  sendBufferSize(): bigint {
    return this.#options.get("sendBufferSize");
  }

  setSendBufferSize(value: bigint): void {
    this.#options.set("sendBufferSize", value);
  }

  subscribe(): Pollable {
    const { ledger } = this.#account;
    const connecting = this.#connecting;
    if (connecting === null) return Pollable.alwaysReady(ledger);
    return Pollable.event(ledger, {
      isReady: () => connecting.outcome !== null,
      wait: () => this.#connect(connecting),
      group: this.#account,
    });
  }

  shutdown(how: "receive" | "send" | "both"): void {
    const { input, output } = this.#requireConnected();
    if (how !== "send") input.close();
    if (how !== "receive") output.finish();
  }

  override [Symbol.dispose](): void {
    this.#connected?.output.end();
    this.#connected = null;
    this.#closed = true;
    super[Symbol.dispose]();
  }

  async #connect(connecting: Connecting): Promise<void> {
    const { remote } = connecting;
    const request = { kind: "connect", socket: this.#number, address: textOf(remote), port: remote.val.port } as const;
    connecting.outcome ??= await this.#account.ask(request);
  }

  #requireConnected(): Connected {
    if (this.#connected === null) throw "invalid-state";
    return this.#connected;
  }

  #denied(what: string): never {
    const hint = "Tools may connect where a grant of TCP says so; nothing can connect to them.";
    this.#account.ledger.reportViolation(new GloveboxError("NET_DENIED", `${what} was refused`, { hint }).toJSON());
    throw "access-denied";
  }
}
guardMethods(TcpSocket);
