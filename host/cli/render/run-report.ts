// What `glovebox run` prints for a person: a pure function from the report to text.

import type { ErrorJson, RunReport, StepResult } from "../../index.ts";
import { changeLines, countedChanges } from "./changes.ts";
import { findingLines, hintLine } from "./findings.ts";
import { type Column, table } from "./table.ts";
import { amount, bytes, counted, cut, duration, oneLine } from "./text.ts";
import { valueLines } from "./value.ts";
import type { Colour, View } from "./view.ts";

/** Lines of output shown for the last step, whose output is what the plan was for, and for those before it. */
const LAST_STEP_LINES = 60;
const OTHER_STEP_LINES = 6;
const MOST_STEPS = 200;
const LONGEST_MESSAGE = 1000;

const STEP_COLUMNS: readonly Column[] = [
  { title: "STEP", widest: 24 },
  { title: "ACTION", widest: 40 },
  { title: "STATUS" },
  { title: "FUEL", align: "right" },
  { title: "TIME", align: "right" },
  { title: "MEMORY", align: "right" },
  { title: "CHANGES", align: "right" },
];

const STEP_COLOURS: Readonly<Record<StepResult["status"], Colour>> = {
  ran: "green",
  failed: "red",
  rolled_back: "yellow",
  not_run: "dim",
  unknown: "red",
};

/** The verdict, the steps, what each gave, what changed, and what it took. */
export function renderRun(view: View, report: RunReport): string {
  const sections = [verdictLines(view, report)];
  if (report.status === "rejected") {
    sections.push(
      findingLines(
        view,
        report.findings.filter(({ severity }) => severity === "error"),
      ),
    );
  } else {
    sections.push(stepTable(view, report.steps), ...report.steps.map((step) => outputSection(view, step, report)));
    sections.push(compensationSection(view, report), changeSection(view, report));
  }
  sections.push(totalLines(view, report));
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function verdictLines(view: View, report: RunReport): readonly string[] {
  const plan = view.paint("bold", oneLine(report.plan_id));
  switch (report.status) {
    case "completed":
      return [`${view.paint("green", report.dry_run ? "✔ completed (dry run)" : "✔ completed")}  ${plan}`];
    case "kept":
      return keptLines(view, report);
    case "rejected": {
      const problems = report.findings.filter(({ severity }) => severity === "error").length;
      return [`${view.paint("red", "✘ rejected")}  ${plan}: ${counted(problems, "problem")}; nothing was run`];
    }
    default: {
      const verdict = view.paint(report.status === "failed" ? "red" : "yellow", `✘ ${report.status}`);
      return [`${verdict}  ${plan}: ${rollbackText(report)}`, ...errorLines(view, report.error)];
    }
  }
}

function keptLines(view: View, { plan_id, run_id = "", error }: RunReport): readonly string[] {
  const id = oneLine(run_id);
  const plan = view.paint("bold", oneLine(plan_id));
  const rest = `${plan}: nothing is committed yet; the run is ${id}`;
  if (error?.code === "RUN_SUSPENDED")
    return [`${view.paint("yellow", "● waits")}  ${rest}`, ...errorLines(view, error)];
  return [
    `${view.paint("yellow", "● kept")}  ${rest}`,
    ...errorLines(view, error),
    hintLine(view, `glovebox commit ${id}, or glovebox discard ${id}`),
  ];
}

function rollbackText({ rollback }: RunReport): string {
  if (rollback === null) return "there was nothing to undo";
  if (rollback === "full") return "everything was rolled back, the files are as they were";
  return rollback === "partial" ? "only a part could be undone" : "nothing could be undone";
}

function errorLines(view: View, error: ErrorJson | undefined): readonly string[] {
  if (error === undefined) return [];
  const line = `  ${view.paint("red", oneLine(error.code))}  ${cut(oneLine(error.message), LONGEST_MESSAGE)}`;
  return error.hint === undefined ? [line] : [line, hintLine(view, error.hint)];
}

function stepTable(view: View, steps: readonly StepResult[]): readonly string[] {
  if (steps.length === 0) return [];
  const rows = steps.slice(0, MOST_STEPS).map((step) => {
    const idle = step.status === "not_run";
    const retried = step.attempts > 1 ? ` (${counted(step.attempts, "attempt")})` : "";
    return [
      { text: step.id },
      { text: step.action },
      { text: step.status.replace("_", " ") + retried, colour: STEP_COLOURS[step.status] },
      { text: idle ? "" : amount(step.resource_usage.fuel) },
      { text: idle ? "" : duration(step.duration_ms) },
      { text: idle ? "" : `${amount(step.resource_usage.memory_mb)} MiB` },
      { text: step.changes.length === 0 ? "" : String(step.changes.length) },
    ];
  });
  const hidden = steps.length - MOST_STEPS;
  const lines = table(view, STEP_COLUMNS, rows);
  return hidden > 0 ? [...lines, view.paint("dim", `… and ${counted(hidden, "more step")}`)] : lines;
}

function outputSection(view: View, step: StepResult, report: RunReport): readonly string[] {
  const { reason, error, output } = step;
  const lines = step.scope_violations.flatMap((violation) => errorLines(view, violation));
  // the verdict has told the error of the step that ended the run
  if (error !== undefined && report.error?.message.includes(error.message) !== true)
    lines.unshift(...errorLines(view, error));
  if (error === undefined && output !== undefined && output !== null) {
    const most = step === report.steps.at(-1) ? LAST_STEP_LINES : OTHER_STEP_LINES;
    const shown = valueLines({ ...view, width: view.width - 2 }, output, most);
    lines.unshift(...shown.map((line) => `  ${line}`));
  }
  if (reason !== undefined) lines.unshift(`  ${view.paint("dim", `reason: ${cut(oneLine(reason), LONGEST_MESSAGE)}`)}`);
  if (lines.length === 0) return [];
  return [`${view.paint("bold", oneLine(step.id))} ${view.paint("dim", oneLine(step.action))}`, ...lines];
}

function compensationSection(view: View, { compensations = [] }: RunReport): readonly string[] {
  if (compensations.length === 0) return [];
  const lines = compensations.slice(0, MOST_STEPS).flatMap(({ step, action, status, error }) => {
    const undone = view.paint(status === "ran" ? "green" : "red", status === "ran" ? "undone" : "not undone");
    return [`  ${undone}  step ${oneLine(step)}, by ${oneLine(action)}`, ...errorLines(view, error)];
  });
  return [view.paint("bold", "Compensations"), ...lines];
}

function changeSection(view: View, report: RunReport): readonly string[] {
  if (report.changes.length === 0) return [];
  const title = report.committed
    ? "Changed"
    : report.dry_run || report.status === "kept"
      ? "Would change"
      : "Not applied";
  return [view.paint("bold", `${title}: ${countedChanges(report.changes)}`), ...changeLines(view, report.changes)];
}

function totalLines(view: View, report: RunReport): readonly string[] {
  const { steps, fuel, duration_ms, resource_usage: usage, trace_id } = report;
  const ran = steps.filter(({ status }) => status !== "not_run").length;
  const parts = ran === 0 ? [] : [`${counted(ran, "step")} in ${duration(duration_ms)}`, `${amount(fuel)} fuel`];
  if (usage.io_operations > 0)
    parts.push(`${counted(usage.io_operations, "file operation")}, ${bytes(usage.io_bytes)}`);
  if (trace_id !== null) parts.push(`trace ${oneLine(trace_id)}`);
  return parts.length === 0 ? [] : [view.paint("dim", parts.join(" · "))];
}
