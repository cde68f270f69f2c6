// How an action is called: as a function with parameters, or as a program with arguments, standard streams and an exit code.
// It must not know meters, savepoints, or which process this is.

import { checkFit } from "../component/call.ts";
import type { CallBudget, CallOutcome } from "../contract/call.ts";
import { isCommand } from "../contract/command.ts";
import type { Action, JsonValue } from "../contract/types.ts";
import { type GloveboxError, LimitError } from "../errors.ts";
import { CALL_LIMITS } from "../limits.ts";
import type { Preopen, Wasi, WasiSetup } from "../wasi/index.ts";
import type { CallRequest } from "./protocol.ts";
import type { RunFiles } from "./run-files.ts";

/** What the guest is given, what is called, and what the outcome means. */
export interface Invocation {
  readonly given: Pick<WasiSetup, "preopens" | "args" | "stdin" | "directory" | "limits">;
  readonly action: Action;
  readonly arguments: Readonly<Record<string, JsonValue>>;
  /** `failure` is the first thing that ended the call, if anything did; it wins over what the guest made of it. */
  outcome(called: CallOutcome, failure: GloveboxError | null, wasi: Wasi): CallOutcome;
  close(): void;
}

/** Gets ready to call an action; gives the outcome at once where that is clear already. Errors: ARGUMENT_INVALID. */
export function invocationOf(request: CallRequest, files: RunFiles): Invocation | CallOutcome {
  return isCommand(request.action.export) ? programInvocation(request, files) : functionInvocation(request, files);
}

function functionInvocation({ action, arguments: args }: CallRequest, { preopens }: RunFiles): Invocation {
  return {
    given: { preopens, args: [], stdin: new Uint8Array(), limits: CALL_LIMITS },
    action,
    arguments: args,
    outcome: (called, failure) => (failure === null ? called : { kind: "critical", error: failure.toJSON() }),
    close: () => undefined,
  };
}

/** What the contract of a program lets a plan say (see `COMMAND`). */
interface ProgramArguments {
  readonly args?: readonly string[] | null;
  readonly stdin?: string | null;
  readonly directory?: string | null;
  readonly accept?: readonly number[] | null;
}

function programInvocation(
  { action, arguments: values, budget }: CallRequest,
  files: RunFiles,
): Invocation | CallOutcome {
  checkFit(action, values);
  const { args, stdin, directory, accept }: ProgramArguments = values;
  const opened = typeof directory === "string" ? openDirectory(directory, files) : null;
  if (opened !== null && "kind" in opened) return opened;
  const accepted = new Set([0, ...(accept ?? [])]);
  return {
    given: {
      preopens: opened === null ? files.preopens : [...files.preopens, opened],
      args: [action.tool.name, ...(args ?? [])],
      stdin: new TextEncoder().encode(stdin ?? ""),
      ...(typeof directory === "string" ? { directory } : {}),
      limits: { ...CALL_LIMITS, standardOutputBytes: budget.outputBytes },
    },
    // `wasi:cli/run` itself takes nothing, and tells success from failure only.
    action: { ...action, parameters: [], output: null, error: null },
    arguments: {},
    outcome: (called, failure, wasi) => programOutcome(called, failure, wasi, { accepted, budget }),
    close: () => {
      if (opened !== null) opened.fs.close(opened.directory);
    },
  };
}

/** The directory that relative paths start at: libc looks for it under the name ".". */
function openDirectory(path: string, files: RunFiles): Preopen | CallOutcome {
  const opened = files.openDirectory(path);
  if (opened === null) return { kind: "error", case: "no_directory", payload: path };
  return { path: ".", ...opened };
}

function programOutcome(
  called: CallOutcome,
  failure: GloveboxError | null,
  wasi: Wasi,
  { accepted, budget }: { readonly accepted: ReadonlySet<number>; readonly budget: CallBudget },
): CallOutcome {
  const exitCode = exitCodeOf(called, failure);
  if (exitCode === null) return failure === null ? called : { kind: "critical", error: failure.toJSON() };
  if (wasi.outputCut) return { kind: "critical", error: outputCut(budget).toJSON() };
  const [stdout, stderr] = [textOf(wasi.stdoutBytes()), textOf(wasi.stderrBytes())];
  const result = { stdout, stderr, exit_code: exitCode };
  return accepted.has(exitCode) ? { kind: "ok", output: result } : { kind: "error", case: "exited", payload: result };
}

/** The status that a program ended with by itself; null when it was ended. */
function exitCodeOf(called: CallOutcome, failure: GloveboxError | null): number | null {
  if (failure?.code === "GUEST_EXIT") return Number(failure.data.status);
  if (failure !== null || called.kind === "critical") return null;
  return called.kind === "ok" ? 0 : 1;
}

/** Part of an output must never be taken for the whole of it. */
function outputCut({ outputBytes }: CallBudget): LimitError {
  const message = `the program wrote more than ${outputBytes} bytes to a standard stream`;
  return new LimitError("OUTPUT_LIMIT", message, "output_mb", outputBytes, {
    hint: "Let it write to a file instead, ask for less, or raise output_mb in the scope.",
  });
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
