// The only public entry: what a program that embeds Glovebox, and every client of ours, may use.
// It holds no logic.

import { type Inspection, inspectTool as inspect } from "./component/inspect.ts";
import { actionSchemas, type JsonSchema } from "./contract/json-schema.ts";
import type { JsonValue } from "./contract/types.ts";
import { typescriptDeclarations } from "./contract/typescript.ts";
import { codeDirectories, defaultStateDirectory } from "./directories-node.ts";
import { inspectProtections as inspectIn, type Protection } from "./executor/protections-node.ts";
import { openLoader } from "./runtime.ts";
import { published } from "./tool-names.ts";
import type { TrustEntry } from "./trust/ledger.ts";
import { TrustLedger } from "./trust/ledger-node.ts";

export type { Inspection } from "./component/inspect.ts";
export { moduleText } from "./component/module-text.ts";
export type { Action, Effect, JsonValue, Parameter, ToolIdentity, WitType } from "./contract/types.ts";
export { type ErrorCode, type ErrorJson, GloveboxError } from "./errors.ts";
export type { PoolOptions } from "./executor/process-node.ts";
export type { Protection } from "./executor/protections-node.ts";
export type { CheckOptions, Glovebox, GloveboxOptions, ReplaySource, RunOptions, Source } from "./glovebox.ts";
export type {
  CompensationResult,
  FileChange,
  Listener,
  PlanStatus,
  ResourceUsage,
  RunEvent,
  StepResult,
  StepStatus,
} from "./hooks.ts";
export type { Receipt } from "./journal/receipt.ts";
export type { Answer, CommitOptions, ResumeOptions } from "./kept-runs-node.ts";
export type { ApprovalAnswer, ApprovalRequest, Approve } from "./plan/approval.ts";
export type { PlanOutline, Reach, StepOutline } from "./plan/outline.ts";
export type { Suggestion } from "./plan/suggest.ts";
export type { ReplayReport } from "./replay-run-node.ts";
export type { CheckReport, Finding, PrivateFile, RunReport } from "./report.ts";
export { inspectJournal, type JournalFacts, type KeptRun, listRuns, readRun } from "./runs/read-node.ts";
export type { RunSummary } from "./runs/run-store-node.ts";
export { openGlovebox } from "./runtime.ts";
export type { LockedTool, ToolLock } from "./tool-lock.ts";
export type { ToolSource } from "./toolbox-node.ts";
export type { TrustEntry } from "./trust/ledger.ts";

/** What a component file offers and needs. Errors: FILE_UNREADABLE, and those of admission. */
export async function inspectTool(file: string): Promise<Inspection> {
  return inspect(published(await openLoader().loadFile(file)));
}

/** The runs that moved the trust of agents, or of one of them, the oldest first. Errors: TRUST_LEDGER_INVALID when somebody changed what was written. */
export function trustEntries({
  agent,
  stateDirectory = defaultStateDirectory(),
}: TrustQuery = {}): readonly TrustEntry[] {
  return new TrustLedger(stateDirectory).entries(agent);
}

export interface TrustQuery {
  readonly agent?: string;
  readonly stateDirectory?: string;
}

/** Which protections of the child process, in which tools run, hold on this machine. Errors: EXECUTOR_LOST when none can be started. */
export function inspectProtections(): Promise<readonly Protection[]> {
  return inspectIn(codeDirectories());
}

/** What the actions of a tool take, give and may fail with, for other programs. */
export interface ToolTypes {
  /** JSON Schemas by action. */
  readonly schemas: Readonly<
    Record<string, { readonly input: JsonSchema; readonly output: JsonSchema; readonly error: JsonSchema }>
  >;
  /** Declarations of `...Input`, `...Output` and `...Error` for each action. */
  readonly typescript: string;
}

/** The types of a component file's actions. Errors: those of `inspectTool`. */
export async function describeTool(file: string): Promise<ToolTypes> {
  const { actions } = published(await openLoader().loadFile(file));
  const schemas = Object.fromEntries(actions.map((action) => [action.name, actionSchemas(action)]));
  return { schemas, typescript: typescriptDeclarations(actions) };
}

/** The plan in a Protocol Buffers message (glovebox.v1.Plan). Errors: PLAN_INVALID for bytes that are none. */
export async function planFromProtobuf(bytes: Uint8Array): Promise<JsonValue> {
  const { planFromBinary } = await import("./plan/protobuf/plan-message.ts");
  return planFromBinary(bytes);
}
