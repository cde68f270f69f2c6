// The command that answers a run which waits for a person. A client of the public entry, nothing more.

import type { Command } from "commander";
import { GloveboxError, readRun } from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { exitCodeOfRun, OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { collect } from "./options.ts";
import { renderRequests } from "./render/approvals.ts";
import { renderRun } from "./render/run-report.ts";
import { type ResumeCommandOptions, withRun } from "./run-commands.ts";

interface ApproveOptions extends ResumeCommandOptions {
  readonly deny?: boolean;
  readonly reason?: string;
  /** Minutes. */
  readonly expires?: string;
  readonly later?: boolean;
}

const MOST_MINUTES = 7 * 24 * 60;

/** Adds the command to a program; `end` is told the exit code. */
export function addApproveCommand(program: Command, io: Io, end: (exitCode: number) => void): void {
  program
    .command("approve")
    .description("show the calls that a run waits for, or answer one and go on with the run")
    .argument("<run>", "the id of a run, or a part of it that no other has")
    .argument("[step]", "the step to answer")
    .option("--deny", "refuse the call: the run fails, and is rolled back")
    .option("--reason <text>", "who says so, or why not")
    .option("--expires <minutes>", "how long the answer may be made use of (default: 60)")
    .option("--later", "only write the answer down; `commit` goes on with the run")
    .option("--tools <path>", "a tool, where it is another path now; can be repeated", collect)
    .option("--state <directory>", "where runs are kept (default: glovebox in your state directory)")
    .option("--json", "print one JSON document on standard output")
    .action(async (run: string, step: string | undefined, options: ApproveOptions) => {
      end(step === undefined ? await show(run, options, io) : await answer(run, step, options, io));
    });
}

async function show(name: string, { state, json }: ApproveOptions, io: Io): Promise<number> {
  const run = await readRun(name, state);
  const { run_id, requests } = run;
  io.out.write(json ? `${safeJson({ run_id, requests }, 2)}\n` : renderRequests(io.out.view, run));
  return OK;
}

/** Answers what a run waits for at a step, and goes on with it unless that is for later. */
async function answer(name: string, step: string, options: ApproveOptions, io: Io): Promise<number> {
  const { deny = false, later = false, reason, state, json } = options;
  const run = await readRun(name, state);
  const validSeconds = minutesOf(options.expires) * 60;
  const said = { approved: !deny, later, validSeconds, ...(reason === undefined ? {} : { reason }) };
  const { run_id } = run;
  const report = await withRun(run, options, (glovebox) => glovebox.approveRun(run_id, step, said));
  if (report === null) {
    io.out.write(json ? `${safeJson({ run_id, answered: step }, 2)}\n` : laterText(run_id, said.approved));
    return OK;
  }
  io.out.write(json ? `${safeJson(report, 2)}\n` : renderRun(io.out.view, report));
  return exitCodeOfRun(report);
}

function laterText(run: string, approved: boolean): string {
  return `the answer (${approved ? "approved" : "denied"}) is written down; \`glovebox commit ${run}\` goes on with the run\n`;
}

/** Errors: USAGE_INVALID. */
function minutesOf(text = "60"): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES) return minutes;
  throw new GloveboxError("USAGE_INVALID", `--expires takes 1 to ${MOST_MINUTES} minutes, not "${text}"`, {
    hint: "leave it out for an hour",
  });
}
