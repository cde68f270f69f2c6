// wasi:cli/environment: the variables and arguments that the call was given, and nothing of the machine's.

import { GloveboxError, LimitError } from "../../errors.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions } from "../resource.ts";
import type { WasiSetup } from "../setup.ts";

/** The interface. Errors: RESOURCE_LIMIT, ARGUMENT_INVALID (a name with `=`, anything with NUL). */
export function environment(
  ledger: Ledger,
  setup: Pick<WasiSetup, "environment" | "args" | "directory" | "limits">,
): Readonly<Record<string, unknown>> {
  const variables = Object.entries(setup.environment).sort(([one], [other]) => (one < other ? -1 : 1));
  checkSize([...variables.flat(), ...setup.args], setup.limits.environmentBytes);
  for (const [name] of variables) checkName(name);
  return guardFunctions(ledger, {
    getEnvironment: (): readonly (readonly [string, string])[] => variables,
    getArguments: (): readonly string[] => setup.args,
    initialCwd: (): string | undefined => setup.directory,
  });
}

function checkSize(texts: readonly string[], limit: number): void {
  if (texts.some((text) => text.includes("\0"))) {
    throw new GloveboxError("ARGUMENT_INVALID", "environment variables and arguments cannot hold a NUL character");
  }
  const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length + 1, 0);
  if (bytes > limit) {
    const message = `the environment and the arguments hold ${bytes} bytes where ${limit} are allowed`;
    throw new LimitError("RESOURCE_LIMIT", message, "environmentBytes", limit);
  }
}

function checkName(name: string): void {
  if (name !== "" && !name.includes("=")) return;
  throw new GloveboxError("ARGUMENT_INVALID", `${JSON.stringify(name)} cannot be the name of an environment variable`);
}
