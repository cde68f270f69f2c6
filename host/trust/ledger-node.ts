// The ledger of trust in an SQLite file of this machine, which several processes may append to. Node only.
// It must not know what an entry means.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { asGloveboxError } from "../errors.ts";
import { entryIn, nextLine, type TrustEntry, type TrustRecord, verifiedChain } from "./ledger.ts";

const FILE = "trust.sqlite";
const WAIT_MS = 5000;

const SCHEMA = `
create table if not exists entries (
  sequence integer primary key,
  agent text not null,
  scope text not null,
  line text not null
) strict;
create index if not exists latest on entries (agent, scope, sequence);
create trigger if not exists never_changed before update on entries begin select raise(abort, 'append only'); end;
create trigger if not exists never_deleted before delete on entries begin select raise(abort, 'append only'); end;
`;

export class TrustLedger {
  readonly #file: string;

  /** The ledger of a state directory; its file is made when something is recorded. */
  constructor(stateDirectory: string) {
    this.#file = join(stateDirectory, FILE);
  }

  /** The last entry of an agent in a scope. Errors: TRUST_LEDGER_INVALID. */
  latest(agent: string, scope: string): TrustEntry | null {
    return this.#open(null, (database) => latest(database, agent, scope));
  }

  /** Every entry, after the whole chain was verified; of one agent where that is asked for. Errors: TRUST_LEDGER_INVALID. */
  entries(agent?: string): readonly TrustEntry[] {
    const entries = this.#open([], (database) => verifiedChain(lines(database), sha256));
    return agent === undefined ? entries : entries.filter((entry) => entry.agent === agent);
  }

  /** Appends what `record` makes of the agent's last entry as it is then; nothing for null. It survives power loss. Errors: TRUST_LEDGER_INVALID. */
  append(agent: string, scope: string, record: (latest: TrustEntry | null) => TrustRecord | null): void {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    this.#with((database) => {
      database.exec("begin immediate");
      const made = record(latest(database, agent, scope));
      const [last] = database
        .prepare("select line from entries order by sequence desc limit 1")
        .all() as unknown as Row[];
      if (made !== null) {
        const { sequence, line } = nextLine(made, last?.line ?? null, sha256);
        database.prepare("insert into entries values (?, ?, ?, ?)").run(sequence, agent, scope, line);
      }
      database.exec("commit");
    });
  }

  #open<T>(none: T, work: (database: DatabaseSync) => T): T {
    return existsSync(this.#file) ? this.#with(work) : none;
  }

  #with<T>(work: (database: DatabaseSync) => T): T {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(this.#file, { timeout: WAIT_MS });
      database.exec(SCHEMA);
      return work(database);
    } catch (error) {
      throw asGloveboxError(error, "TRUST_LEDGER_INVALID", "the ledger of trust cannot be used");
    } finally {
      database?.close(); // and with it a transaction that was not committed
    }
  }
}

interface Row {
  readonly line: string;
}

function latest(database: DatabaseSync, agent: string, scope: string): TrustEntry | null {
  const query = "select line from entries where agent = ? and scope = ? order by sequence desc limit 1";
  const [row] = database.prepare(query).all(agent, scope) as unknown as Row[];
  return row === undefined ? null : entryIn(row.line);
}

function lines(database: DatabaseSync): readonly string[] {
  return (database.prepare("select line from entries order by sequence").all() as unknown as Row[]).map(
    ({ line }) => line,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
