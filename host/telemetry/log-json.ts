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
  if (event.type === "step.started") {
    const { input: _, ...rest } = event;
    return rest;
  }
  return event.type === "step.ended" ? { ...event, result: withoutResultContent(event.result) } : event;
}

function withoutResultContent({ input: _, output: __, ...result }: StepResult): object {
  return { ...result, changes: result.changes.map(({ diff: _, ...change }) => change) };
}
