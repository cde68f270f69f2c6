// The package wasi:cli.

import type { Ledger } from "../ledger.ts";
import type { Interfaces } from "../resource.ts";
import type { WasiSetup } from "../setup.ts";
import type { Capture } from "./capture.ts";
import { environment } from "./environment.ts";
import { exit } from "./exit.ts";
import { stderr } from "./stderr.ts";
import { stdin } from "./stdin.ts";
import { stdout } from "./stdout.ts";
import { terminals } from "./terminal.ts";

/** Where the guest's standard streams end. */
export interface Output {
  readonly stdout: Capture;
  readonly stderr: Capture;
}

/** Its interfaces, by name. Errors: RESOURCE_LIMIT, ARGUMENT_INVALID (environment). */
export function cli(ledger: Ledger, setup: WasiSetup, output: Output): Interfaces {
  return {
    "wasi:cli/environment": environment(ledger, setup),
    "wasi:cli/exit": exit(ledger),
    "wasi:cli/stdin": stdin(ledger, setup.stdin),
    "wasi:cli/stdout": stdout(ledger, output.stdout),
    "wasi:cli/stderr": stderr(ledger, output.stderr),
    ...terminals(ledger),
  };
}
