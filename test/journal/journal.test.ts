// The journal itself: what is written comes back, what is half-written does not count, and what was changed is noticed.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CallOutcome } from "../../host/contract/call.ts";
import { CHAIN_START, lineOf, readChain } from "../../host/journal/chain.ts";
import type { JournalEntry, RunHeader } from "../../host/journal/entries.ts";
import { Journal, type JournalSink } from "../../host/journal/journal.ts";
import { JournalledCaller } from "../../host/journal/journalled.ts";
import { pastOf } from "../../host/journal/past.ts";
import { RunTime } from "../../host/journal/run-time.ts";
import { execute } from "../../host/plan/execute.ts";
import type { ToolCaller } from "../../host/plan/tool-caller.ts";
import type { RunReport } from "../../host/report.ts";
import { accepted } from "../plan/support/documents.ts";
import { ok } from "../plan/support/fake-caller.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const HEADER: RunHeader = {
  ...{ type: "run", version: 1, run_id: "r", created_at: "2026-11-22T00:00:00.000Z", plan_id: "p" },
  ...{ plan_hash: `sha256:${"0".repeat(64)}`, plan: { steps: [] }, inputs: {}, agent: null, review: false },
  ...{ scope: { value: {}, directory: "/" }, tools: [], tool_sources: [], seed: "0".repeat(64), start_ns: "0" },
  ...{ workspace: "/w", executor: "inline" },
};

/** A sink in memory; `failAt` is the number of the write or sync that fails, from 1. */
class MemorySink implements JournalSink {
  text = "";
  /** How much of it survives the loss of power. */
  synced = 0;
  #left: number;

  constructor(failAt: number = Number.POSITIVE_INFINITY) {
    this.#left = failAt;
  }

  append(text: string): void {
    this.#step();
    this.text += text;
  }

  sync(): void {
    this.#step();
    this.synced = this.text.length;
  }

  #step(): void {
    this.#left -= 1;
    if (this.#left === 0) throw new Error("ENOSPC");
  }
}

function journalOf(entries: readonly JournalEntry[]): string {
  const sink = new MemorySink();
  const journal = new Journal(sink, sha256);
  for (const entry of entries) journal.write(entry);
  journal.flush();
  return sink.text;
}

const stat = (path: string): JournalEntry => ({ type: "stat", path, at: 0, size: 1 });

test("what is written comes back, and a journal that is gone on with is one chain", () => {
  const text = journalOf([HEADER, stat("/a"), stat("/ü")]);
  const chain = readChain(text, sha256);
  expect(chain.entries).toEqual([HEADER, stat("/a"), stat("/ü")]);
  expect(chain.bytes).toBe(Buffer.byteLength(text));
  const sink = new MemorySink();
  const journal = new Journal(sink, sha256, chain);
  journal.writeThrough(stat("/b"));
  expect(readChain(text + sink.text, sha256).entries).toHaveLength(4);
});

test("a last line that is not whole does not count, wherever it was cut", () => {
  const text = journalOf([HEADER, stat("/a"), stat("/b")]);
  const whole = text.lastIndexOf("\n", text.length - 2) + 1;
  for (let length = whole; length < text.length; length++) {
    const chain = readChain(text.slice(0, length), sha256);
    expect(chain.entries).toEqual([HEADER, stat("/a")]);
    expect(chain.bytes).toBe(whole);
  }
  expect(readChain(`${text}\0\0\0\n`, sha256).entries).toHaveLength(3);
  expect(readChain("", sha256)).toEqual({ entries: [], hash: CHAIN_START, bytes: 0 });
});

test("a line that was changed, left out, added or moved is damage, and the line is named", () => {
  const lines = journalOf([HEADER, stat("/a"), stat("/b"), stat("/c")]).split("\n");
  const at = (...order: number[]): string => order.map((index) => `${lines[index]}\n`).join("");
  expect(() => readChain(at(0, 2, 3), sha256)).toThrow(/damaged at line 2/);
  expect(() => readChain(at(0, 2, 1, 3), sha256)).toThrow(/damaged at line 2/);
  expect(() => readChain(at(1, 2, 3), sha256)).toThrow(/damaged at line 1/);
  const changed = at(0, 1, 2, 3).replace("/a", "/x");
  expect(() => readChain(changed, sha256)).toThrow(/damaged at line 3/);
  const foreign = lineOf(sha256(lines[0] ?? ""), { type: "unheard" } as unknown as JournalEntry);
  expect(() => readChain(`${lines[0]}\n${foreign}`, sha256)).toThrow(/damaged at line 2/);
});

test("H10: a journal of a version that is not known is refused", () => {
  const newer = lineOf(CHAIN_START, { ...HEADER, version: 2 } as unknown as JournalEntry);
  expect(() => readChain(newer, sha256)).toThrow(expect.objectContaining({ code: "JOURNAL_FAILED" }));
});

test("any text is either a journal or refused with JOURNAL_FAILED", () => {
  const lines = journalOf([HEADER, stat("/a"), stat("/b")]).split("\n");
  const piece = fc.oneof(fc.constantFrom(...lines), fc.string(), fc.json());
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      try {
        pastOf(readChain(`${pieces.join("\n")}\n`, sha256).entries);
      } catch (error) {
        expect(error).toMatchObject({ code: "JOURNAL_FAILED" });
      }
    }),
  );
});

describe("a journal that cannot be written", () => {
  const open = { id: "open", action: "ticket.open", params: { title: "t" } };
  const plan = accepted({ steps: [{ action: "file.read", params: { path: "/project/a" } }, open] });

  /** Runs a plan with a journal over `sink`; gives its report and the actions that were called. */
  async function runOver(sink: MemorySink): Promise<{ report: RunReport; called: readonly string[] }> {
    const called: string[] = [];
    const answers: Readonly<Record<string, CallOutcome>> = {
      "file.read": ok([]),
      "ticket.open": ok({ id: "T", queue_number: 1, labels: [] }),
    };
    const usage = { fuel: 1, cpu_ms: 0, memory_mb: 0, io_operations: 0, io_bytes: 0, host_calls: 0 };
    const caller: ToolCaller = {
      call: async ({ action }) => {
        called.push(action.name);
        const outcome = answers[action.name] ?? ok();
        return { outcome, usage, stdout: "", stderr: "", violations: [], changes: [] };
      },
      diff: async () => [],
      commit: async () => void called.push("commit"),
      discard: async () => undefined,
    };
    const journal = new Journal(sink, sha256);
    journal.write(HEADER);
    const journalled = new JournalledCaller({
      ...{ caller, journal, runId: "r", time: new RunTime(() => 0, false), past: null, refusal: null, committed: null },
      ...{ pending: () => [], before: () => null, keepLayer: () => null, date: () => new Date(0) },
    });
    const options = { statPath: async () => null, now: () => 0, sleep: async () => undefined };
    return { report: await execute(plan, { caller: journalled, ...options }), called };
  }

  test("G3: the intent of an effect is on the disk before it begins, and its answer right after", async () => {
    const sink = new MemorySink();
    const { report } = await runOver(sink);
    expect(report).toMatchObject({ status: "completed" });
    const types = readChain(sink.text, sha256).entries.map(({ type }) => type);
    expect(types.slice(-5)).toEqual(["call.reply", "call.intent", "call.reply", "committing", "committed"]);
    expect(sink.synced).toBe(sink.text.length);
  });

  test.each([1, 2])("G3: stops the run before the effect (failure %i)", async (failAt) => {
    const { report, called } = await runOver(new MemorySink(failAt));
    expect(called).toEqual(["file.read"]);
    expect(report).toMatchObject({ status: "failed", committed: false, error: { code: "JOURNAL_FAILED" } });
    expect(report.steps[1]?.status).toBe("failed");
    expect(report.error?.hint).toMatch(/stateDirectory/);
  });

  test.each([3, 4])(
    "G3: after the effect, stops the run before its commit, and says what is left (failure %i)",
    async (failAt) => {
      const { report, called } = await runOver(new MemorySink(failAt));
      expect(called).toEqual(["file.read", "ticket.open"]);
      expect(report).toMatchObject({
        committed: false,
        error: { code: "COMPENSATION_INCOMPLETE", data: { left: ["open"] } },
      });
    },
  );
});
