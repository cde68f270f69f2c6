// What each step of a plan may reach, for a person: a pure function from its outline to text.

import type { PlanOutline, Reach, StepOutline } from "../../index.ts";
import { oneLine } from "./text.ts";
import type { View } from "./view.ts";

/** The steps from top to bottom, each with what it takes, where it may go, and how it is undone. */
export function renderOutline(view: View, { scope, steps, fuel, duration_seconds }: PlanOutline): string {
  const head = view.paint(
    "dim",
    `under the scope ${oneLine(scope)}: at most ${fuel} fuel and ${duration_seconds} s for the whole plan`,
  );
  const blocks = steps.map((step, index) => [
    title(view, step),
    ...details(view, step).map((line) => `${index === steps.length - 1 ? " " : "│"}   ${line}`),
  ]);
  return `${head}\n${blocks.flat().join("\n")}\n`;
}

function title(view: View, { id, action, effect, allowed }: StepOutline): string {
  const colour = effect === "irreversible" || effect === null ? "red" : effect === "compensable" ? "yellow" : "green";
  return `● ${view.paint("bold", oneLine(id))}  ${oneLine(action)}  ${view.paint(colour, effect ?? "no such action")}${allowed ? "" : view.paint("red", " ✘ not allowed")}`;
}

function details(view: View, step: StepOutline): string[] {
  const bounds = [
    ...(step.at_most === null ? [] : [`for each of at most ${step.at_most} items`]),
    ...(step.retries === 0 ? [] : [`up to ${step.retries} retries`]),
    ...(step.fuel === null ? [] : [`${step.fuel} fuel a call`]),
    ...(step.timeout_seconds === null ? [] : [`${step.timeout_seconds} s a call`]),
  ];
  return [
    ...(step.depends_on.length === 0 ? [] : [`after ${step.depends_on.map(oneLine).join(", ")}`]),
    ...(step.independent ? ["beside the other steps"] : []),
    ...(step.deferred ? ["when all others have succeeded, right before the commit"] : []),
    ...(step.when === null ? [] : [`only when ${oneLine(step.when.step)} ${step.when.status.replace("_", " ")}`]),
    ...(bounds.length === 0 ? [] : [bounds.join(", ")]),
    ...step.reaches.map((reach) => reachText(view, reach)),
    ...(step.compensation === null ? [] : [`taken back by ${oneLine(step.compensation)}`]),
    ...(step.on_error === "continue" ? ["the plan goes on when it fails"] : []),
  ];
}

function reachText(view: View, { use, target, allowed, flow }: Reach): string {
  const what = target === null ? "what a result says, checked then" : oneLine(target);
  const mark = allowed === null ? "?" : allowed ? view.paint("green", "✔") : view.paint("red", "✘ not granted");
  return `${use.padEnd(7)} ${what} ${mark}${flow === null ? "" : ` (${flow})`}`;
}
