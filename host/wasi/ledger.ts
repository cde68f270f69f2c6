// What one call takes from the host: counted, bounded, and the first reason to end it remembered.
// It must not know any WASI interface.

import { type ErrorCode, type ErrorJson, GloveboxError, LimitError } from "../errors.ts";
import type { CallLimits } from "../limits.ts";

const MAX_VIOLATIONS = 100;
/** Entries of all listings that a guest holds at once. */
const MAX_LISTED_ENTRIES = 1_000_000;

/** What a call has taken from the host so far. */
export interface WasiUsage {
  readonly ioOperations: number;
  readonly ioBytes: number;
  readonly hostCalls: number;
}

export interface LedgerSetup {
  readonly limits: CallLimits;
  readonly ioOperations: number;
  readonly ioBytes: number;
  readonly stop: () => void;
}

/** The account of one call. Once it has a failure, no host function does anything for the guest any more. */
export class Ledger {
  readonly #setup: LedgerSetup;
  readonly #live = new Set<Disposable>();
  readonly #violations: ErrorJson[] = [];
  #hostCalls = 0;
  #ioOperations = 0;
  #ioBytes = 0;
  #randomBytes = 0;
  #listedEntries = 0;
  #failure: GloveboxError | null = null;
  #disposed = false;

  constructor(setup: LedgerSetup) {
    this.#setup = setup;
  }

  get usage(): WasiUsage {
    return { ioOperations: this.#ioOperations, ioBytes: this.#ioBytes, hostCalls: this.#hostCalls };
  }

  /** The first limit met, host failure or guest exit: it decides the outcome, whatever the guest made of it. */
  get failure(): GloveboxError | null {
    return this.#failure;
  }

  get violations(): readonly ErrorJson[] {
    return this.#violations;
  }

  /**
   * Runs one host function. What it throws as a payload is the guest's; what it throws as an Error ends the call.
   * Errors: the call's failure when there already is one; HOSTCALL_LIMIT.
   */
  enter<T>(body: () => T): T {
    if (this.#failure !== null) throw this.#failure;
    if (this.#disposed) throw new GloveboxError("STATE_INVALID", "the call has ended: its host functions are closed");
    const { hostCalls } = this.#setup.limits;
    this.#hostCalls += 1;
    try {
      if (this.#hostCalls > hostCalls) this.#exceed("HOSTCALL_LIMIT", "calls into the host", "host_calls", hostCalls);
      return body();
    } catch (thrown) {
      if (thrown instanceof Error) this.fail(asHostFailure(thrown));
      throw thrown;
    }
  }

  /** Ends the call: remembers the first such error, poisons the guest, throws. */
  fail(error: GloveboxError): never {
    if (this.#failure === null) {
      this.#failure = error;
      this.#setup.stop();
    }
    throw error;
  }

  /** Counts one file operation. Errors: IO_LIMIT. */
  countOperation(): void {
    const { ioOperations } = this.#setup;
    if (this.#ioOperations >= ioOperations) {
      this.#exceed("IO_LIMIT", "file operations", "io_operations", ioOperations, "Raise io_operations in the scope.");
    }
    this.#ioOperations += 1;
  }

  /** Counts bytes read from or written to files. Errors: IO_LIMIT. */
  countBytes(bytes: number): void {
    const { ioBytes } = this.#setup;
    if (this.#ioBytes + bytes > ioBytes) {
      this.#exceed("IO_LIMIT", "bytes read and written", "io_bytes", ioBytes, "Raise io_mb in the scope.");
    }
    this.#ioBytes += bytes;
  }

  /** Counts random bytes, before any of them is made. Errors: HOSTCALL_LIMIT. */
  countRandomBytes(bytes: bigint): number {
    const { randomBytesPerCall, liftedBytes } = this.#setup.limits;
    if (bytes > BigInt(randomBytesPerCall)) {
      this.#exceed("HOSTCALL_LIMIT", "random bytes in one host call", "random_bytes_per_call", randomBytesPerCall);
    }
    this.#randomBytes += Number(bytes);
    if (this.#randomBytes > liftedBytes) {
      this.#exceed("HOSTCALL_LIMIT", "random bytes", "lifted_bytes", liftedBytes);
    }
    return Number(bytes);
  }

  /** Makes sure that one more handle may live, before anything is opened for it. Errors: RESOURCE_LIMIT. */
  reserveHandle(): void {
    const { handles } = this.#setup.limits;
    if (this.#live.size >= handles) this.#exceed("RESOURCE_LIMIT", "live handles", "handles", handles);
  }

  /** Errors: RESOURCE_LIMIT. */
  track(resource: Disposable): void {
    this.reserveHandle();
    this.#live.add(resource);
  }

  untrack(resource: Disposable): void {
    this.#live.delete(resource);
  }

  /** Records a request that the grants refused; only the first hundred are kept. */
  recordViolation(operation: string, path: string): void {
    if (this.#violations.length >= MAX_VIOLATIONS) return;
    const message = `${operation} of ${path} was refused: the scope does not grant it`;
    this.#violations.push(new GloveboxError("PATH_DENIED", message, { data: { operation, path } }).toJSON());
  }

  /** Counts entries of a listing as held; a negative count gives them back. Errors: RESOURCE_LIMIT. */
  holdEntries(count: number): void {
    if (this.#listedEntries + count > MAX_LISTED_ENTRIES) {
      this.#exceed("RESOURCE_LIMIT", "directory entries held in listings", "listed_entries", MAX_LISTED_ENTRIES);
    }
    this.#listedEntries += count;
  }

  /** Drops every handle that the guest left open. Idempotent. */
  dispose(): void {
    this.#disposed = true;
    for (const resource of [...this.#live]) resource[Symbol.dispose]();
  }

  #exceed(code: ErrorCode, what: string, limit: string, allowed: number, hint?: string): never {
    const message = `the call took more ${what} than its limit of ${allowed}`;
    this.fail(new LimitError(code, message, limit, allowed, hint === undefined ? {} : { hint }));
  }
}

function asHostFailure(thrown: Error): GloveboxError {
  if (thrown instanceof GloveboxError) return thrown;
  if (thrown instanceof RangeError) {
    return new GloveboxError("STACK_EXHAUSTED", "the stack ended inside a host function", { cause: thrown });
  }
  return new GloveboxError("TRAP", "a host function failed", { cause: thrown });
}
