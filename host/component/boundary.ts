// The border between a guest's memory and the host, as generated code sees it: what is copied out is counted, checked and decoded strictly.
// It must not know which component or action is called.

import { GloveboxError, LimitError } from "../errors.ts";

/** The globals that generated code gets in place of the host's. */
export interface GlueGlobals {
  readonly WebAssembly: object;
  readonly TextDecoder: unknown;
  readonly FinalizationRegistry: unknown;
  readonly console: object;
  readonly globalThis: object;
}

type HostFunction = (...args: readonly unknown[]) => unknown;
type Allocator = (pointer: number, size: number, alignment: number, newSize: number) => number;

/** Counts what one call copies out of its guest. A crossing (one call of the host, or the result) may copy `limit` bytes. */
export class Boundary {
  readonly globals: GlueGlobals;
  /** The first thing that went wrong here. A guest may catch what is thrown; this decides. */
  failure: GloveboxError | null = null;
  readonly #failed = Promise.withResolvers<never>();
  readonly #limit: number;
  readonly #stop: () => void;
  readonly #explain: (thrown: unknown) => GloveboxError;
  #copied = 0;

  /**
   * `stop` makes sure that the guest cannot go on once a limit is met, whatever it catches; `explain` says what was thrown at it;
   * `suspends` lets the host suspend it.
   */
  constructor(limit: number, stop: () => void, explain: (thrown: unknown) => GloveboxError, suspends: boolean) {
    this.#limit = limit;
    this.#stop = stop;
    this.#explain = explain;
    this.globals = glueGlobals(this, suspends);
    this.#failed.promise.catch(() => undefined); // most calls have nothing to wait for
  }

  /** What a call that may be suspended gives; or its first failure, since a guest that failed while it waited need not ever come back. */
  settled<Result>(returned: Promise<Result>): Promise<Result> {
    return Promise.race([returned, this.#failed.promise]);
  }

  /** A new crossing begins. Errors: what went wrong before, so that a guest that caught it reaches nothing more. */
  enter(): void {
    if (this.failure !== null) throw this.failure;
    this.#copied = 0;
  }

  /**
   * Imports of a core module whose functions of the host, and of generated code, end the call when they throw: a guest may catch
   * it, and go on with a handle that is not its own. `isOwn` tells the functions of other core modules, which stay as they are.
   */
  guardImports(given: WebAssembly.Imports, isOwn: (value: unknown) => boolean): WebAssembly.Imports {
    const guardOne = (value: WebAssembly.ImportValue): WebAssembly.ImportValue =>
      typeof value === "function" && !isOwn(value) ? this.#guard(value as HostFunction) : value;
    const guardModule = (module: WebAssembly.ModuleImports): WebAssembly.ModuleImports =>
      Object.fromEntries(Object.entries(module).map(([name, value]) => [name, guardOne(value)]));
    return Object.fromEntries(Object.entries(given).map(([name, module]) => [name, guardModule(module)]));
  }

  /** A function that may suspend its guest, guarded like all others: it fails by throwing, or by rejecting later. */
  suspending(run: HostFunction): HostFunction {
    return this.#guard((...args) => {
      const returned = run(...args);
      return returned instanceof Promise
        ? returned.catch((thrown: unknown) => this.#fail(this.#explain(thrown)))
        : returned;
    });
  }

  /** For generated code that would keep what a host function throws to itself. Errors: what it was, always. */
  caught(thrown: unknown): never {
    return this.#fail(this.#explain(thrown));
  }

  #guard(run: HostFunction): HostFunction {
    return (...args) => {
      try {
        return run(...args);
      } catch (thrown) {
        this.#fail(this.#explain(thrown));
      }
    };
  }

  /** Errors: HOSTCALL_LIMIT. */
  charge(bytes: number): void {
    this.#copied += bytes;
    if (this.#copied <= this.#limit) return;
    const message = `the tool handed over more than ${this.#limit} bytes at once`;
    this.#fail(new LimitError("HOSTCALL_LIMIT", message, "liftedBytes", this.#limit));
  }

  /** `buffer.slice` that refuses what lies outside. Errors: CANONICAL_ABI, HOSTCALL_LIMIT. */
  slice(buffer: ArrayBuffer, start: number, end: number): ArrayBuffer {
    if (end > buffer.byteLength) this.broken(`a list from ${start} to ${end} lies outside of the memory`);
    this.charge(end - start);
    return buffer.slice(start, end);
  }

  /** A guest's allocator whose answers are checked. Errors: CANONICAL_ABI. */
  allocator(allocate: Allocator): Allocator {
    return (pointer, size, alignment, newSize) => {
      const address = allocate(pointer, size, alignment, newSize) >>> 0;
      if (address % alignment !== 0) this.broken(`the allocator gave ${address}, which is not aligned to ${alignment}`);
      return address;
    };
  }

  /** Errors: CANONICAL_ABI, always. */
  broken(message: string): never {
    return this.#fail(new GloveboxError("CANONICAL_ABI", `the tool broke the canonical ABI: ${message}`));
  }

  #fail(error: GloveboxError): never {
    this.failure ??= error;
    this.#failed.reject(this.failure);
    this.#stop();
    throw error;
  }
}

/** Strict, unlike the one it stands in for: a byte order mark stays, and what is not Unicode is a trap. */
class StrictDecoder {
  readonly #boundary: Boundary;
  readonly #decoder: TextDecoder;

  constructor(boundary: Boundary, encoding: string) {
    this.#boundary = boundary;
    this.#decoder = encoding === "utf-16" ? UTF16 : UTF8;
  }

  decode(bytes: Uint8Array): string {
    this.#boundary.charge(bytes.byteLength);
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return this.#boundary.broken("a string is not valid Unicode");
    }
  }
}

// Without `stream` a decoder keeps nothing from one text to the next, so that all calls can share them.
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const UTF16 = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });

function glueGlobals(boundary: Boundary, suspends: boolean): GlueGlobals {
  /** Called with `new` by generated code. */
  function BoundDecoder(encoding: string = "utf-8"): StrictDecoder {
    return new StrictDecoder(boundary, encoding);
  }
  return { ...(suspends ? suspendingGlobals(boundary) : SYNCHRONOUS_GLOBALS), TextDecoder: BoundDecoder };
}

/** Collection by the garbage collector would run guest code at a time that nobody chose. */
class NoFinalization {
  register(): void {}
  unregister(): void {}
}

const silence = (): void => undefined;

const coreWebAssembly = {
  Module: WebAssembly.Module,
  Instance: WebAssembly.Instance,
  Global: WebAssembly.Global,
  RuntimeError: WebAssembly.RuntimeError,
};

/** Nothing suspends in synchronous mode, so that nothing needs to be wrapped. */
const synchronous = { ...coreWebAssembly, promising: (run: unknown) => run };

function sharedGlobals(webAssembly: object): Omit<GlueGlobals, "TextDecoder"> {
  return {
    WebAssembly: Object.freeze(webAssembly),
    FinalizationRegistry: NoFinalization,
    console: Object.freeze({ error: silence, debug: silence, log: silence, warn: silence }),
    globalThis: Object.freeze({ __proto__: null, WebAssembly: webAssembly }),
  };
}

const SYNCHRONOUS_GLOBALS = sharedGlobals(synchronous);

type SuspendingClass = new (run: HostFunction) => object;

/** Where an engine cannot suspend, the first such component says so, and no other notices. */
function suspendingGlobals(boundary: Boundary): Omit<GlueGlobals, "TextDecoder"> {
  const Suspending: SuspendingClass | undefined = Reflect.get(WebAssembly, "Suspending");
  /** Called with `new` by generated code. */
  function BoundSuspending(run: HostFunction): object {
    if (Suspending === undefined) throw new TypeError("this engine cannot suspend WebAssembly");
    return new Suspending(boundary.suspending(run));
  }
  const promising: unknown = Reflect.get(WebAssembly, "promising");
  return sharedGlobals({ ...coreWebAssembly, Suspending: BoundSuspending, promising });
}
