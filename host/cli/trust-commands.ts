// Commands about trust: what agents have earned. A client of the public entry, nothing more.

import type { Command } from "commander";
import { trustEntries } from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { renderTrust } from "./render/trust.ts";

interface TrustOptions {
  /** The state directory. */
  readonly state?: string;
  readonly json?: boolean;
}

/** Adds the commands to their group; `end` is told the exit code. */
export function addTrustCommands(group: Command, io: Io, end: (exitCode: number) => void): void {
  group
    .description("look at the trust that agents have earned")
    .command("show")
    .description("show each run that counted, what it did to its agent's level and why, and the levels now")
    .argument("[agent]", "the name of one agent (default: all)")
    .option("--state <directory>", "where the ledger is kept (default: glovebox in your state directory)")
    .option("--json", "print one JSON document on standard output")
    .action((agent: string | undefined, options: TrustOptions) => end(showTrust(agent, options, io)));
}

function showTrust(agent: string | undefined, { state, json }: TrustOptions, io: Io): number {
  const entries = trustEntries({
    ...(agent === undefined ? {} : { agent }),
    ...(state === undefined ? {} : { stateDirectory: state }),
  });
  io.out.write(json ? `${safeJson({ entries }, 2)}\n` : renderTrust(io.out.view, entries));
  return OK;
}
