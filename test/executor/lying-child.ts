// A child process that a guest has taken over: it says whatever the name of the action asks it to say.

import { FrameReader, MAX_FRAME_BYTES, writeFrame } from "../../host/executor/frames-node.ts";
import type { ParentMessage } from "../../host/executor/messages.ts";
import type { CallRequest } from "../../host/executor/protocol.ts";

const usage = { fuel: 1, cpu_ms: 0, memory_mb: 0, io_operations: 0, io_bytes: 0, host_calls: 0 };
const ok = (output: unknown): object => ({ kind: "ok", output });

function returned(outcome: unknown, changes: object = {}, layer: unknown = null, elapsedNs: unknown = "1"): object {
  const reply = { outcome, usage, stdout: "", stderr: "", violations: [], ...changes };
  return { type: "returned", response: { reply, elapsedNs }, layer };
}

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const critical = (code: string, more: object = {}): object =>
  returned({ kind: "critical", error: { code, message: "m", ...more } });

const LIES: Readonly<Record<string, () => unknown>> = {
  honest: () => returned(ok("fine")),
  "honest-error": () => returned({ kind: "error", case: "unlucky", payload: 7 }),
  "other-type": () => returned(ok(7)),
  "too-long": () => returned(ok("x".repeat(2000))),
  "no-such-case": () => returned({ kind: "error", case: "lucky", payload: 7 }),
  "wrong-payload": () => returned({ kind: "error", case: "unlucky", payload: "7" }),
  "no-payload": () => returned({ kind: "error", case: "bored", payload: 1 }),
  "commit-code": () => critical("COMMIT_CONFLICT"),
  "cancelled-code": () => critical("CANCELLED"),
  "failed-as-cancelled": () => ({ type: "failed", error: { code: "CANCELLED", message: "m" } }),
  "cyclic-data": () => critical("TRAP", { data: cyclic }),
  "odd-data": () => critical("TRAP", { data: { map: new Map() } }),
  "negative-usage": () => returned(ok("fine"), { usage: { ...usage, fuel: -1 } }),
  "nan-usage": () => returned(ok("fine"), { usage: { ...usage, fuel: Number.NaN } }),
  "missing-usage": () => returned(ok("fine"), { usage: {} }),
  "more-properties": () => returned(ok("fine"), { changes: [{ path: "/etc/passwd" }] }),
  "many-violations": () =>
    returned(ok("fine"), { violations: Array.from({ length: 101 }, () => ({ code: "PATH_DENIED", message: "m" })) }),
  "negative-time": () => returned(ok("fine"), {}, null, "-1"),
  "endless-time": () => returned(ok("fine"), {}, null, "9".repeat(400)),
  "no-layer": () => returned(ok("fine"), {}, "text"),
  "broken-layer": () => returned(ok("fine"), {}, new Uint8Array([1, 2, 3])),
  "another-answer": () => ({ type: "opened" }),
  "a-request": () => ({ type: "fetch", number: 0, request: { method: "GET" } }),
  "no-message": () => 42,
  "a-prototype": () => JSON.parse('{"type":"returned","__proto__":{}}'),
};

const raw = (...bytes: number[]): void => void process.stdout.write(Buffer.from(bytes));

const DEEDS: Readonly<Record<string, () => void>> = {
  "long-message": () => raw(0xff, 0xff, 0xff, 0xff),
  garbage: () => raw(4, 0, 0, 0, 1, 2, 3, 4),
  "no-text": () => raw(0, 0, 0, 0),
  "two-answers": () => {
    writeFrame(process.stdout, returned(ok("fine")));
    writeFrame(process.stdout, returned(ok("fine")));
  },
  exit: () => process.exit(7),
  silent: () => undefined,
  hoard: () => {
    const kept = Array.from({ length: 24 }, () => Buffer.alloc(64 * 1024 * 1024, 1));
    setInterval(() => kept.length, 1000);
  },
};

function answer(request: CallRequest): void {
  const name = request.action.name.replace("lie.", "");
  const lie = LIES[name];
  if (lie === undefined) DEEDS[name]?.();
  else writeFrame(process.stdout, lie());
}

const reader = new FrameReader(() => MAX_FRAME_BYTES);
process.stdin.on("data", (chunk: Buffer) => {
  for (const message of reader.push(chunk) as ParentMessage[]) {
    if (message.type === "open") writeFrame(process.stdout, { type: "opened" });
    if (message.type === "call") answer(message.request);
  }
});
process.stdin.on("end", () => process.exit(0));
