import { SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import type { RunEvent } from "../../host/hooks.ts";
import { CONTENT_CHARACTERS } from "../../host/telemetry/attributes.ts";
import { openTelemetryListener, type TelemetryOptions } from "../../host/telemetry/open-telemetry.ts";
import { parentFromTraceparent } from "../../host/telemetry/traceparent.ts";
import { completedRun, failedRun, readResult, rejected, started } from "./events.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

function record(events: readonly RunEvent[], options: TelemetryOptions = {}) {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const listener = openTelemetryListener({ tracer: provider.getTracer("test"), ...options });
  for (const event of events) listener.onEvent(event);
  return { spans: exporter.getFinishedSpans(), traceId: listener.traceId() };
}

function named(spans: ReturnType<typeof record>["spans"], name: string) {
  const span = spans.find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`no span ${name} among ${spans.map((other) => other.name)}`);
  return span;
}

test("a run is one span, each of its steps one span below it, all in the trace that the report names", () => {
  const { spans, traceId } = record(failedRun);
  expect(spans.map((span) => span.name)).toEqual([
    "execute_tool file.read",
    "execute_tool process.filter",
    "execute_tool file.undo",
    "invoke_workflow p1",
  ]);
  const plan = named(spans, "invoke_workflow p1");
  for (const span of spans) expect(span.spanContext().traceId).toBe(traceId);
  for (const span of spans.slice(0, 3)) expect(span.parentSpanContext?.spanId).toBe(plan.spanContext().spanId);
  expect(plan.parentSpanContext).toBeUndefined();
});

test("a step's span carries the GenAI names and what the step took", () => {
  const { spans } = record(completedRun);
  expect(named(spans, "execute_tool file.read").attributes).toEqual({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "file.read",
    "gen_ai.tool.call.id": "read",
    "glovebox.tool.name": "std",
    "glovebox.tool.digest": "sha256:11",
    "glovebox.step.reason": "why",
    "glovebox.status": "ran",
    "glovebox.step.attempts": 2,
    "glovebox.duration_ms": 12.5,
    "glovebox.fuel": 1234,
    "glovebox.cpu_ms": 3,
    "glovebox.memory_mb": 1.5,
    "glovebox.io.operations": 4,
    "glovebox.io.bytes": 100,
    "glovebox.host_calls": 9,
    "glovebox.changes": 1,
    "glovebox.scope_violations": ["PATH_DENIED"],
  });
});

test("a completed plan's span carries its plan, its scope, its end and its commit", () => {
  const plan = named(record(completedRun).spans, "invoke_workflow p1");
  expect(plan.attributes).toEqual({
    "gen_ai.operation.name": "invoke_workflow",
    "gen_ai.agent.name": "p1",
    "glovebox.plan.id": "p1",
    "glovebox.plan.hash": "sha256:00",
    "glovebox.plan.steps": 2,
    "glovebox.scope": "log-analysis",
    "glovebox.status": "completed",
    "glovebox.fuel": 1234,
    "glovebox.duration_ms": 5,
  });
  expect(plan.status.code).toBe(SpanStatusCode.UNSET);
  expect(plan.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["glovebox.commit", { "glovebox.changes": 1 }],
  ]);
});

test("a failure is an error status with its code; retries and the discard are span events", () => {
  const { spans } = record(failedRun);
  const plan = named(spans, "invoke_workflow p1");
  const read = named(spans, "execute_tool file.read");
  const filter = named(spans, "execute_tool process.filter");
  expect(plan.status).toEqual({ code: SpanStatusCode.ERROR, message: "ACTION_FAILED" });
  expect(filter.status).toEqual({ code: SpanStatusCode.ERROR, message: "ACTION_FAILED" });
  expect(read.status.code).toBe(SpanStatusCode.UNSET);
  expect([plan.attributes["error.type"], filter.attributes["error.type"]]).toEqual(["ACTION_FAILED", "ACTION_FAILED"]);
  expect(plan.events.map(({ name }) => name)).toEqual(["glovebox.discard"]);
  expect(read.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["glovebox.retry", { "glovebox.attempt": 2, "error.type": "ACTION_FAILED" }],
    [
      "glovebox.network",
      {
        "http.request.method": "GET",
        "server.address": "good.com",
        "http.response.status_code": 200,
        "http.request.body.size": 0,
        "http.response.body.size": 5,
        "glovebox.network.outcome": "response",
      },
    ],
  ]);
});

test("a compensation is a span of its own, which names the step whose effect it takes back", () => {
  const undo = named(record(failedRun).spans, "execute_tool file.undo");
  expect(undo.attributes).toMatchObject({
    "gen_ai.operation.name": "execute_tool",
    "glovebox.compensates": "read",
    "glovebox.status": "failed",
    "glovebox.fuel": 7,
    "error.type": "TRAP",
  });
  expect(undo.status).toEqual({ code: SpanStatusCode.ERROR, message: "TRAP" });
});

test("no argument, result or error message is on a span unless content is captured", () => {
  const texts = (options: TelemetryOptions): string =>
    JSON.stringify(
      record(failedRun, options).spans.map(({ attributes, events, status }) => [attributes, events, status]),
    );
  expect(texts({})).not.toMatch(/secret|app\.log/);
  const captured = texts({ captureContent: true });
  for (const part of ["a secret line", "app.log", "busy secret", "a pattern that quotes a secret"])
    expect(captured).toContain(part);
});

test("captured content is cut at its limit", () => {
  const long = { ...readResult, output: "x".repeat(CONTENT_CHARACTERS * 2) };
  const events = completedRun.map((event) => (event.type === "step.ended" ? { ...event, result: long } : event));
  const span = named(record(events, { captureContent: true }).spans, "execute_tool file.read");
  expect(String(span.attributes["gen_ai.tool.call.result"])).toHaveLength(CONTENT_CHARACTERS + "… [cut]".length);
});

test("a rejected plan is one span that names the codes of its findings", () => {
  const { spans, traceId } = record([rejected]);
  expect(spans.map((span) => span.name)).toEqual(["invoke_workflow p2"]);
  expect(spans[0]?.attributes).toMatchObject({
    "glovebox.status": "rejected",
    "glovebox.findings": 2,
    "glovebox.finding.codes": ["ACTION_DENIED", "PATH_DENIED"],
    "error.type": "PLAN_REJECTED",
  });
  expect(spans[0]?.status.code).toBe(SpanStatusCode.ERROR);
  expect(traceId).toBe(spans[0]?.spanContext().traceId);
});

test("an incoming parent makes the run part of its trace", () => {
  const parent = parentFromTraceparent(TRACEPARENT);
  const { spans, traceId } = record(completedRun, parent === undefined ? {} : { parent });
  expect(traceId).toBe(TRACE);
  expect(named(spans, "invoke_workflow p1").parentSpanContext?.spanId).toBe("b7ad6b7169203331");
});

test("without an SDK nothing is recorded, and the run still has a trace id of its own or its parent's", () => {
  const ids = ["1".repeat(32), "2".repeat(32)];
  const listener = openTelemetryListener({ newTraceId: () => ids.shift() ?? "" });
  expect(listener.traceId()).toBeUndefined();
  for (const event of completedRun) listener.onEvent(event);
  expect(listener.traceId()).toBe("1".repeat(32));
  listener.onEvent(started);
  expect(listener.traceId()).toBe("2".repeat(32));

  const random = openTelemetryListener();
  random.onEvent(started);
  expect(random.traceId()).toMatch(/^[0-9a-f]{32}$/);

  const parent = parentFromTraceparent(TRACEPARENT);
  if (parent === undefined) throw new Error("a valid traceparent was refused");
  const child = openTelemetryListener({ parent });
  child.onEvent(started);
  expect(child.traceId()).toBe(TRACE);
});

test("a run that stops without an end leaves no span open when the next one starts", () => {
  const broken = failedRun.slice(0, 6);
  const { spans } = record([...broken, ...completedRun]);
  expect(spans.map((span) => span.name).sort()).toEqual([
    "execute_tool file.read",
    "execute_tool file.read",
    "execute_tool process.filter",
    "invoke_workflow p1",
    "invoke_workflow p1",
  ]);
});

test.each([
  ["a zero trace id", `00-${"0".repeat(32)}-b7ad6b7169203331-01`],
  ["a zero span id", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["version ff", `ff-${TRACE}-b7ad6b7169203331-01`],
  ["upper case", TRACEPARENT.toUpperCase()],
  ["more parts than version 00 has", `${TRACEPARENT}-00`],
  ["nothing", ""],
])("a traceparent with %s is refused", (_, text) => {
  expect(parentFromTraceparent(text)).toBeUndefined();
});

test("a run that is kept carries its id, and says how much it would change", () => {
  const kept: readonly RunEvent[] = [
    started.type === "plan.started" ? { ...started, run_id: "20261122-120000-abcdef" } : started,
    { at_ms: 1, type: "plan.kept", changes: 3 },
    { at_ms: 2, type: "plan.ended", plan_id: "p1", status: "kept", fuel: 1, duration_ms: 2 },
  ];
  const plan = named(record(kept).spans, "invoke_workflow p1");
  expect(plan.attributes).toMatchObject({ "glovebox.run.id": "20261122-120000-abcdef", "glovebox.status": "kept" });
  expect(plan.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["glovebox.keep", { "glovebox.changes": 3 }],
  ]);
});
