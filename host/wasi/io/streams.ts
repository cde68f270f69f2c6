// wasi:io/streams: reading from a source, writing to a sink. Everything is done at once, so that nothing ever blocks.
// It must not know what sources and sinks are made of.

import { GloveboxError } from "../../errors.ts";
import { type ErrorCode, isErrorCode } from "../filesystem/error-code.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";
import { IoError } from "./error.ts";
import { Pollable } from "./poll.ts";

/** The most bytes that one call to a stream moves. */
export const CHUNK_BYTES: number = 1024 * 1024;

/** Where an input stream gets its bytes. Throws an error code when reading fails. */
export interface Source {
  /** At most `max` bytes, none at the end. They are good until the next call into the host. */
  read(max: number): Uint8Array;
  close(): void;
}

/** Where an output stream puts its bytes. Throws an error code when writing fails. */
export interface Sink {
  /** Takes all of them; it must not keep the array. */
  write(bytes: Uint8Array): void;
  close(): void;
}

/** The error variant of all stream functions. */
export type StreamError = { readonly tag: "last-operation-failed"; readonly val: IoError } | { readonly tag: "closed" };

const CLOSED: StreamError = Object.freeze({ tag: "closed" });
const NOTHING = new Uint8Array(0);

/** A stream to read from. `blocking-` functions do what their twins do: there is nothing to wait for. */
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

  /** What `read` does, for those inside. Throws a StreamError; `closed` at the end. */
  static take(stream: InputStream, length: bigint): Uint8Array {
    return stream.#take(length);
  }

  read(length: bigint): Uint8Array {
    return this.#take(length);
  }

  blockingRead(length: bigint): Uint8Array {
    return this.#take(length);
  }

  skip(length: bigint): bigint {
    return BigInt(this.#take(length).length);
  }

  blockingSkip(length: bigint): bigint {
    return BigInt(this.#take(length).length);
  }

  subscribe(): Pollable {
    return Pollable.alwaysReady(this.#ledger);
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
    return BigInt(CHUNK_BYTES);
  }

  write(contents: Uint8Array): void {
    this.#put(contents);
  }

  blockingWriteAndFlush(contents: Uint8Array): void {
    this.#put(contents);
  }

  flush(): void {
    this.#requireOpen();
  }

  blockingFlush(): void {
    this.#requireOpen();
  }

  writeZeroes(length: bigint): void {
    this.#putZeroes(length);
  }

  blockingWriteZeroesAndFlush(length: bigint): void {
    this.#putZeroes(length);
  }

  splice(source: InputStream, length: bigint): bigint {
    return this.#splice(source, length);
  }

  blockingSplice(source: InputStream, length: bigint): bigint {
    return this.#splice(source, length);
  }

  subscribe(): Pollable {
    return Pollable.alwaysReady(this.#ledger);
  }

  override [Symbol.dispose](): void {
    this.#open = false;
    this.#sink.close();
    super[Symbol.dispose]();
  }

  #requireOpen(): void {
    if (!this.#open) throw CLOSED;
  }

  #put(contents: Uint8Array): void {
    requirePermitted(contents.length);
    this.#requireOpen();
    orClose(
      this.#ledger,
      () => this.#sink.write(contents),
      () => {
        this.#open = false;
      },
    );
  }

  #putZeroes(length: bigint): void {
    requirePermitted(length);
    this.#put(new Uint8Array(Number(length)));
  }

  #splice(source: InputStream, length: bigint): bigint {
    this.#requireOpen();
    const bytes = InputStream.take(source, length);
    this.#put(bytes);
    return BigInt(bytes.length);
  }
}
guardMethods(OutputStream);

/** Writing more than `check-write` permits is a trap by the interface's own words. */
function requirePermitted(length: number | bigint): void {
  if (length <= CHUNK_BYTES) return;
  throw new GloveboxError("TRAP", `the guest wrote ${length} bytes at once where ${CHUNK_BYTES} are permitted`);
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
