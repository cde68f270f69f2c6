import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import type { TrustRecord } from "../../host/trust/ledger.ts";
import { TrustLedger } from "../../host/trust/ledger-node.ts";

function stateDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-trust-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, "state");
}

function record(agent: string, streak: number): TrustRecord {
  const moves = { outcome: "clean", why: `${streak} of 3`, from: "new", to: "new" } as const;
  return { at: "2026-11-22T00:00:00.000Z", agent, scope: "s", plan_id: "p", ...moves, streak };
}

test("there is no ledger, and no entry, before something is recorded", () => {
  const state = stateDirectory();
  const ledger = new TrustLedger(state);
  expect(ledger.latest("a", "s")).toBeNull();
  expect(ledger.entries()).toEqual([]);
  ledger.append("a", "s", () => null);
  expect(ledger.entries()).toEqual([]);
});

test("entries are kept in order, for each agent and scope, and only for who runs Glovebox", () => {
  const state = stateDirectory();
  const ledger = new TrustLedger(state);
  ledger.append("a", "s", () => record("a", 1));
  ledger.append("b", "s", () => record("b", 1));
  ledger.append("a", "s", (latest) => record("a", (latest?.streak ?? 0) + 1));
  expect(new TrustLedger(state).latest("a", "s")).toMatchObject({ sequence: 3, streak: 2 });
  expect(ledger.latest("a", "another scope")).toBeNull();
  expect(ledger.entries("b").map(({ sequence }) => sequence)).toEqual([2]);
  expect(statSync(state).mode & 0o077).toBe(0);
});

test("an entry that was changed, removed or put elsewhere breaks the chain", () => {
  const state = stateDirectory();
  const ledger = new TrustLedger(state);
  for (let streak = 1; streak <= 4; streak++) ledger.append("a", "s", () => record("a", streak));
  const tampered = (sql: string): (() => unknown) => {
    const database = new DatabaseSync(join(state, "trust.sqlite"));
    database.exec(`drop trigger never_changed; drop trigger never_deleted; ${sql}`);
    database.close();
    return () => ledger.entries();
  };
  expect(tampered(`update entries set line = replace(line, '"streak":2', '"streak":9') where sequence = 2`)).toThrow(
    expect.objectContaining({ code: "TRUST_LEDGER_INVALID", message: expect.stringContaining("entry 3 ") }),
  );
  expect(tampered("delete from entries where sequence = 2")).toThrow(
    expect.objectContaining({ code: "TRUST_LEDGER_INVALID", message: expect.stringContaining("entry 2 ") }),
  );
});

test("entries are neither changed nor deleted by accident", () => {
  const state = stateDirectory();
  new TrustLedger(state).append("a", "s", () => record("a", 1));
  const database = new DatabaseSync(join(state, "trust.sqlite"));
  expect(() => database.exec("delete from entries")).toThrow("append only");
  expect(() => database.exec("update entries set sequence = 7")).toThrow("append only");
  database.close();
});

test("a file that is no ledger is refused, with what to do", () => {
  const state = stateDirectory();
  const ledger = new TrustLedger(state);
  ledger.append("a", "s", () => record("a", 1));
  writeFileSync(join(state, "trust.sqlite"), "not a database, but long enough to be looked at ".repeat(20));
  expect(() => ledger.latest("a", "s")).toThrow(expect.objectContaining({ code: "TRUST_LEDGER_INVALID" }));
});

test("several processes append to one ledger, and none of their entries is lost", async () => {
  const state = stateDirectory();
  const program = join(import.meta.dirname, "append.ts");
  const ended = ["a", "b", "c"].map(
    (agent) =>
      new Promise<number | null>((resolve) => {
        spawn(process.execPath, [program, state, agent, "20"], { stdio: "inherit" }).on("close", resolve);
      }),
  );
  expect(await Promise.all(ended)).toEqual([0, 0, 0]);
  const ledger = new TrustLedger(state);
  expect(ledger.entries()).toHaveLength(60);
  for (const agent of ["a", "b", "c"]) expect(ledger.latest(agent, "s")?.streak).toBe(20);
});
