// wasi:io/error: the reason why a stream operation failed, as a resource.
// It must not know which stream.

import type { ErrorCode } from "../filesystem/error-code.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";

/** What a guest finds in `last-operation-failed`. It says no more than the error code: no host path, no stack. */
export class IoError extends Resource {
  readonly #code: ErrorCode;

  /** Errors: RESOURCE_LIMIT. */
  constructor(ledger: Ledger, code: ErrorCode) {
    super(ledger);
    this.#code = code;
  }

  /** The file error behind it. */
  static codeOf(error: IoError): ErrorCode {
    return error.#code;
  }

  toDebugString(): string {
    return this.#code;
  }
}
guardMethods(IoError);
