// Commands about trust: what agents have earned. A client of the public entry, nothing more.

import { trustEntries } from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { renderTrust } from "./render/trust.ts";

export interface TrustOptions {
  readonly json?: boolean;
}

/** Shows every run that counted, what each did to its agent's level and why, and the levels now. */
export function showTrust(agent: string | undefined, { json }: TrustOptions, io: Io): number {
  const entries = trustEntries(agent === undefined ? {} : { agent });
  io.out.write(json ? `${safeJson({ entries }, 2)}\n` : renderTrust(io.out.view, entries));
  return OK;
}
