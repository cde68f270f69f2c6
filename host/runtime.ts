// Wires every part into one: tools, scope, plan, files, executor. Nothing else may see them all.
// It decides nothing that a part decides.

import { createToolLoader, type ToolLoader } from "./component/load-node.ts";
import type { Action } from "./contract/types.ts";
import { defaultCacheDirectory, defaultStateDirectory } from "./directories-node.ts";
import { GloveboxError } from "./errors.ts";
import type { CheckOptions, Glovebox, GloveboxOptions, ReplaySource, RunOptions, Source } from "./glovebox.ts";
import type { Listener } from "./hooks.ts";
import { readChain } from "./journal/chain.ts";
import type { RunHeader } from "./journal/entries.ts";
import { pastOf } from "./journal/past.ts";
import { runJournalled } from "./journalled-run.ts";
import { type Answer, type CommitOptions, KeptRuns, type ResumeOptions } from "./kept-runs-node.ts";
import { check } from "./plan/check.ts";
import { CheckedPlan } from "./plan/checked-plan.ts";
import { isExternal } from "./plan/effects.ts";
import { execute } from "./plan/execute.ts";
import { outline, type PlanOutline } from "./plan/outline.ts";
import { parsePlan } from "./plan/parse.ts";
import { reject } from "./plan/reject.ts";
import { auditedCalls, type Suggestion, suggestScope } from "./plan/suggest.ts";
import type { StepCall, ToolCaller } from "./plan/tool-caller.ts";
import { PrivateFiles } from "./private-files.ts";
import { recheck } from "./recheck.ts";
import { layerOfBefore, type ReplayReport, replayedNetwork, replayRun } from "./replay-run-node.ts";
import type { CheckReport, RunReport } from "./report.ts";
import type { World } from "./run-world-node.ts";
import { type OpenRun, RunStore, sha256 } from "./runs/run-store-node.ts";
import { needsApproval } from "./scope/approve.ts";
import { parseScope } from "./scope/parse.ts";
import type { Scope } from "./scope/types.ts";
import { auditScope, type Given, headerOf, realWorkspace, sourceOf } from "./sources-node.ts";
import type { ToolLock } from "./tool-lock.ts";
import { openToolbox, type Toolbox } from "./toolbox-node.ts";
import { TrustLedger } from "./trust/ledger-node.ts";
import { recordRun, scopeFor } from "./trust/trust.ts";
import { SUPPORTED_IMPORTS } from "./wasi/index.ts";
import { Worlds } from "./worlds-node.ts";

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

interface Ran {
  readonly report: RunReport;
  readonly checked: CheckedPlan | null;
  /** The scope as it was written, whatever the agent has of it. */
  readonly whole: Scope;
}

class Runtime implements Glovebox {
  readonly #options: GloveboxOptions;
  readonly #toolbox: Toolbox;
  readonly #worlds: Worlds;
  readonly #private = new PrivateFiles();
  #closed = false;

  constructor(options: GloveboxOptions, toolbox: Toolbox) {
    this.#options = options;
    this.#toolbox = toolbox;
    this.#worlds = new Worlds(options, toolbox);
  }

  get actions(): readonly Action[] {
    return this.#toolbox.actions;
  }

  get toolLock(): ToolLock {
    return this.#toolbox.lock;
  }

  check(plan: Source, scope: Source, options: CheckOptions = {}): CheckReport {
    const parsed = this.#scopeFor(this.#parseScope(scope), options.agent);
    const seen = this.#private.seenThrough(this.#worlds.mounts(parsed, scope));
    return check(parsePlan(sourceOf(plan, "plan"), options.inputs), parsed, this.actions, sha256, seen).report;
  }

  /** Errors: STATE_INVALID after `close`; SCOPE_INVALID. */
  #parseScope(scope: Source): Scope {
    if (this.#closed) throw new GloveboxError("STATE_INVALID", "this runtime was closed; open another one");
    return parseScope(sourceOf(scope, "scope"));
  }

  /** What a scope allows an agent now. Errors: USAGE_INVALID for a name that is none, TRUST_LEDGER_INVALID. */
  #scopeFor(scope: Scope, agent: string | undefined): Scope {
    return scopeFor(scope, agent ?? null, this.#trust);
  }

  outline(plan: Source, scope?: Source, { inputs = {}, agent }: CheckOptions = {}): PlanOutline {
    const parsed = parsePlan(plan, inputs);
    return outline(parsed, this.#scopeFor(parseScope(scope ?? auditScope(parsed)), agent), this.actions);
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
    const exchanges = report.steps.flatMap(({ network = [] }) => network);
    return { scope: suggestScope({ name, ceiling: parseScope(source), calls, exchanges, usage }), notes, report };
  }

  async run(plan: Source, scope: Source, options: RunOptions = {}): Promise<RunReport> {
    const { report, whole } = await this.#run(plan, scope, options, (caller) => caller);
    recordRun(whole, options.agent ?? null, report, new Date(), this.#trust);
    return report;
  }

  async #run(
    plan: Source,
    scopeSource: Source,
    options: RunOptions & { readonly as?: RunHeader },
    observe: (caller: ToolCaller) => ToolCaller,
  ): Promise<Ran> {
    const whole = this.#parseScope(scopeSource);
    const scope = this.#scopeFor(whole, options.agent);
    const parsed = parsePlan(sourceOf(plan, "plan"), options.inputs);
    const seen = this.#private.some ? this.#private.seenThrough(this.#worlds.mounts(scope, scopeSource)) : [];
    const { report, checked } = check(parsed, scope, this.actions, sha256, seen);
    const listeners = this.#listeners(options.listeners);
    const shared = { now: () => performance.now(), listeners, dryRun: options.dryRun ?? false };
    if (checked === null) return { report: reject(report, shared), checked, whole };
    const { agent = null, review = false } = options;
    const given = { parsed, scope: scopeSource, agent, review, ...this.#beginning(checked, options.as) };
    const setup = this.#worlds.setup(checked, given);
    const run = this.#journals(checked, options) ? this.#begin(checked, given) : null;
    try {
      this.#worlds.recover();
      const world = this.#worlds.open({ checked, setup, startNs: given.startNs, run, layer: null });
      const ran = await this.#execute(checked, world, run, options, observe);
      this.#private.remember(ran.private_files ?? [], setup);
      return { report: ran, checked, whole };
    } finally {
      run?.close();
    }
  }

  /** Runs a checked plan in a world that is over then. */
  async #execute(
    checked: CheckedPlan,
    world: World,
    run: OpenRun | null,
    { signal, dryRun = false, review = false, record = false, approve, listeners: more }: RunOptions,
    observe: (caller: ToolCaller) => ToolCaller,
  ): Promise<RunReport> {
    const listeners = this.#listeners(more);
    const shared = {
      now: () => performance.now(),
      listeners,
      ...(signal === undefined ? {} : { signal }),
      ...(approve === undefined ? {} : { approve }),
    };
    const { atOnce } = this.#worlds;
    try {
      if (run !== null) {
        const date = (): Date => new Date();
        const how = { review, atOnce, recordBefore: record || review, refusal: null };
        return await runJournalled(checked, { ...shared, ...how, date, run, world, observe });
      }
      const { statPath, sleep } = world;
      return await execute(checked, { ...shared, dryRun, atOnce, caller: observe(world.caller), statPath, sleep });
    } finally {
      await world.close();
    }
  }

  /** Whether a journal is kept of a run: where it was asked for, and where it may have to wait, or to be taken back after a crash. */
  #journals(checked: CheckedPlan, { dryRun = false, review = false, record = false }: RunOptions): boolean {
    if (dryRun) return false;
    const { steps, authority } = CheckedPlan.open(checked);
    return review || record || steps.some(({ action }) => isExternal(action) || needsApproval(authority, action.name));
  }

  #begin(checked: CheckedPlan, given: Given): OpenRun {
    return this.#store.create(headerOf(checked, given, this.#options), new Date());
  }

  /** What a run begins with; when it is run in place of another one, it begins with the same. */
  #beginning(checked: CheckedPlan, as?: RunHeader): { readonly seed: string; readonly startNs: bigint } {
    if (as !== undefined) return { seed: as.seed, startNs: BigInt(as.start_ns) };
    const { seed = CheckedPlan.open(checked).hash.replace("sha256:", ""), startTime } = this.#options;
    return { seed, startNs: startTime ?? BigInt(Date.now()) * 1_000_000n };
  }

  commitRun(run: string, options?: CommitOptions): Promise<RunReport> {
    return this.#kept.commit(run, { ...options, ...this.#resuming(options) });
  }

  approveRun(run: string, step: string, answer: Answer, options?: ResumeOptions): Promise<RunReport | null> {
    return this.#kept.approve(run, step, answer, this.#resuming(options));
  }

  discardRun(run: string, options?: ResumeOptions): Promise<RunReport> {
    return this.#kept.discard(run, this.#resuming(options));
  }

  recoverRun(run: string, options?: ResumeOptions): Promise<RunReport | null> {
    return this.#kept.recover(run, this.#resuming(options));
  }

  #resuming(options: ResumeOptions = {}): ResumeOptions {
    return { ...options, listeners: this.#listeners(options.listeners) };
  }

  #listeners(more: readonly Listener[] = []): readonly Listener[] {
    return [...(this.#options.listeners ?? []), ...more];
  }

  get #kept(): KeptRuns {
    return new KeptRuns(this.#store, {
      now: () => performance.now(),
      date: () => new Date(),
      recheck: (header) => this.#recheck(header),
      reopen: (run, header, checked, layer) => {
        const startNs = BigInt(header.start_ns);
        return this.#worlds.open({ checked, setup: this.#worlds.setup(checked, header), startNs, run, layer });
      },
      runInstead: async (as, value, options) => {
        const { report } = await this.#run(
          { value },
          as.scope,
          { ...options, inputs: as.inputs, as, ...(as.agent === null ? {} : { agent: as.agent }) },
          (caller) => caller,
        );
        return report;
      },
      ended: ({ scope, agent }, report) => recordRun(this.#parseScope(scope), agent, report, new Date(), this.#trust),
      recoverWorkspace: () => this.#worlds.recover(),
    });
  }

  get #store(): RunStore {
    return new RunStore(this.#options.stateDirectory);
  }

  get #trust(): TrustLedger {
    return new TrustLedger(this.#options.stateDirectory ?? defaultStateDirectory());
  }

  /** What a journal says was run, checked again with the tools that there are now. */
  #recheck(header: RunHeader): CheckedPlan {
    const workspace = realWorkspace(this.#options.workspace);
    if (workspace !== header.workspace) {
      throw new GloveboxError(
        "STATE_INVALID",
        `the run belongs to the workspace ${header.workspace}, not to ${workspace}`,
      );
    }
    return this.#planOf(header);
  }

  #planOf(header: RunHeader): CheckedPlan {
    return recheck(header, this.#scopeFor(this.#parseScope(header.scope), header.agent ?? undefined), this.actions);
  }

  async replay(source: ReplaySource): Promise<ReplayReport> {
    const past =
      "run" in source ? this.#store.look(source.run).past : pastOf(readChain(source.journal, sha256).entries);
    const { header } = past;
    const checked = this.#planOf(header);
    this.#worlds.recover();
    const layer = layerOfBefore(this.#options.workspace, past);
    const asScoped = this.#worlds.setup(checked, header);
    const setup = { ...asScoped, writtenBytes: asScoped.writtenBytes + (layer?.length ?? 0) };
    const network = replayedNetwork(past.network);
    const startNs = BigInt(header.start_ns);
    const world = this.#worlds.open({ checked, setup, startNs, run: null, layer, layerIsBase: true, network });
    try {
      return await replayRun(checked, { past, world, network, now: () => performance.now() });
    } finally {
      await world.close();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#worlds.close();
  }
}
