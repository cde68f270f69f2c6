// How a command ends, as the number that a shell sees. It must not know what is printed.

import type { ErrorCode, PlanStatus, RunReport } from "../index.ts";

/** Completed, or accepted. */
export const OK = 0;
/** Failed, and rolled back. */
export const FAILED = 1;
/** Rejected by the check. */
export const REJECTED = 2;
/** Wrong usage: the command line, or a file on it that cannot be used (EX_USAGE of sysexits). */
export const USAGE = 64;
/** The answer could not be written (EX_IOERR of sysexits); what the command did stands. */
export const UNWRITTEN = 74;
/** The run waits for a person's answer (EX_TEMPFAIL of sysexits). */
export const WAITING = 75;
/** Cancelled by Ctrl-C (128 + SIGINT). */
export const CANCELLED = 130;

const OF_STATUS: Readonly<Record<PlanStatus, number>> = {
  completed: OK,
  kept: OK,
  failed: FAILED,
  rejected: REJECTED,
  cancelled: CANCELLED,
};

const OF_ERROR: { readonly [code in ErrorCode]?: number } = {
  PLAN_INVALID: REJECTED,
  PLAN_REJECTED: REJECTED,
  CANCELLED,
  OUTPUT_UNWRITABLE: UNWRITTEN,
  USAGE_INVALID: USAGE,
  SCOPE_INVALID: USAGE,
  ARGUMENT_INVALID: USAGE,
  FILE_UNREADABLE: USAGE,
  CACHE_UNWRITABLE: USAGE,
  STATE_INVALID: USAGE,
  WORKSPACE_INVALID: USAGE,
  RUN_NOT_FOUND: USAGE,
  REFERENCE_INVALID: USAGE,
  TOOL_NOT_FOUND: USAGE,
  TOOL_DUPLICATE: USAGE,
  TOOL_NAME_REFUSED: USAGE,
  TOOL_CHANGED: USAGE,
  TRUST_LEDGER_INVALID: USAGE,
  MANIFEST_INVALID: USAGE,
  TOOL_SOURCE_INVALID: FAILED,
  COMPONENT_INVALID: USAGE,
  COMPONENT_NAME_REJECTED: USAGE,
  COMPONENT_TOO_COMPLEX: USAGE,
  COMPONENT_COMPILE_LIMIT: USAGE,
  COMPONENT_COMPILE_FAILED: USAGE,
  IMPORT_NOT_GRANTED: USAGE,
  UNSUPPORTED_FEATURE: USAGE,
};

/** The exit code of a run that came to an end of its own, or waits. */
export function exitCodeOfRun({ status, error }: RunReport): number {
  return error?.code === "RUN_SUSPENDED" ? WAITING : OF_STATUS[status];
}

/** The exit code of a command that could not do its work. */
export function exitCodeOfError(code: ErrorCode): number {
  return OF_ERROR[code] ?? FAILED;
}
