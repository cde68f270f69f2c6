// Where the command line begins: arguments in, exit code out. It must not know the commands.

import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { GloveboxError } from "../index.ts";
import { reportFailure } from "./failure.ts";
import { type Io, processIo } from "./io.ts";
import { runProgram } from "./program.ts";

/** Runs the command that the arguments name; gives the exit code, and never rejects. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await runProgram(args, version(), io);
  } catch (thrown) {
    return reportFailure(io, thrown, args.includes("--json"));
  }
}

/** Runs the command line of this process, and sets its exit code. */
export async function runProcess(): Promise<void> {
  const io = processIo();
  const args = process.argv.slice(2);
  process.on("uncaughtException", (thrown) => {
    const unwritable = thrown instanceof GloveboxError && thrown.code === "OUTPUT_UNWRITABLE";
    process.exitCode = reportFailure(io, thrown, args.includes("--json") && !unwritable);
    process.exit();
  });
  process.exitCode = await main(args, io);
}

function version(): string {
  const file = findPackageJSON(import.meta.url);
  if (file === undefined) return "unknown";
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
