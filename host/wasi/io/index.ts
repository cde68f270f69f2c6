// The package wasi:io.

import type { Ledger } from "../ledger.ts";
import { guardFunctions, type Interfaces, withResources } from "../resource.ts";
import { IoError } from "./error.ts";
import { Pollable } from "./poll.ts";
import { InputStream, OutputStream } from "./streams.ts";

/** Its interfaces, by name. */
export function io(ledger: Ledger): Interfaces {
  const poll = guardFunctions(ledger, {
    poll: (pollables: readonly Pollable[]): Uint32Array | Promise<Uint32Array> => {
      ledger.requireHandles(pollables.length);
      return Pollable.poll(pollables);
    },
  });
  return {
    "wasi:io/error": withResources({ Error: IoError }),
    "wasi:io/poll": withResources({ Pollable }, poll),
    "wasi:io/streams": withResources({ InputStream, OutputStream }),
  };
}
