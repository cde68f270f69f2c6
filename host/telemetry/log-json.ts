// A listener that writes each event of a run as one line of JSON.
// It must not know where the lines go.

import type { Listener, RunEvent, StepResult } from "../hooks.ts";
import { safeJson } from "./printable.ts";

export interface JsonLogOptions {
  /** Takes one line, without its line feed. */
  readonly write: (line: string) => void;
  /** Adds `time` to each line, in the form that it gives. */
  readonly now?: () => string;
  /** Adds `trace_id` to each line that has one. */
  readonly traceId?: () => string | undefined;
  /** Keeps arguments, results and text diffs. They can be large and sensitive; default false. */
  readonly captureContent?: boolean;
}

/** Writes one line for each event. */
export function jsonLogListener({ write, now, traceId, captureContent = false }: JsonLogOptions): Listener {
  return {
    onEvent(event) {
      const time = now?.();
      const trace_id = traceId?.();
      write(safeJson({ time, trace_id, ...(captureContent ? event : withoutContent(event)) }));
    },
  };
}

function withoutContent(event: RunEvent): object {
  switch (event.type) {
    case "step.started":
    case "compensation.started":
      return without(event, "input");
    case "step.ended":
      return { ...event, result: withoutResultContent(event.result) };
    case "compensation.ended":
      return { ...event, result: without(event.result, "input") };
    default:
      return event;
  }
}

function withoutResultContent(result: StepResult): object {
  const changes = result.changes.map((change) => without(change, "diff"));
  return { ...without(result, "input", "output"), changes };
}

function without(value: object, ...keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
