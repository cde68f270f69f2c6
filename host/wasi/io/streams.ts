// wasi:io/streams: reading from a source, writing to a sink. All but what arrives from outside, and leaves, is done at once and never blocks.
// It must not know what sources and sinks are made of.

import { GloveboxError } from "../../errors.ts";
import { type ErrorCode, isErrorCode } from "../filesystem/error-code.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";
import { IoError } from "./error.ts";
import { type OutsideEvent, Pollable } from "./poll.ts";

/** The most bytes that one call to a stream moves. */
export const CHUNK_BYTES: number = 1024 * 1024;

/** Where an input stream gets its bytes. Throws an error code when reading fails. */
export interface Source {
  /** At most `max` bytes, none at the end. They are good until the next call into the host. */
  read(max: number): Uint8Array;
  close(): void;
  /** Where bytes come from outside: until it is ready, nothing that is read means nothing yet, and not the end. */
  readonly arrival?: OutsideEvent;
}

/** Where an output stream puts its bytes. Throws an error code when writing fails. */
export interface Sink {
  /** Takes all of them; it must not keep the array. */
  write(bytes: Uint8Array): void;
  close(): void;
  /** Where bytes leave: ready while it takes more. */
  readonly departure?: Departure;
}

/** How bytes leave that are written. */
export interface Departure extends OutsideEvent {
  /** How many more it takes before they have to be flushed. */
  permit(): number;
  /** Resolves when all that was written has left. Rejects with an error code when it cannot. */
  flush(): Promise<void>;
}

/** The error variant of all stream functions. */
export type StreamError = { readonly tag: "last-operation-failed"; readonly val: IoError } | { readonly tag: "closed" };

const CLOSED: StreamError = Object.freeze({ tag: "closed" });
const NOTHING = new Uint8Array(0);

/** A stream to read from. `blocking-` functions do what their twins do, once there is something to do it with. */
export class InputStream extends Resource {
  readonly #ledger: Ledger;
  readonly #source: Source;
  #open = true;

  /** Errors: RESOURCE_LIMIT. */
  constructor(ledger: Ledger, source: Source) {
    super(ledger);
    this.#ledger = ledger;
    this.#source = source;
  }

  /** Runs `body` as soon as there is something to read, or the end. */
  static arrived<T>(stream: InputStream, body: () => T | Promise<T>): T | Promise<T> {
    const { arrival } = stream.#source;
    return arrival === undefined || !stream.#open || arrival.isReady() ? body() : arrival.wait().then(body);
  }

  /** What `read` does, for those inside. Throws a StreamError; `closed` at the end. */
  static take(stream: InputStream, length: bigint): Uint8Array {
    return stream.#take(length);
  }

  read(length: bigint): Uint8Array {
    return this.#take(length);
  }

  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array> {
    return InputStream.arrived(this, () => this.#take(length));
  }

  skip(length: bigint): bigint {
    return BigInt(this.#take(length).length);
  }

  blockingSkip(length: bigint): bigint | Promise<bigint> {
    return InputStream.arrived(this, () => BigInt(this.#take(length).length));
  }

  subscribe(): Pollable {
    const { arrival } = this.#source;
    return arrival === undefined ? Pollable.alwaysReady(this.#ledger) : Pollable.event(this.#ledger, arrival);
  }

  override [Symbol.dispose](): void {
    this.#open = false;
    this.#source.close();
    super[Symbol.dispose]();
  }

  #take(length: bigint): Uint8Array {
    if (!this.#open) throw CLOSED;
    if (length === 0n) return NOTHING;
    const bytes = orClose(
      this.#ledger,
      () => this.#source.read(chunk(length)),
      () => {
        this.#open = false;
      },
    );
    if (bytes.length > 0) return bytes;
    if (this.#source.arrival?.isReady() === false) return NOTHING;
    this.#open = false;
    throw CLOSED;
  }
}
guardMethods(InputStream);

/** A stream to write to; what was written is there for readers at once. */
export class OutputStream extends Resource {
  readonly #ledger: Ledger;
  readonly #sink: Sink;
  #open = true;

  /** Errors: RESOURCE_LIMIT. */
  constructor(ledger: Ledger, sink: Sink) {
    super(ledger);
    this.#ledger = ledger;
    this.#sink = sink;
  }

  checkWrite(): bigint {
    this.#requireOpen();
    return BigInt(this.#permit());
  }

  write(contents: Uint8Array): void {
    this.#put(contents);
  }

  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void> {
    return this.#flushed(() => this.#put(contents));
  }

  /** What leaves does so when something is next waited for. */
  flush(): void {
    this.#requireOpen();
  }

  blockingFlush(): void | Promise<void> {
    return this.#flushed(() => this.#requireOpen());
  }

  writeZeroes(length: bigint): void {
    this.#putZeroes(length);
  }

  blockingWriteZeroesAndFlush(length: bigint): void | Promise<void> {
    return this.#flushed(() => this.#putZeroes(length));
  }

  splice(source: InputStream, length: bigint): bigint {
    return this.#splice(source, length);
  }

  blockingSplice(source: InputStream, length: bigint): bigint | Promise<bigint> {
    const splice = (): bigint | Promise<bigint> => this.#flushed(() => this.#splice(source, length));
    return InputStream.arrived(source, splice);
  }

  subscribe(): Pollable {
    const { departure } = this.#sink;
    return departure === undefined ? Pollable.alwaysReady(this.#ledger) : Pollable.event(this.#ledger, departure);
  }

  override [Symbol.dispose](): void {
    this.#open = false;
    this.#sink.close();
    super[Symbol.dispose]();
  }

  #requireOpen(): void {
    if (!this.#open) throw CLOSED;
  }

  #permit(): number {
    return this.#sink.departure?.permit() ?? CHUNK_BYTES;
  }

  /** Runs `body` when there is room for what it writes, and lets that leave. */
  #flushed<T>(body: () => T): T | Promise<T> {
    const { departure } = this.#sink;
    if (departure === undefined) return body();
    return this.#left(departure).then(async () => {
      const result = body();
      await this.#left(departure);
      return result;
    });
  }

  async #left(departure: Departure): Promise<void> {
    const code = await departure.flush().then(() => null, orThrow);
    this.#act(() => {
      if (code !== null) throw code;
    });
  }

  #put(contents: Uint8Array): void {
    this.#requirePermitted(contents.length);
    this.#requireOpen();
    this.#act(() => this.#sink.write(contents));
  }

  #act(body: () => void): void {
    orClose(this.#ledger, body, () => {
      this.#open = false;
    });
  }

  #putZeroes(length: bigint): void {
    this.#requirePermitted(length);
    this.#put(new Uint8Array(Number(length)));
  }

  #splice(source: InputStream, length: bigint): bigint {
    this.#requireOpen();
    const permit = BigInt(this.#permit());
    const bytes = InputStream.take(source, length < permit ? length : permit);
    this.#put(bytes);
    return BigInt(bytes.length);
  }

  /** Writing more than `check-write` permits is a trap by the interface's own words. */
  #requirePermitted(length: number | bigint): void {
    const permit = this.#permit();
    if (length <= permit) return;
    throw new GloveboxError("TRAP", `the guest wrote ${length} bytes at once where ${permit} are permitted`);
  }
}
guardMethods(OutputStream);

/** The error code that something was rejected with; what is none is thrown on. */
function orThrow(thrown: unknown): ErrorCode {
  if (isErrorCode(thrown)) return thrown;
  throw thrown;
}

function chunk(length: bigint): number {
  return length < BigInt(CHUNK_BYTES) ? Number(length) : CHUNK_BYTES;
}

/** Runs a stream operation; when it throws an error code, the stream ends and the guest gets the reason. */
function orClose<T>(ledger: Ledger, body: () => T, close: () => void): T {
  try {
    return body();
  } catch (thrown) {
    if (!isErrorCode(thrown)) throw thrown;
    close();
    throw failedWith(ledger, thrown);
  }
}

function failedWith(ledger: Ledger, code: ErrorCode): StreamError {
  return { tag: "last-operation-failed", val: new IoError(ledger, code) };
}
