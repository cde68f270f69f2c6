// The runs that are kept on this machine: one directory each, below a state directory that belongs to one user. Node only.
// It must not know how runs are run.

import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { defaultStateDirectory } from "../directories-node.ts";
import { asGloveboxError, GloveboxError } from "../errors.ts";
import { type Chain, readChain } from "../journal/chain.ts";
import type { RunHeader } from "../journal/entries.ts";
import { Journal } from "../journal/journal.ts";
import { type Past, pastOf, type Standing } from "../journal/past.ts";
import { type DirectoryLock, isLocked, lockDirectory } from "./lock-node.ts";
import { type JournalFile, RunDirectory } from "./run-directory-node.ts";

/** What is known of a kept run without going on with it. */
export interface RunSummary {
  readonly run_id: string;
  /** `running` in another process, or where its journal says it stands; `damaged` when that cannot be read. */
  readonly state:
    | "running"
    | "damaged"
    | Exclude<Standing, "ended">
    | "completed"
    | "failed"
    | "cancelled"
    | "rejected";
  readonly plan_id: string;
  readonly created_at: string;
  readonly workspace: string;
  /** What was undone of a run that failed. */
  readonly rollback: "full" | "partial" | "none" | null;
}

/** A run as it is on the disk. */
export interface LookedAt {
  readonly id: string;
  readonly chain: Chain;
  readonly past: Past;
  readonly report: unknown;
  /** The path of its journal. */
  readonly journal: string;
}

/** A run that this process works on: nobody else does until it is closed. */
export interface OpenRun {
  readonly id: string;
  readonly files: RunDirectory;
  readonly journal: Journal;
  /** Null for a new run. */
  readonly past: Past | null;
  close(): void;
}

/** Runs that have ended, and of which nothing is left to do, are forgotten when there are more. */
const MOST_ENDED = 100;

const ID = /^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$/;

export class RunStore {
  readonly #directory: string;

  constructor(stateDirectory: string = defaultStateDirectory()) {
    this.#directory = join(resolve(stateDirectory), "runs");
  }

  /** Begins the journal of a new run. Nothing is on the disk for good before its first entry that must be. Errors: JOURNAL_FAILED. */
  create(header: Omit<RunHeader, "type" | "version" | "run_id" | "created_at">, now: Date): OpenRun {
    this.#prune();
    const id = idOf(now);
    return this.#guarded(`no run can be kept in ${this.#directory}`, () => {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      mkdirSync(this.#pathOf(id), { mode: 0o700 });
      const run = this.#open(id, null);
      run.journal.write({ type: "run", version: 1, run_id: id, created_at: now.toISOString(), ...header });
      run.journal.flush();
      return run;
    });
  }

  /** Takes a run over. Errors: RUN_NOT_FOUND, STATE_INVALID while another process works on it, JOURNAL_FAILED. */
  open(name: string): OpenRun {
    const id = this.find(name);
    return this.#guarded(`the run ${id} cannot be opened`, () => this.#open(id, this.#read(id)));
  }

  /** Looks at a run, and takes nothing over. Errors: RUN_NOT_FOUND, JOURNAL_FAILED. */
  look(name: string): LookedAt {
    const id = this.find(name);
    return this.#guarded(`the run ${id} cannot be read`, () => {
      const files = new RunDirectory(this.#pathOf(id));
      const chain = this.#read(id);
      return { id, chain, past: pastOf(chain.entries), report: files.readReport(), journal: files.journal };
    });
  }

  /** The id that has `name` in it, when only one has. Errors: RUN_NOT_FOUND. */
  find(name: string): string {
    const found = /^[0-9a-f-]+$/.test(name) ? this.#ids().filter((id) => id.includes(name)) : [];
    const [id] = found.includes(name) ? [name] : found;
    if (id !== undefined && (found.length === 1 || id === name)) return id;
    const why = found.length === 0 ? "there is no such run" : `${found.length} runs have that in their ids`;
    throw new GloveboxError("RUN_NOT_FOUND", `"${name.slice(0, 100)}" names no run: ${why}`, {
      hint: "`glovebox runs` lists those that are kept.",
    });
  }

  /** All runs, the newest first. */
  async list(): Promise<readonly RunSummary[]> {
    return Promise.all(this.#ids().map((id) => this.summary(id)));
  }

  /** Forgets a run. */
  remove(id: string): void {
    rmSync(this.#pathOf(id), { recursive: true, force: true });
  }

  #open(id: string, chain: Chain | null): OpenRun {
    const files = new RunDirectory(this.#pathOf(id));
    const lock = lockDirectory(files.path);
    if (lock === null) {
      throw new GloveboxError("STATE_INVALID", `the run ${id} is being worked on by another process`, {
        hint: "Wait until it has ended.",
      });
    }
    // Between reading and locking, another process may have gone on with it.
    const fresh = chain === null ? null : this.#read(id);
    return openRun(id, files, fresh, lock);
  }

  #read(id: string): Chain {
    return readChain(new RunDirectory(this.#pathOf(id)).readJournal(), sha256);
  }

  /** What is known of the run with this id. */
  async summary(id: string): Promise<RunSummary> {
    try {
      const running = await isLocked(this.#pathOf(id));
      const { header, standing, ended } = pastOf(this.#read(id).entries);
      const { plan_id, created_at, workspace } = header;
      const state = running ? "running" : standing === "ended" ? (ended?.status ?? "failed") : standing;
      return { run_id: id, state, plan_id, created_at, workspace, rollback: ended?.rollback ?? null };
    } catch {
      const state = (await isLocked(this.#pathOf(id))) ? "running" : "damaged"; // or its journal has no line yet
      return { run_id: id, state, plan_id: "", created_at: "", workspace: "", rollback: null };
    }
  }

  #ids(): readonly string[] {
    try {
      return readdirSync(this.#directory)
        .filter((name) => ID.test(name))
        .sort()
        .reverse();
    } catch {
      return []; // nothing was ever kept here
    }
  }

  /** Forgets the oldest runs that have come to an end, and have nothing left to undo. */
  #prune(): void {
    const done = this.#ids().filter((id) => new RunDirectory(this.#pathOf(id)).isDone);
    for (const id of done.slice(MOST_ENDED)) this.remove(id);
  }

  #pathOf(id: string): string {
    return join(this.#directory, id);
  }

  #guarded<T>(what: string, work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw asGloveboxError(thrown, "JOURNAL_FAILED", what);
    }
  }
}

function openRun(id: string, files: RunDirectory, chain: Chain | null, lock: DirectoryLock): OpenRun {
  let file: JournalFile | null = null;
  try {
    file = files.openJournal(chain?.bytes ?? 0);
    const journal = new Journal(file, sha256, chain ?? undefined);
    const past = chain === null ? null : pastOf(chain.entries);
    const close = (): void => {
      file?.close();
      lock.release();
    };
    return { id, files, journal, past, close };
  } catch (thrown) {
    file?.close();
    lock.release();
    throw thrown;
  }
}

/** Sorts by time; the rest keeps two runs of one second apart. */
function idOf(now: Date): string {
  const [date = "", time = ""] = now.toISOString().split(/[T.]/);
  return `${date.replaceAll("-", "")}-${time.replaceAll(":", "")}-${randomBytes(3).toString("hex")}`;
}

/** sha256 of a text's UTF-8 bytes, as hex. */
export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
