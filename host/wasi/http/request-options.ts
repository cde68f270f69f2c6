// wasi:http/types.request-options: how long a guest is willing to wait. What the host allows may be less.

import type { HttpRequest } from "../../contract/http.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";

const NS_PER_MS = 1_000_000n;

/** How long a guest waits for each part of an answer. */
export type Timeouts = Pick<HttpRequest, "connectTimeoutMs" | "firstByteTimeoutMs" | "betweenBytesTimeoutMs">;

const NO_TIMEOUTS: Timeouts = { connectTimeoutMs: null, firstByteTimeoutMs: null, betweenBytesTimeoutMs: null };

/** Three durations, each in nanoseconds or left to the host. */
export class RequestOptions extends Resource {
  #connect: bigint | undefined;
  #firstByte: bigint | undefined;
  #betweenBytes: bigint | undefined;

  /** Errors: RESOURCE_LIMIT. */
  static make(ledger: Ledger): RequestOptions {
    return new RequestOptions(ledger);
  }

  /** The same in milliseconds, at least 1; null where the guest leaves it to the host. */
  static timeoutsOf(options: RequestOptions | undefined): Timeouts {
    if (options === undefined) return NO_TIMEOUTS;
    return {
      connectTimeoutMs: milliseconds(options.#connect),
      firstByteTimeoutMs: milliseconds(options.#firstByte),
      betweenBytesTimeoutMs: milliseconds(options.#betweenBytes),
    };
  }

  connectTimeout(): bigint | undefined {
    return this.#connect;
  }

  setConnectTimeout(duration: bigint | undefined): void {
    this.#connect = duration;
  }

  firstByteTimeout(): bigint | undefined {
    return this.#firstByte;
  }

  setFirstByteTimeout(duration: bigint | undefined): void {
    this.#firstByte = duration;
  }

  betweenBytesTimeout(): bigint | undefined {
    return this.#betweenBytes;
  }

  setBetweenBytesTimeout(duration: bigint | undefined): void {
    this.#betweenBytes = duration;
  }
}
guardMethods(RequestOptions);

function milliseconds(duration: bigint | undefined): number | null {
  return duration === undefined ? null : Math.max(1, Number(duration / NS_PER_MS));
}
