// What one call takes from the host: counted, bounded, and the first reason to end it remembered.
// It must not know any WASI interface.

import { type ErrorCode, type ErrorJson, GloveboxError, LimitError } from "../errors.ts";
import type { CallLimits } from "../limits.ts";

const MAX_VIOLATIONS = 100;
/** Random bytes in all: making them costs the host time that no fuel pays for. */
const MAX_RANDOM_BYTES = 64 * 1024 * 1024;
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
  /** Called when the call ends while its guest is suspended: nothing wakes the guest up again. */
  readonly abandon?: () => void;
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
   * Runs one host function, which may give a promise. What it throws as a payload is the guest's; what it throws as an Error ends the call.
   * Errors: the call's failure when there already is one; HOSTCALL_LIMIT.
   */
  enter<T>(body: () => T): T {
    this.requireOpen();
    const { hostCalls } = this.#setup.limits;
    this.#hostCalls += 1;
    try {
      if (this.#hostCalls > hostCalls) {
        this.#exceed("HOSTCALL_LIMIT", "hostCalls", hostCalls, `called the host more than ${hostCalls} times`);
      }
      const result = body();
      return result instanceof Promise ? (result.catch((thrown) => this.#endSuspended(thrown)) as T) : result;
    } catch (thrown) {
      return this.#rethrow(thrown);
    }
  }

  /** Errors: the call's failure when there already is one; STATE_INVALID after its end. */
  requireOpen(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#disposed) throw new GloveboxError("STATE_INVALID", "the call has ended: its host functions are closed");
  }

  /** A suspended guest whose call ends is left where it is: it gets no chance to catch anything. */
  #endSuspended(thrown: unknown): Promise<never> {
    const { abandon } = this.#setup;
    if (!(thrown instanceof Error) || abandon === undefined) return this.#rethrow(thrown);
    try {
      return this.#rethrow(thrown);
    } catch {
      abandon();
      return new Promise(() => undefined);
    }
  }

  #rethrow(thrown: unknown): never {
    if (thrown instanceof Error) this.fail(asHostFailure(thrown));
    throw thrown;
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
      const message = `did more than the ${ioOperations} file operations that it had left`;
      this.#exceed("IO_LIMIT", "io_operations", ioOperations, message, "Raise io_operations in the scope.");
    }
    this.#ioOperations += 1;
  }

  /** Counts bytes read from or written to files. Errors: IO_LIMIT. */
  countBytes(bytes: number): void {
    const { ioBytes } = this.#setup;
    if (this.#ioBytes + bytes > ioBytes) {
      const message = `read and wrote more than the ${ioBytes} bytes of files that it had left`;
      this.#exceed("IO_LIMIT", "io_mb", ioBytes, message, "Raise io_mb in the scope.");
    }
    this.#ioBytes += bytes;
  }

  /** Counts random bytes, before any of them is made. Errors: HOSTCALL_LIMIT. */
  countRandomBytes(bytes: bigint): number {
    const { randomBytesPerCall } = this.#setup.limits;
    if (bytes > BigInt(randomBytesPerCall)) {
      const message = `asked for more than ${randomBytesPerCall} random bytes at once`;
      this.#exceed("HOSTCALL_LIMIT", "randomBytesPerCall", randomBytesPerCall, message);
    }
    this.#randomBytes += Number(bytes);
    if (this.#randomBytes > MAX_RANDOM_BYTES) {
      const message = `asked for more than ${MAX_RANDOM_BYTES} random bytes in all`;
      this.#exceed("HOSTCALL_LIMIT", "randomBytes", MAX_RANDOM_BYTES, message);
    }
    return Number(bytes);
  }

  /** Makes sure that one more handle may live, before anything is opened for it. Errors: RESOURCE_LIMIT. */
  reserveHandle(): void {
    this.requireHandles(this.#live.size + 1);
  }

  /** Errors: RESOURCE_LIMIT, for more handles than a guest may hold. */
  requireHandles(count: number): void {
    const { handles } = this.#setup.limits;
    if (count > handles)
      this.#exceed("RESOURCE_LIMIT", "handles", handles, `used more than ${handles} handles at once`);
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
    const message = `${operation} of ${path} was refused: the scope does not grant it`;
    const hint = "Grant it in the scope's filesystem section, or use a path that is granted.";
    this.reportViolation(new GloveboxError("PATH_DENIED", message, { hint, data: { operation, path } }).toJSON());
  }

  /** Records what was refused, in the words of whoever refused it; only the first hundred are kept. */
  reportViolation(violation: ErrorJson): void {
    if (this.#violations.length < MAX_VIOLATIONS) this.#violations.push(violation);
  }

  /** Counts entries of a listing as held; a negative count gives them back. Errors: RESOURCE_LIMIT. */
  holdEntries(count: number): void {
    if (this.#listedEntries + count > MAX_LISTED_ENTRIES) {
      const message = `held more than ${MAX_LISTED_ENTRIES} directory entries at once`;
      this.#exceed("RESOURCE_LIMIT", "listedEntries", MAX_LISTED_ENTRIES, message);
    }
    this.#listedEntries += count;
  }

  /** Drops every handle that the guest left open. Idempotent. */
  dispose(): void {
    this.#disposed = true;
    for (const resource of [...this.#live]) resource[Symbol.dispose]();
  }

  #exceed(code: ErrorCode, limit: string, allowed: number, what: string, hint?: string): never {
    this.fail(new LimitError(code, `the tool ${what}`, limit, allowed, hint === undefined ? {} : { hint }));
  }
}

function asHostFailure(thrown: Error): GloveboxError {
  if (thrown instanceof GloveboxError) return thrown;
  if (thrown instanceof RangeError) {
    return new GloveboxError("STACK_EXHAUSTED", "the stack ended inside a host function", { cause: thrown });
  }
  return new GloveboxError("TRAP", "a host function failed", { cause: thrown });
}
