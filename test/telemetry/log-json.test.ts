import { expect, test } from "vitest";
import { jsonLogListener } from "../../host/telemetry/log-json.ts";
import { safeJson } from "../../host/telemetry/printable.ts";
import { failedRun } from "./events.ts";

function lines(options: { readonly captureContent?: boolean } = {}): string[] {
  const written: string[] = [];
  const listener = jsonLogListener({
    write: (line) => written.push(line),
    now: () => "2026-11-22T00:00:00.000Z",
    traceId: () => "ab".repeat(16),
    ...options,
  });
  for (const event of failedRun) listener.onEvent(event);
  return written;
}

test("each event is one line of JSON with its time and trace", () => {
  const events = lines().map((line) => JSON.parse(line) as { readonly type: string });
  expect(events.map(({ type }) => type)).toEqual(failedRun.map(({ type }) => type));
  for (const event of events)
    expect(event).toMatchObject({ time: "2026-11-22T00:00:00.000Z", trace_id: "ab".repeat(16) });
});

test("arguments, results and diffs are left out unless they are asked for; what a step took stays", () => {
  const [plain, full] = [lines().join("\n"), lines({ captureContent: true }).join("\n")];
  expect(plain).not.toMatch(/a secret line|app\.log|new secret|secret path/);
  expect(plain).toContain('"fuel":1234');
  expect(plain).toContain('"path":"/project/a.txt"');
  for (const part of ["a secret line", "app.log", "new secret", "secret path"]) expect(full).toContain(part);
});

test("without a clock and a trace a line holds the event alone", () => {
  const written: string[] = [];
  jsonLogListener({ write: (line) => written.push(line) }).onEvent({ at_ms: 4, type: "plan.committed", changes: 1 });
  expect(written).toEqual(['{"at_ms":4,"type":"plan.committed","changes":1}']);
});

test("B13: what a terminal would obey never leaves as it is, and comes back the same when it is parsed", () => {
  const hostile = "a\u001b[31m\u009b2J\u007f\r\nb\u202e\u2028\u200b\ufeff\u2066c";
  const text = safeJson({ hostile });
  expect(text).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(text)).toEqual({ hostile });
});
