// Commands for runs that are kept: list them, show what they would change, commit, discard, recover.
// A client of the public entry, nothing more.

import type { Command } from "commander";
import {
  type ErrorJson,
  type Glovebox,
  GloveboxError,
  type KeptRun,
  listRuns,
  openGlovebox,
  type ResumeOptions,
  type RunReport,
  readRun,
} from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { exitCodeOfRun, FAILED, OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { collect } from "./options.ts";
import { renderError } from "./render/error.ts";
import { renderRun } from "./render/run-report.ts";
import { renderDiff, renderRuns } from "./render/runs.ts";

export interface StateOptions {
  /** The state directory. */
  readonly state?: string;
  readonly json?: boolean;
}

export interface ResumeCommandOptions extends StateOptions {
  /** In place of the tools that the run was begun with. */
  readonly tools?: readonly string[];
}

export interface CommitCommandOptions extends ResumeCommandOptions {
  readonly without?: readonly string[];
}

/** Adds the commands to a program; `end` is told the exit code. */
export function addRunCommands(program: Command, io: Io, end: (exitCode: number) => void): void {
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option("--state <directory>", "where runs are kept (default: glovebox in your state directory)")
      .option("--json", "print one JSON document on standard output");
  const resuming = (name: string, description: string, run = "<run>"): Command =>
    command(name, description)
      .argument(run, "the id of a run, or a part of it that no other has")
      .option("--tools <path>", "a tool, where it is another path now; can be repeated", collect);
  command("runs", "list the runs that are kept").action(async (options: StateOptions) => end(await runs(options, io)));
  command("diff", "show what a run that is kept would change")
    .argument("<run>", "the id of a run, or a part of it that no other has")
    .action(async (run: string, options: StateOptions) => end(await diff(run, options, io)));
  resuming("commit", "commit a run that is kept, over files that did not change meanwhile")
    .option("--without <step>", "leave a step out, and all that depend on it; can be repeated", collect)
    .action(async (run: string, options: CommitCommandOptions) => end(await commit(run, options, io)));
  resuming("discard", "forget what a kept run would change, and take back what it did elsewhere").action(
    async (run: string, options: ResumeCommandOptions) => end(await discard(run, options, io)),
  );
  resuming("recover", "end runs that were interrupted: take back what they did", "[run]").action(
    async (run: string | undefined, options: ResumeCommandOptions) => end(await recover(run, options, io)),
  );
}

/** Lists the runs that are kept, the newest first. */
export async function runs({ state, json }: StateOptions, io: Io): Promise<number> {
  const all = await listRuns(state);
  io.out.write(json ? `${safeJson({ runs: all }, 2)}\n` : renderRuns(io.out.view, all));
  return OK;
}

/** Shows what a run would change, or has changed. Errors: RUN_NOT_FOUND. */
export async function diff(name: string, { state, json }: StateOptions, io: Io): Promise<number> {
  const run = await readRun(name, state);
  io.out.write(json ? `${safeJson(run, 2)}\n` : renderDiff(io.out.view, run));
  return OK;
}

/** Commits a run that is kept. An interrupt cancels what of it has not been committed yet. */
export async function commit(name: string, options: CommitCommandOptions, io: Io): Promise<number> {
  const { without = [] } = options;
  return resume(name, options, io, (glovebox, run, resumeOptions) =>
    glovebox.commitRun(run, { ...resumeOptions, ...(without.length === 0 ? {} : { without }) }),
  );
}

/** Discards a run that is kept. That it ended so is no failure. */
export async function discard(name: string, options: ResumeCommandOptions, io: Io): Promise<number> {
  let undone = false;
  await resume(name, options, io, async (glovebox, run, resumeOptions) => {
    const report = await glovebox.discardRun(run, resumeOptions);
    undone = report.rollback === null || report.rollback === "full";
    return report;
  });
  return undone ? OK : FAILED;
}

/** Ends one run that was interrupted, or all of them. */
export async function recover(name: string | undefined, options: ResumeCommandOptions, io: Io): Promise<number> {
  const interrupted = ["interrupted", "committing", "committed"];
  const named =
    name === undefined ? (await listRuns(options.state)).filter(({ state }) => interrupted.includes(state)) : [];
  const ids = name === undefined ? named.map(({ run_id }) => run_id) : [name];
  const reports: RunReport[] = [];
  const errors: { readonly run_id: string; readonly error: ErrorJson }[] = [];
  for (const id of ids) {
    try {
      const run = await readRun(id, options.state);
      const report = await withRun(run, options, (glovebox) => glovebox.recoverRun(run.run_id));
      if (report !== null) reports.push(report);
      if (report !== null && !options.json) io.out.write(renderRun(io.out.view, report));
    } catch (thrown) {
      if (name !== undefined || !(thrown instanceof GloveboxError)) throw thrown;
      errors.push({ run_id: id, error: thrown.toJSON() }); // the others are recovered all the same
      if (!options.json) io.err.write(renderError(io.err.view, thrown.toJSON()));
    }
  }
  if (options.json) io.out.write(`${safeJson({ recovered: reports, errors }, 2)}\n`);
  else if (reports.length + errors.length === 0) io.out.write("nothing to recover\n");
  const full = reports.every(({ rollback }) => rollback === null || rollback === "full");
  return full && errors.length === 0 ? OK : FAILED;
}

async function resume(
  name: string,
  options: ResumeCommandOptions,
  io: Io,
  work: (glovebox: Glovebox, run: string, options: ResumeOptions) => Promise<RunReport>,
): Promise<number> {
  const run = await readRun(name, options.state);
  const cancel = new AbortController();
  const stopListening = io.onInterrupt(() => cancel.abort());
  try {
    const report = await withRun(run, options, (glovebox) => work(glovebox, run.run_id, { signal: cancel.signal }));
    io.out.write(options.json ? `${safeJson(report, 2)}\n` : renderRun(io.out.view, report));
    return exitCodeOfRun(report);
  } finally {
    stopListening();
  }
}

/** Asks a runtime with what a run was begun with. Errors: RUN_NOT_FOUND for one that this machine cannot open. */
export async function withRun<Answer>(
  { workspace, tools, executor, run_id }: KeptRun,
  options: ResumeCommandOptions,
  ask: (glovebox: Glovebox) => Promise<Answer>,
): Promise<Answer> {
  const state = options.state === undefined ? {} : { stateDirectory: options.state };
  const glovebox = await openGlovebox({ workspace, tools: options.tools ?? tools, executor, ...state }).catch(
    (thrown) => {
      if (!(thrown instanceof GloveboxError) || options.tools !== undefined) throw thrown;
      const message = `the tools that the run ${run_id} was begun with cannot be opened: ${thrown.message}`;
      throw new GloveboxError(thrown.code, message, { hint: "Say where they are now, with --tools.", cause: thrown });
    },
  );
  try {
    return await ask(glovebox);
  } finally {
    await glovebox.close();
  }
}
