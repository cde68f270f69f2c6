// wasi:cli/exit: ends the call, never the process.

import { GloveboxError } from "../../errors.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";

/** The interface. A guest that exits ends its call with GUEST_EXIT and `data.status`, also when the status is 0. */
export function exit(ledger: Ledger): Readonly<Record<string, unknown>> {
  const end = (status: number): never =>
    ledger.fail(new GloveboxError("GUEST_EXIT", `the tool exited with status ${status}`, { data: { status } }));
  return guardFunctions(ledger, {
    exit: (status: { readonly tag: "ok" | "err" }): never => end(status.tag === "ok" ? 0 : 1),
    exitWithCode: (status: number): never => end(status),
  });
}
