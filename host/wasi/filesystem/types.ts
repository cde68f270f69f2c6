// wasi:filesystem/types: descriptors, listings, and the file error behind a failed stream.

import { IoError } from "../io/error.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions, withResources } from "../resource.ts";
import { Descriptor } from "./descriptor.ts";
import { DirectoryEntryStream } from "./directory-entry-stream.ts";
import type { ErrorCode } from "./error-code.ts";

/** The interface. */
export function filesystemTypes(ledger: Ledger): Readonly<Record<string, unknown>> {
  const functions = guardFunctions(ledger, {
    filesystemErrorCode: (error: IoError): ErrorCode => IoError.codeOf(error),
  });
  return withResources({ Descriptor, DirectoryEntryStream }, functions);
}
