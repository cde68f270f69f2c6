// Every error that Glovebox throws, and the closed set of their codes.
// A leaf: it must not import anything of ours.

/** What went wrong, as data. Branch on this, never on a message. */
export type ErrorCode =
  // what the caller handed over
  | "USAGE_INVALID"
  | "PLAN_INVALID"
  | "PLAN_REJECTED"
  | "SCOPE_INVALID"
  | "ARGUMENT_INVALID"
  | "REFERENCE_INVALID"
  | "TOOL_NOT_FOUND"
  | "TOOL_DUPLICATE"
  | "TOOL_NAME_REFUSED"
  | "TOOL_CHANGED"
  | "MANIFEST_INVALID"
  | "TOOL_SOURCE_INVALID"
  | "FILE_UNREADABLE"
  | "CACHE_UNWRITABLE"
  | "OUTPUT_UNWRITABLE"
  | "TRUST_LEDGER_INVALID"
  | "WORKSPACE_INVALID"
  // a component that is not admitted
  | "COMPONENT_INVALID"
  | "COMPONENT_NAME_REJECTED"
  | "COMPONENT_TOO_COMPLEX"
  | "COMPONENT_COMPILE_LIMIT"
  | "COMPONENT_COMPILE_FAILED"
  | "IMPORT_NOT_GRANTED"
  | "UNSUPPORTED_FEATURE"
  // a call that met a limit
  | "FUEL_EXHAUSTED"
  | "STACK_EXHAUSTED"
  | "MEMORY_LIMIT"
  | "DEADLINE_EXCEEDED"
  | "IO_LIMIT"
  | "OUTPUT_LIMIT"
  | "HOSTCALL_LIMIT"
  | "RESOURCE_LIMIT"
  | "FS_QUOTA"
  | "NET_LIMIT"
  // a call that broke
  | "TRAP"
  | "CANONICAL_ABI"
  | "GUEST_EXIT"
  | "RESULT_INVALID"
  | "STACK_TOO_SMALL"
  | "EXECUTOR_LOST"
  // what the scope does not allow
  | "ACTION_DENIED"
  | "PATH_DENIED"
  | "NET_DENIED"
  | "ARGUMENT_DENIED"
  | "HTTP_INVALID"
  | "FLOW_DENIED"
  | "APPROVAL_REQUIRED"
  | "APPROVAL_DENIED"
  // a step that failed in a way that its contract or its validation allows
  | "ACTION_FAILED"
  | "VALIDATION_FAILED"
  | "DEPENDENCY_FAILED"
  // steps that ran side by side and met at a file
  | "CONFLICT_WRITE_WRITE"
  | "CONFLICT_READ_WRITE"
  // the end of a run
  | "CANCELLED"
  | "REPLAY_DIVERGED"
  | "COMMIT_CONFLICT"
  | "COMMIT_FAILED"
  | "COMMIT_OUTCOME_UNKNOWN"
  | "WORKSPACE_LOCKED"
  | "RECOVERY_REQUIRED"
  | "COMPENSATION_INCOMPLETE"
  | "STATE_INVALID"
  // the journal of a run
  | "JOURNAL_FAILED"
  | "RUN_INTERRUPTED"
  | "RUN_NOT_FOUND"
  | "RUN_SUSPENDED"
  // a defect of ours
  | "INTERNAL_ERROR";

/** An error as data: what crosses a process border, a log, or the CLI's `--json`. */
export interface ErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface ErrorDetails {
  /** What to do about it, in one sentence. */
  readonly hint?: string;
  /** Structured facts: limits, offsets, paths as the plan sees them. Never a host path or a secret. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The base of every error of ours: a code to branch on, a message to read, a hint to act on. */
export class GloveboxError extends Error {
  override readonly name: string = "GloveboxError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.data = details.data ?? {};
  }

  toJSON(): ErrorJson {
    const json = { code: this.code, message: this.message, data: this.data };
    return this.hint === undefined ? json : { ...json, hint: this.hint };
  }

  /** Rebuilds an error that crossed a process border. */
  static fromJSON(json: ErrorJson): GloveboxError {
    return new GloveboxError(json.code, json.message, json);
  }
}

/** The bytes of a module or component are refused; `data.offset` is the byte where. */
export class AdmissionError extends GloveboxError {
  override readonly name = "AdmissionError";
  constructor(code: ErrorCode, message: string, offset: number, details: ErrorDetails = {}) {
    super(code, `${message} (at byte ${offset})`, { ...details, data: { ...details.data, offset } });
  }
}

/** A call met one of its limits; `data.limit` names it. It passes through every `catch` of a guest. */
export class LimitError extends GloveboxError {
  override readonly name = "LimitError";
  constructor(code: ErrorCode, message: string, limit: string, allowed: number | bigint, details: ErrorDetails = {}) {
    super(code, message, { ...details, data: { ...details.data, limit, allowed: String(allowed) } });
  }
}

/** Turns whatever was thrown into one of ours, so that nothing unknown crosses a border. */
export function asGloveboxError(thrown: unknown, fallback: ErrorCode, what: string): GloveboxError {
  if (thrown instanceof GloveboxError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new GloveboxError(fallback, `${what}: ${reason}`, { cause: thrown });
}
