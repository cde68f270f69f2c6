// Wires every part into one: tools, scope, plan, files, executor. Nothing else may see them all.
// It decides nothing that a part decides.

import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeBase, recover } from "../sandbox-fs/index.ts";
import type { PreparedTool } from "./component/instantiate.ts";
import { createToolLoader, type ToolLoader } from "./component/load-node.ts";
import { prepareFromDisk } from "./component/prepare-node.ts";
import type { Action } from "./contract/types.ts";
import { codeDirectories, defaultCacheDirectory } from "./directories-node.ts";
import { GloveboxError } from "./errors.ts";
import { openInlineSession } from "./executor/inline.ts";
import { type HostGrant, type Mounts, resolveMounts } from "./executor/mounts-node.ts";
import { type PoolOptions, ProcessPool } from "./executor/process-node.ts";
import type { NetworkSender, RunSetup, Session } from "./executor/protocol.ts";
import { RunClock } from "./executor/run-clock.ts";
import { openRunFiles, type RunFiles } from "./executor/run-files.ts";
import type { Listener } from "./hooks.ts";
import { BYTES_PER_MB } from "./limits.ts";
import { type NetworkOptions, openNetwork } from "./network/open-node.ts";
import { type CheckResult, check } from "./plan/check.ts";
import { CheckedPlan } from "./plan/checked-plan.ts";
import { execute } from "./plan/execute.ts";
import { outline, type PlanOutline } from "./plan/outline.ts";
import { parsePlan } from "./plan/parse.ts";
import { reject } from "./plan/reject.ts";
import { auditedCalls, type Suggestion, suggestScope } from "./plan/suggest.ts";
import type { StepCall, ToolCaller } from "./plan/tool-caller.ts";
import type { ParsedPlan } from "./plan/types.ts";
import type { CheckReport, RunReport } from "./report.ts";
import { parseScope } from "./scope/parse.ts";
import type { Scope } from "./scope/types.ts";
import type { ToolLock } from "./tool-lock.ts";
import { openToolbox, type Toolbox, type ToolSource } from "./toolbox-node.ts";
import { commitError, openTransaction } from "./transaction.ts";
import { SUPPORTED_IMPORTS } from "./wasi/index.ts";

export interface GloveboxOptions {
  /** The directory that plans may be allowed to change. */
  readonly workspace: string;
  /** Tools besides the standard ones: component files, directories of them, or bytes. */
  readonly tools?: readonly ToolSource[];
  /** The added tools as they were when someone looked at them (`Glovebox.toolLock` then): others are refused. */
  readonly toolLock?: ToolLock;
  /** `process` (default): calls run in a child process that can be killed. `inline`: in this thread, bounded by fuel alone. */
  readonly executor?: "inline" | "process";
  /** The child processes of the executor `process`: how many are kept, started ahead, and when they are replaced. */
  readonly processes?: PoolOptions;
  /** Where compiled tools are kept; default `glovebox` in the user's cache directory. */
  readonly cacheDirectory?: string;
  readonly listeners?: readonly Listener[];
  /** `full` (default): what was committed survives power loss. `fast`: the death of the process only. */
  readonly durability?: "full" | "fast";
  /** 64 hex digits that random numbers are made from; default: the hash of the plan. */
  readonly seed?: string;
  /** How requests of tools leave. Which may, scopes decide. */
  readonly network?: NetworkOptions;
  /** What guests see as the time of a run's start, in nanoseconds since the epoch; default: the time of its start. */
  readonly startTime?: bigint;
}

/** A plan or a scope: the text of a JSON or YAML file, or data. `directory` is what relative paths of a scope start at; default: that of `file`. */
export type Source =
  | { readonly file: string; readonly text: string }
  | { readonly value: unknown; readonly directory?: string };

export interface CheckOptions {
  /** The values of the plan's inputs, by name. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface RunOptions extends CheckOptions {
  /** Run and report the changes, then discard them. */
  readonly dryRun?: boolean;
  /** Aborting it stops the run and rolls it back. */
  readonly signal?: AbortSignal;
  readonly listeners?: readonly Listener[];
}

/** Runs plans over one workspace. */
export interface Glovebox {
  readonly actions: readonly Action[];
  /** What the added tools are now: data to keep, and to open the next runtime with. */
  readonly toolLock: ToolLock;
  /** Everything that is wrong with a plan. Errors: SCOPE_INVALID when the scope itself is. */
  check(plan: Source, scope: Source, options?: CheckOptions): CheckReport;
  /** Checks a plan and, when it is accepted, runs it. Errors: those of `check`, WORKSPACE_INVALID, RECOVERY_REQUIRED. A plan that fails is a report, not an error. */
  run(plan: Source, scope: Source, options?: RunOptions): Promise<RunReport>;
  /** What each step of a plan may reach and take; without a scope, of what it asks for. Errors: as of `check`. */
  outline(plan: Source, scope?: Source, options?: CheckOptions): PlanOutline;
  /**
   * Tries a plan over the overlay, discards what it did, and gives the smallest scope that lets it do the same. It may do what `scope` allows;
   * without one, read and write the workspace as /project, and nothing else. Errors: as of `run`.
   */
  suggest(plan: Source, scope?: Source, options?: CheckOptions): Promise<Suggestion>;
  close(): Promise<void>;
}

/** Loads the tools and gets ready to run plans. Errors: those of admission for each tool, TOOL_DUPLICATE, FILE_UNREADABLE. */
export async function openGlovebox(options: GloveboxOptions): Promise<Glovebox> {
  if (typeof options?.workspace !== "string") {
    throw new GloveboxError(
      "USAGE_INVALID",
      "openGlovebox needs options with a workspace: the directory that plans may change",
    );
  }
  const toolbox = await openToolbox(openLoader(options.cacheDirectory), options.tools ?? [], options.toolLock ?? null);
  return new Runtime(options, toolbox);
}

/** The loader that admits what this runtime's WASI host implements. */
export function openLoader(cacheDirectory: string = defaultCacheDirectory()): ToolLoader {
  return createToolLoader({ cacheDirectory, supportedImports: SUPPORTED_IMPORTS });
}

class Runtime implements Glovebox {
  readonly #options: GloveboxOptions;
  readonly #toolbox: Toolbox;
  readonly #processes: ProcessPool;
  readonly #prepared = new Map<string, Promise<PreparedTool>>();
  #closed = false;

  constructor(options: GloveboxOptions, toolbox: Toolbox) {
    this.#options = options;
    this.#toolbox = toolbox;
    this.#processes = new ProcessPool(codeDirectories(), options.processes);
    // The runs that it guesses are those that may see the workspace and nothing else.
    this.#processes.warm(Object.values(toolbox.directories), [resolve(options.workspace)]);
  }

  get actions(): readonly Action[] {
    return this.#toolbox.actions;
  }

  get toolLock(): ToolLock {
    return this.#toolbox.lock;
  }

  check(plan: Source, scope: Source, options: CheckOptions = {}): CheckReport {
    const parsed = this.#parseScope(scope);
    this.#mounts(parsed, scope);
    return this.#check(plan, parsed, options).report;
  }

  /** Errors: STATE_INVALID after `close`; SCOPE_INVALID. */
  #parseScope(scope: Source): Scope {
    if (this.#closed) throw new GloveboxError("STATE_INVALID", "this runtime was closed; open another one");
    return parseScope(sourceOf(scope, "scope"));
  }

  /** Where the grants of a scope lead. Errors: SCOPE_INVALID, WORKSPACE_INVALID. */
  #mounts(scope: Scope, source: Source): Mounts {
    const workspace = resolve(this.#options.workspace);
    const grants = scope.filesystem.map(({ path, host, access }): HostGrant => {
      return { path, access, host: resolve(host.base === "workspace" ? workspace : directoryOf(source), host.path) };
    });
    return resolveMounts(grants, workspace);
  }

  #check(plan: Source, scope: Scope, { inputs = {} }: CheckOptions): CheckResult {
    return check(parsePlan(sourceOf(plan, "plan"), inputs), scope, this.actions, sha256);
  }

  outline(plan: Source, scope?: Source, { inputs = {} }: CheckOptions = {}): PlanOutline {
    const parsed = parsePlan(plan, inputs);
    return outline(parsed, parseScope(scope ?? auditScope(parsed)), this.actions);
  }

  async suggest(plan: Source, scope?: Source, options: CheckOptions = {}): Promise<Suggestion> {
    const parsed = parsePlan(plan, options.inputs);
    const source = scope ?? { ...auditScope(parsed), directory: this.#options.workspace };
    const made: StepCall[] = [];
    const { report, checked } = await this.#run(plan, source, { ...options, dryRun: true }, (caller) => ({
      call: (call, signal) => {
        made.push(call);
        return caller.call(call, signal);
      },
      diff: () => caller.diff(),
      commit: () => caller.commit(),
      discard: () => caller.discard(),
    }));
    if (checked === null || report.status !== "completed") return { scope: null, notes: [], report };
    const { calls, notes } = auditedCalls(CheckedPlan.open(checked), made);
    const { plan_id: name, resource_usage: usage } = report;
    return { scope: suggestScope({ name, ceiling: parseScope(source), calls, usage }), notes, report };
  }

  async run(plan: Source, scope: Source, options: RunOptions = {}): Promise<RunReport> {
    return (await this.#run(plan, scope, options, (caller) => caller)).report;
  }

  async #run(
    plan: Source,
    scopeSource: Source,
    options: RunOptions,
    observe: (caller: ToolCaller) => ToolCaller,
  ): Promise<{ readonly report: RunReport; readonly checked: CheckedPlan | null }> {
    const scope = this.#parseScope(scopeSource);
    const { report, checked } = this.#check(plan, scope, options);
    const listeners = [...(this.#options.listeners ?? []), ...(options.listeners ?? [])];
    const shared = { now: () => performance.now(), listeners, dryRun: options.dryRun ?? false };
    if (checked === null) return { report: reject(report, shared), checked };
    const setup = this.#setup(checked, scopeSource);
    const network = openNetwork(CheckedPlan.open(checked).authority, this.#options.network);
    this.#recover();
    const clock = new RunClock();
    const files = openRunFiles(
      setup,
      (root) => nodeBase(root.hostPath),
      () => clock.now(),
    );
    const session = this.#openSession(setup, files, clock, (request, signal) => network.send(request, signal));
    const { durability = "full", startTime = BigInt(Date.now()) * 1_000_000n } = this.#options;
    const caller = openTransaction({
      files,
      session,
      takeNetwork: () => network.take(),
      startNs: startTime,
      durability,
    });
    const statPath = async (path: string): Promise<{ size: number } | null> => files.statFile(path);
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    try {
      const ran = await execute(checked, {
        ...shared,
        ...signal,
        caller: observe(caller),
        statPath,
        sleep: (ms, until) => sleep(ms, undefined, { signal: until }),
      });
      return { report: ran, checked };
    } finally {
      await session.close();
      await network.close();
      files.discard();
    }
  }

  /** What an interrupted commit left is finished or undone before anything looks at the workspace. */
  #recover(): void {
    try {
      recover(this.#options.workspace);
    } catch (error) {
      throw commitError(error, null);
    }
  }

  #setup(checked: CheckedPlan, source: Source): RunSetup {
    const { authority, hash } = CheckedPlan.open(checked);
    const seed = this.#options.seed ?? hash.replace("sha256:", "");
    const writtenBytes = authority.limits.written_mb * BYTES_PER_MB;
    return { ...this.#mounts(authority, source), environment: authority.environment, seed, writtenBytes };
  }

  #openSession(setup: RunSetup, files: RunFiles, clock: RunClock, send: NetworkSender): Session {
    const { directories } = this.#toolbox;
    if ((this.#options.executor ?? "process") === "process") {
      return this.#processes.open({ setup, files, tools: directories, send });
    }
    const context = { files, clock, environment: setup.environment, seed: setup.seed, prepare: this.#prepare, cpuMs };
    return openInlineSession(context, () => performance.now(), send);
  }

  readonly #prepare = (digest: string): Promise<PreparedTool> => {
    const directory = this.#toolbox.directories[digest];
    if (directory === undefined)
      throw new GloveboxError("TOOL_NOT_FOUND", `no tool with the digest ${digest} is loaded`);
    const prepared = this.#prepared.get(digest) ?? prepareFromDisk(directory);
    this.#prepared.set(digest, prepared);
    return prepared;
  };

  async close(): Promise<void> {
    this.#closed = true;
    this.#processes.close();
    this.#prepared.clear();
  }
}

/** Errors: USAGE_INVALID for what is no source. */
function sourceOf(source: Source, what: "plan" | "scope"): Source {
  if (typeof source === "object" && source !== null && ("text" in source || "value" in source)) return source;
  throw new GloveboxError("USAGE_INVALID", `the ${what} must be { file, text } or { value }`, {
    hint: `Wrap the ${what} in an object: { value: ${what} }.`,
  });
}

/** What a plan is tried under when no scope is given. */
function auditScope({ steps }: ParsedPlan): { readonly value: object } {
  const actions = steps.flatMap((step) =>
    step === null ? [] : [step.action, ...(step.compensate === null ? [] : [step.compensate.action])],
  );
  return {
    value: {
      scope: "audit",
      actions: [...new Set(actions)].slice(0, 1000),
      filesystem: [{ path: "/project", access: "write" }],
    },
  };
}

function directoryOf(source: Source): string {
  if ("file" in source) return resolve(dirname(source.file));
  return resolve(source.directory ?? ".");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
