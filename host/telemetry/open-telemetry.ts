// A listener that turns the events of a run into OpenTelemetry spans: one for the plan, one below it for each step.
// It knows the OpenTelemetry API only; which SDK exports the spans, if any, is the application's choice.

import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { ErrorJson } from "../errors.ts";
import type { Listener, RunEvent } from "../hooks.ts";
import * as attributes from "./attributes.ts";

export interface TelemetryOptions {
  /** Default: the tracer of the registered SDK; without an SDK nothing is recorded. */
  readonly tracer?: Tracer;
  /** The trace that the run belongs to (see `parentFromTraceparent`); default: the active context. */
  readonly parent?: Context;
  /** Puts arguments, results and error messages on spans. They can be sensitive; default false. */
  readonly captureContent?: boolean;
  /** Makes the run's trace id, 32 hex digits, where no SDK and no parent gives one; default: a random one. */
  readonly newTraceId?: () => string;
}

/** Records runs as spans, and knows the trace id of the last one that started. It follows one run at a time: runs that overlap need one each. */
export function openTelemetryListener(options: TelemetryOptions = {}): Listener & { traceId(): string | undefined } {
  const tracer = options.tracer ?? trace.getTracer("glovebox");
  const captureContent = options.captureContent ?? false;
  const newTraceId = options.newTraceId ?? randomTraceId;
  let run: RunSpans | undefined;
  let traceId: string | undefined;
  return {
    onEvent(event) {
      if (event.type === "plan.started" || event.type === "plan.rejected") {
        run?.end();
        run = new RunSpans(tracer, options.parent ?? context.active(), captureContent, event);
        traceId = run.traceId() ?? newTraceId();
      }
      run?.onEvent(event);
    },
    traceId: () => traceId,
  };
}

/** The spans of one run. */
class RunSpans {
  readonly #tracer: Tracer;
  readonly #captureContent: boolean;
  readonly #plan: Span;
  readonly #below: Context;
  /** By step; a step's compensation runs when the step itself has ended. */
  readonly #calls = new Map<string, Span>();

  constructor(
    tracer: Tracer,
    parent: Context,
    captureContent: boolean,
    event: Extract<RunEvent, { readonly type: "plan.started" | "plan.rejected" }>,
  ) {
    this.#tracer = tracer;
    this.#captureContent = captureContent;
    this.#plan = tracer.startSpan(
      `invoke_workflow ${event.plan_id}`,
      { attributes: attributes.planAttributes(event) },
      parent,
    );
    this.#below = trace.setSpan(parent, this.#plan);
  }

  traceId(): string | undefined {
    const spanContext = this.#plan.spanContext();
    return isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
  }

  onEvent(event: RunEvent): void {
    const capture = this.#captureContent;
    switch (event.type) {
      case "plan.rejected":
        this.#plan.setStatus({ code: SpanStatusCode.ERROR, message: "PLAN_REJECTED" });
        this.end();
        break;
      case "step.started":
        this.#startCall(event.step, event.action, attributes.stepAttributes(event, capture));
        break;
      case "step.retried":
        this.#calls.get(event.step)?.addEvent("glovebox.retry", {
          "glovebox.attempt": event.attempt,
          ...attributes.errorAttributes(event.error, capture),
        });
        break;
      case "network.exchanged":
        this.#calls.get(event.step)?.addEvent("glovebox.network", attributes.networkAttributes(event.exchange));
        break;
      case "step.ended":
        this.#endCall(event.result.id, event.result.error, attributes.stepEndAttributes(event.result, capture));
        break;
      case "compensation.started":
        this.#startCall(event.step, event.action, attributes.compensationAttributes(event, capture));
        break;
      case "compensation.ended":
        this.#endCall(event.result.step, event.result.error, attributes.compensationEndAttributes(event.result));
        break;
      case "plan.committed":
        this.#plan.addEvent("glovebox.commit", { "glovebox.changes": event.changes });
        break;
      case "plan.kept":
        this.#plan.addEvent("glovebox.keep", { "glovebox.changes": event.changes });
        break;
      case "plan.discarded":
        this.#plan.addEvent("glovebox.discard", capture ? { "glovebox.why": event.why } : {});
        break;
      case "plan.ended":
        this.#plan.setAttributes(attributes.planEndAttributes(event));
        if (event.error !== undefined) this.#fail(this.#plan, event.error);
        this.end();
        break;
    }
  }

  /** Ends what is still open. Idempotent. */
  end(): void {
    for (const span of this.#calls.values()) span.end();
    this.#calls.clear();
    if (this.#plan.isRecording()) this.#plan.end();
  }

  #startCall(step: string, action: string, attributes: Attributes): void {
    this.#calls.set(step, this.#tracer.startSpan(`execute_tool ${action}`, { attributes }, this.#below));
  }

  #endCall(step: string, error: ErrorJson | undefined, attributes: Attributes): void {
    const span = this.#calls.get(step);
    if (span === undefined) return; // a step that never started: `not_run`
    this.#calls.delete(step);
    span.setAttributes(attributes);
    if (error !== undefined) this.#fail(span, error);
    span.end();
  }

  #fail(span: Span, error: ErrorJson): void {
    span.setStatus({ code: SpanStatusCode.ERROR, message: this.#captureContent ? error.message : error.code });
  }
}

function randomTraceId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
