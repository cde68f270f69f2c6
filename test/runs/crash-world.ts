// A world in which a run can be stopped at any moment: real journals and a real workspace, tools that are functions, and effects that count.
// At each moment the world is copied as a crash would leave it, so that one run gives all of its crashes.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CallOutcome } from "../../host/contract/call.ts";
import type { JsonValue } from "../../host/contract/types.ts";
import { GloveboxError } from "../../host/errors.ts";
import type { FileChange } from "../../host/hooks.ts";
import { runJournalled } from "../../host/journalled-run.ts";
import { KeptRuns, type RunHost } from "../../host/kept-runs-node.ts";
import { CheckedPlan } from "../../host/plan/checked-plan.ts";
import type { StepCall, ToolCaller } from "../../host/plan/tool-caller.ts";
import type { RunReport } from "../../host/report.ts";
import type { PendingChange, World } from "../../host/run-world-node.ts";
import { RunStore } from "../../host/runs/run-store-node.ts";

/** What a tool does: its outcome; `attempt` counts the calls of its step in this process. */
export type Behaviour = (args: Readonly<Record<string, JsonValue>>, attempt: number) => CallOutcome;

/** What outlives a process. */
export interface Durable {
  /** The files of the run's directory in the store. */
  readonly run: ReadonlyMap<string, string>;
  readonly id: string;
  readonly workspace: ReadonlyMap<string, string>;
  /** What happened outside, in order: `ticket.open a`. */
  readonly effects: readonly string[];
}

/** A world as it was at one moment. */
export interface Moment extends Durable {
  readonly at: string;
}

export interface Lived {
  readonly report: RunReport | null;
  readonly moments: readonly Moment[];
  readonly end: Durable;
}

export interface Life {
  readonly tools: Readonly<Record<string, Behaviour>>;
  readonly review?: boolean;
  /** Aborts the run at the moment with this number. */
  readonly cancelAt?: number;
}

export const START: ReadonlyMap<string, string> = new Map([["kept.txt", "old"]]);

/** Two directories of a test that are used for one life after the other. */
export class CrashWorld {
  readonly #workspace: string;
  readonly #state: string;
  readonly #checked: CheckedPlan;
  readonly #life: Life;
  #moments: Moment[] = [];
  #effects: string[] = [];
  #id = "";
  #cancel = new AbortController();

  constructor(directory: string, checked: CheckedPlan, life: Life) {
    this.#workspace = join(directory, "workspace");
    this.#state = join(directory, "state");
    this.#checked = checked;
    this.#life = life;
  }

  /** Runs the plan from its beginning. */
  async begin(): Promise<Lived> {
    this.#become({ run: new Map(), id: "", workspace: START, effects: [] });
    const { plan_id, hash } = CheckedPlan.open(this.#checked);
    const run = new RunStore(this.#state).create(
      {
        plan_id,
        plan_hash: hash,
        plan: null,
        inputs: {},
        agent: null,
        review: this.#life.review ?? false,
        scope: { value: {}, directory: "/" },
        tools: [],
        tool_sources: [],
        seed: "0".repeat(64),
        start_ns: "0",
        workspace: this.#workspace,
        executor: "inline",
      },
      new Date(0),
    );
    this.#id = run.id;
    const report = await runJournalled(this.#checked, {
      ...{ run, world: this.#world(), now: () => 0, date: () => new Date(0), listeners: [] },
      ...{ review: this.#life.review ?? false, refusal: null, signal: this.#cancel.signal },
    });
    run.close();
    return this.#lived(report);
  }

  /** What a later process makes of what an earlier one left. */
  async after(
    left: Durable,
    work: (kept: KeptRuns, id: string) => Promise<RunReport | null> = (kept, id) => kept.recover(id),
  ): Promise<Lived> {
    this.#become(left);
    const host: RunHost = {
      now: () => 0,
      date: () => new Date(0),
      recheck: () => this.#checked,
      reopen: (_run, _header, _checked, layer) => this.#world(layer),
      runInstead: () => Promise.reject(new Error("no run instead")),
      ended: () => undefined,
      recoverWorkspace: () => "nothing",
    };
    return this.#lived(await work(new KeptRuns(new RunStore(this.#state), host), left.id));
  }

  #lived(report: RunReport | null): Lived {
    return { report, moments: this.#moments, end: this.#now() };
  }

  #become({ run, id, workspace, effects }: Durable): void {
    for (const directory of [this.#state, this.#workspace]) rmSync(directory, { recursive: true, force: true });
    mkdirSync(this.#workspace, { recursive: true });
    for (const [name, text] of workspace) writeFileSync(join(this.#workspace, name), text);
    if (id !== "") mkdirSync(join(this.#state, "runs", id), { recursive: true });
    for (const [name, text] of run) writeFileSync(join(this.#state, "runs", id, name), text, "latin1");
    this.#id = id;
    this.#effects = [...effects];
    this.#moments = [];
    this.#cancel = new AbortController();
  }

  #now(): Durable {
    const directory = join(this.#state, "runs", this.#id);
    const run = new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "latin1")]));
    return { run, id: this.#id, workspace: filesIn(this.#workspace), effects: [...this.#effects] };
  }

  #moment(at: string): void {
    if (this.#moments.length === this.#life.cancelAt) this.#cancel.abort();
    this.#moments.push({ ...this.#now(), at });
  }

  #world(layer: Uint8Array | null = null): World {
    const staged = new Map<string, string>(layer === null ? [] : JSON.parse(new TextDecoder().decode(layer)));
    const attempts = new Map<string, number>();
    const pending = (): readonly PendingChange[] => [...staged].map(([path, text]) => pendingChange(path, text));
    const call = async (asked: StepCall, signal: AbortSignal): Promise<Awaited<ReturnType<ToolCaller["call"]>>> => {
      const { action, arguments: args } = asked;
      this.#moment(`before ${action.name}`);
      if (signal.aborted) throw new GloveboxError("CANCELLED", "the call was stopped");
      const key = `${asked.purpose} ${asked.step}`;
      attempts.set(key, (attempts.get(key) ?? 0) + 1);
      const outcome = this.#life.tools[action.name]?.(args, attempts.get(key) ?? 1) ?? { kind: "ok", output: null };
      const happened = outcome.kind === "ok" || (outcome.kind === "critical" && outcome.error.data?.happened === true);
      if (happened && (action.effect === "compensable" || action.effect === "irreversible"))
        this.#effects.push(`${action.name} ${String(args.id ?? args.title)}`);
      const changes = action.effect === "reversible" && outcome.kind === "ok" ? [stage(staged, args)] : [];
      this.#moment(`after ${action.name}`);
      return { outcome, usage: USAGE, stdout: "", stderr: "", violations: [], changes };
    };
    const caller: ToolCaller = {
      call,
      diff: async () => pending().map(({ seen }) => ({ path: seen, kind: "added", type: "file" })),
      commit: async () => {
        this.#moment("before the commit");
        for (const [path, text] of staged) writeFileSync(join(this.#workspace, path), text);
        this.#moment("after the commit");
      },
      discard: async () => {
        this.#moment("before the end");
        staged.clear();
      },
    };
    return {
      caller,
      statPath: async () => null,
      sleep: async () => undefined,
      pending,
      before: () => null,
      exportChanges: () => (staged.size === 0 ? null : new TextEncoder().encode(JSON.stringify([...staged]))),
      close: async () => undefined,
    };
  }
}

const USAGE = { fuel: 10, cpu_ms: 0, memory_mb: 1, io_operations: 0, io_bytes: 0, host_calls: 0 };

function stage(staged: Map<string, string>, args: StepCall["arguments"]): FileChange {
  const path = String(args.path);
  staged.set(path.replace("/project/", ""), String(args.text));
  return { path, kind: "added", type: "file" };
}

function pendingChange(path: string, text: string): PendingChange {
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  return { path, seen: `/project/${path}`, kind: START.has(path) ? "modified" : "added", type: "file", digest };
}

function filesIn(directory: string): Map<string, string> {
  return new Map(
    readdirSync(directory)
      .sort()
      .map((name) => [name, readFileSync(join(directory, name), "utf8")]),
  );
}

/** What is left of a world when the last line of its journal was being written. */
export function torn(moment: Durable): Durable {
  const journal = moment.run.get("journal.jsonl") ?? "";
  return { ...moment, run: new Map([...moment.run, ["journal.jsonl", `${journal}{"previous":"ab`]]) };
}
