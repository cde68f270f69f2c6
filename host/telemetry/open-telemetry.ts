// A listener that turns the events of a run into OpenTelemetry spans: one for the plan, one below it for each step.
// It knows the OpenTelemetry API only; which SDK exports the spans, if any, is the application's choice.

import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { ErrorJson } from "../errors.ts";
import type { Listener, RunEvent, StepResult } from "../hooks.ts";
import { errorAttributes, planAttributes, planEndAttributes, stepAttributes, stepEndAttributes } from "./attributes.ts";

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
  readonly #steps = new Map<string, Span>();

  constructor(
    tracer: Tracer,
    parent: Context,
    captureContent: boolean,
    event: Extract<RunEvent, { readonly type: "plan.started" | "plan.rejected" }>,
  ) {
    this.#tracer = tracer;
    this.#captureContent = captureContent;
    this.#plan = tracer.startSpan(`invoke_workflow ${event.plan_id}`, { attributes: planAttributes(event) }, parent);
    this.#below = trace.setSpan(parent, this.#plan);
  }

  traceId(): string | undefined {
    const spanContext = this.#plan.spanContext();
    return isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
  }

  onEvent(event: RunEvent): void {
    switch (event.type) {
      case "plan.rejected":
        this.#plan.setStatus({ code: SpanStatusCode.ERROR, message: "PLAN_REJECTED" });
        this.end();
        break;
      case "step.started":
        this.#startStep(event);
        break;
      case "step.retried":
        this.#steps.get(event.step)?.addEvent("glovebox.retry", {
          "glovebox.attempt": event.attempt,
          ...errorAttributes(event.error, this.#captureContent),
        });
        break;
      case "step.ended":
        this.#endStep(event.result);
        break;
      case "plan.committed":
        this.#plan.addEvent("glovebox.commit", { "glovebox.changes": event.changes });
        break;
      case "plan.discarded":
        this.#plan.addEvent("glovebox.discard", this.#captureContent ? { "glovebox.why": event.why } : {});
        break;
      case "plan.ended":
        this.#plan.setAttributes(planEndAttributes(event));
        if (event.error !== undefined) this.#fail(this.#plan, event.error);
        this.end();
        break;
    }
  }

  /** Ends what is still open. Idempotent. */
  end(): void {
    for (const span of this.#steps.values()) span.end();
    this.#steps.clear();
    if (this.#plan.isRecording()) this.#plan.end();
  }

  #startStep(event: Extract<RunEvent, { readonly type: "step.started" }>): void {
    const attributes = stepAttributes(event, this.#captureContent);
    this.#steps.set(event.step, this.#tracer.startSpan(`execute_tool ${event.action}`, { attributes }, this.#below));
  }

  #endStep(result: StepResult): void {
    const span = this.#steps.get(result.id);
    if (span === undefined) return; // a step that never started: `not_run`
    this.#steps.delete(result.id);
    span.setAttributes(stepEndAttributes(result, this.#captureContent));
    if (result.error !== undefined) this.#fail(span, result.error);
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
