// What a span of ours carries: OpenTelemetry's GenAI names where there is one, `glovebox.*` for the rest.
// Pure: events in, attributes out. It must not know spans.

import type { Attributes } from "@opentelemetry/api";
import type { ErrorJson } from "../errors.ts";
import type { CompensationResult, NetworkExchange, ResourceUsage, RunEvent, StepResult } from "../hooks.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/** Arguments and results on spans are cut at this many characters. */
export const CONTENT_CHARACTERS: number = 16_384;

/** What a plan's span carries from its start. Names: GenAI conventions 0.1.0, where a workflow's name is `gen_ai.agent.name`. */
export function planAttributes(event: EventOf<"plan.started"> | EventOf<"plan.rejected">): Attributes {
  const shared = {
    "gen_ai.operation.name": "invoke_workflow",
    "gen_ai.agent.name": event.plan_id,
    "glovebox.plan.id": event.plan_id,
  };
  if (event.type === "plan.rejected") {
    return {
      ...shared,
      "glovebox.status": "rejected",
      "glovebox.findings": event.findings,
      "glovebox.finding.codes": [...event.codes],
      "error.type": "PLAN_REJECTED",
    };
  }
  return {
    ...shared,
    ...(event.run_id === undefined ? {} : { "glovebox.run.id": event.run_id }),
    "glovebox.plan.hash": event.plan_hash,
    "glovebox.plan.steps": event.steps,
    "glovebox.scope": event.scope,
  };
}

/** What is added to a plan's span at its end. */
export function planEndAttributes(event: EventOf<"plan.ended">): Attributes {
  return {
    "glovebox.status": event.status,
    "glovebox.fuel": event.fuel,
    "glovebox.duration_ms": event.duration_ms,
    ...errorType(event.error),
  };
}

/** What a step's span carries from its start. */
export function stepAttributes(event: EventOf<"step.started">, captureContent: boolean): Attributes {
  return {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": event.action,
    "gen_ai.tool.call.id": event.step,
    "glovebox.tool.name": event.tool,
    "glovebox.tool.digest": event.digest,
    ...(event.reason === undefined ? {} : { "glovebox.step.reason": event.reason }),
    ...(captureContent ? { "gen_ai.tool.call.arguments": content(event.input) } : {}),
  };
}

/** What the span of a compensation carries from its start. */
export function compensationAttributes(event: EventOf<"compensation.started">, captureContent: boolean): Attributes {
  return {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": event.action,
    "glovebox.compensates": event.step,
    ...(captureContent ? { "gen_ai.tool.call.arguments": content(event.input) } : {}),
  };
}

/** What is added to the span of a compensation at its end. */
export function compensationEndAttributes(result: CompensationResult): Attributes {
  return { ...usageAttributes(result), ...errorType(result.error) };
}

/** What is added to a step's span at its end. */
export function stepEndAttributes(result: StepResult, captureContent: boolean): Attributes {
  return {
    ...usageAttributes(result),
    "glovebox.step.attempts": result.attempts,
    "glovebox.changes": result.changes.length,
    "glovebox.scope_violations": result.scope_violations.map(({ code }) => code),
    ...errorType(result.error),
    ...(captureContent && result.output !== undefined ? { "gen_ai.tool.call.result": content(result.output) } : {}),
  };
}

/** The code of an error, and its message only where content may be captured: a message can quote an argument. */
export function errorAttributes(error: ErrorJson, captureContent: boolean): Attributes {
  return { ...errorType(error), ...(captureContent ? { "error.message": error.message } : {}) };
}

/** One request over the network: OpenTelemetry's HTTP names. Of its URL only the host: the rest may quote an argument. */
export function networkAttributes(exchange: NetworkExchange): Attributes {
  const { method, url, status, outcome, error } = exchange;
  return {
    ...(method === null ? {} : { "http.request.method": method }),
    ...(url === null ? {} : { "server.address": new URL(url).hostname }),
    ...(status === null ? {} : { "http.response.status_code": status }),
    ...(error === null ? {} : { "error.type": error }),
    "http.request.body.size": exchange.request_bytes,
    "http.response.body.size": exchange.response_bytes,
    "glovebox.network.outcome": outcome,
  };
}

function usageAttributes(result: Ended): Attributes {
  const usage = result.resource_usage;
  return {
    "glovebox.status": result.status,
    "glovebox.duration_ms": result.duration_ms,
    "glovebox.fuel": usage.fuel,
    "glovebox.cpu_ms": usage.cpu_ms,
    "glovebox.memory_mb": usage.memory_mb,
    "glovebox.io.operations": usage.io_operations,
    "glovebox.io.bytes": usage.io_bytes,
    "glovebox.host_calls": usage.host_calls,
  };
}

interface Ended {
  readonly status: string;
  readonly duration_ms: number;
  readonly resource_usage: ResourceUsage;
}

function errorType(error: ErrorJson | undefined): Attributes {
  return error === undefined ? {} : { "error.type": error.code };
}

function content(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= CONTENT_CHARACTERS ? text : `${text.slice(0, CONTENT_CHARACTERS)}… [cut]`;
}
