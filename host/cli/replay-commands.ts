// Commands that hold a run against its journal: replay it, and print or check its receipt.
// A client of the public entry, nothing more.

import { readFile, stat } from "node:fs/promises";
import type { Command } from "commander";
import { GloveboxError, inspectJournal, openGlovebox, type Receipt, type ReplayReport, readRun } from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { FAILED, OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { collect } from "./options.ts";
import { renderReplay } from "./render/replay.ts";

export interface ReplayOptions {
  /** The state directory. */
  readonly state?: string;
  /** The files as they were when the run began. */
  readonly workspace?: string;
  readonly tools?: readonly string[];
  /** The file with the receipt that the journal must fit. */
  readonly receipt?: string;
  readonly json?: boolean;
}

const MOST_BYTES = 1024 * 1024 * 1024;

/** Adds the commands to a program; `end` is told the exit code. */
export function addReplayCommands(program: Command, io: Io, end: (exitCode: number) => void): void {
  program
    .command("replay")
    .description(
      "make the calls of a run again, and hold each against its journal; nothing is committed, and nothing leaves",
    )
    .argument("<run>", "the id of a run, or a part of it that no other has, or the file of a journal (.jsonl)")
    .option("--workspace <directory>", "files as they were when the run began (default: those of its workspace)")
    .option("--tools <path>", "a tool, where it is another path now; can be repeated", collect)
    .option("--receipt <file>", "the receipt that the journal must fit")
    .option("--state <directory>", "where runs are kept (default: glovebox in your state directory)")
    .option("--json", "print one JSON document on standard output")
    .action(async (run: string, options: ReplayOptions) => end(await replay(run, options, io)));
  program
    .command("receipt")
    .description("print what a run was given and came to, in hashes, for others to check with replay --receipt")
    .argument("<run>", "the id of a run, or a part of it that no other has")
    .option("--state <directory>", "where runs are kept (default: glovebox in your state directory)")
    .action(async (run: string, options: ReplayOptions) => end(await receipt(run, options, io)));
}

/** Replays a run; it fails when anything is different. Errors: RUN_NOT_FOUND, JOURNAL_FAILED, FILE_UNREADABLE, TOOL_CHANGED. */
export async function replay(run: string, options: ReplayOptions, io: Io): Promise<number> {
  const file = run.endsWith(".jsonl") ? run : (await readRun(run, options.state)).journal;
  const text = await read("journal", file);
  const { workspace, tools, executor, receipt: found } = inspectJournal(text);
  if (options.receipt !== undefined) requireSame(await readReceipt(options.receipt), found);
  const glovebox = await openGlovebox({
    workspace: options.workspace ?? workspace,
    tools: options.tools ?? tools,
    executor,
  });
  try {
    const report: ReplayReport = await glovebox.replay({ journal: text });
    io.out.write(
      options.json ? `${safeJson({ ...report, receipt: found }, 2)}\n` : renderReplay(io.out.view, report, found),
    );
    return report.same ? OK : FAILED;
  } finally {
    await glovebox.close();
  }
}

/** Prints the receipt of a run. Errors: RUN_NOT_FOUND, JOURNAL_FAILED. */
export async function receipt(run: string, { state }: ReplayOptions, io: Io): Promise<number> {
  io.out.write(`${safeJson((await readRun(run, state)).receipt, 2)}\n`);
  return OK;
}

/** Errors: REPLAY_DIVERGED, naming the first thing that is different. */
function requireSame(claimed: Readonly<Record<string, unknown>>, found: Receipt): void {
  for (const [name, value] of Object.entries(found)) {
    if (JSON.stringify(value) === JSON.stringify(claimed[name])) continue;
    const message = `the receipt does not fit the journal: ${name} is ${JSON.stringify(claimed[name])}, and the journal says ${JSON.stringify(value)}`;
    throw new GloveboxError("REPLAY_DIVERGED", message, {
      data: { name },
      hint: "The receipt is that of another run, or one of the two was changed.",
    });
  }
}

async function readReceipt(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return JSON.parse(await read("receipt", file));
  } catch (cause) {
    if (cause instanceof GloveboxError) throw cause;
    throw new GloveboxError("FILE_UNREADABLE", `the receipt ${file} is not JSON`, { cause });
  }
}

async function read(what: string, file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= MOST_BYTES) return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "it cannot be read";
    throw new GloveboxError("FILE_UNREADABLE", `cannot read the ${what} ${file} (${reason})`, { cause });
  }
  throw new GloveboxError("FILE_UNREADABLE", `cannot read the ${what} ${file}: it is larger than ${MOST_BYTES} bytes`);
}
