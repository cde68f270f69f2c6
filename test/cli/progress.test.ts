import { expect, test } from "vitest";
import { progressListener } from "../../host/cli/progress.ts";
import { createView } from "../../host/cli/render/view.ts";
import { failedRun } from "../telemetry/events.ts";

/** What is left on the line of a terminal. */
function onTerminal(written: readonly string[]): string {
  return written.join("").split("\r\u001b[2K").at(-1) ?? "";
}

test("the line says which step runs, which one is undone, and is gone in the end", () => {
  const written: string[] = [];
  const write = (text: string): void => void written.push(text);
  const listener = progressListener({ write, isTerminal: true, view: createView(80, false) });
  const seen = failedRun.map((event) => {
    listener.onEvent(event);
    return onTerminal(written);
  });
  expect([...new Set(seen)]).toEqual(["", "1/2 read file.read", "2/2 filter process.filter", "undoing read file.undo"]);
  expect(seen.at(-1)).toBe("");
});

test("B13: a step's name cannot move the cursor, and never wraps", () => {
  const written: string[] = [];
  const write = (text: string): void => void written.push(text);
  const listener = progressListener({ write, isTerminal: true, view: createView(40, false) });
  const step = `\u001b[2J\n${"x".repeat(100)}`;
  listener.onEvent({ at_ms: 0, type: "step.started", step, action: "a.b", tool: "t", digest: "d", input: {} });
  const line = onTerminal(written);
  expect(line).toMatch(/^1\/0 \\u001b\[2J\\nx+…$/);
  expect(line.length).toBeLessThan(40);
});
