// What a command prints when it could not do its work, and how it ends. It must not know what the work was.

import { inspect } from "node:util";
import { type ErrorJson, GloveboxError } from "../index.ts";
import { printable, safeJson } from "../telemetry/index.ts";
import { exitCodeOfError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { renderError } from "./render/error.ts";

/** Prints one clear message, on standard output as JSON where that was asked for. Never a stack trace, unless GLOVEBOX_DEBUG is set. */
export function reportFailure(io: Io, thrown: unknown, json: boolean): number {
  const error = thrown instanceof GloveboxError ? thrown.toJSON() : unexpected(thrown);
  if (json) io.out.write(`${safeJson({ error }, 2)}\n`);
  else io.err.write(renderError(io.err.view, error));
  if (io.environment.GLOVEBOX_DEBUG) io.err.write(`${printable(inspect(thrown))}\n`);
  return exitCodeOfError(error.code);
}

function unexpected(thrown: unknown): ErrorJson {
  const [reason] = String(thrown instanceof Error ? thrown.message : thrown).split("\n");
  return {
    code: "INTERNAL_ERROR",
    message: `an unexpected error, which is a defect of Glovebox: ${reason}`,
    hint: "set GLOVEBOX_DEBUG=1 to see its details, and report them",
  };
}
