// What `glovebox runs` and `glovebox diff` print for a person: pure functions from what is kept to text.

import type { KeptRun, RunSummary } from "../../index.ts";
import { changeLines, countedChanges } from "./changes.ts";
import { type Column, table } from "./table.ts";
import { counted, oneLine } from "./text.ts";
import type { Colour, View } from "./view.ts";

const MOST_RUNS = 200;

const COLUMNS: readonly Column[] = [
  { title: "RUN" },
  { title: "STATE" },
  { title: "PLAN", widest: 40 },
  { title: "BEGUN" },
  { title: "WORKSPACE" },
];

const COLOURS: Readonly<Record<RunSummary["state"], Colour>> = {
  running: "cyan",
  kept: "yellow",
  committing: "red",
  committed: "red",
  interrupted: "red",
  damaged: "red",
  completed: "green",
  failed: "dim",
  cancelled: "dim",
  rejected: "dim",
};

/** One line for each run, and what to do about those that wait. */
export function renderRuns(view: View, runs: readonly RunSummary[]): string {
  if (runs.length === 0) return "no runs are kept\n";
  const rows = runs.slice(0, MOST_RUNS).map(({ run_id, state, plan_id, created_at, workspace, rollback }) => [
    { text: run_id },
    {
      text: left(rollback) ? `${state}, rollback ${rollback}` : state,
      colour: left(rollback) ? "red" : COLOURS[state],
    } as const,
    { text: plan_id },
    { text: created_at.slice(0, 19).replace("T", " ") },
    { text: workspace },
  ]);
  const hidden = runs.length - MOST_RUNS;
  const more = hidden > 0 ? [view.paint("dim", `… and ${counted(hidden, "more run")}`)] : [];
  return `${[...table(view, COLUMNS, rows), ...more, ...advice(view, runs)].join("\n")}\n`;
}

/** Whether something could not be undone. */
function left(rollback: RunSummary["rollback"]): boolean {
  return rollback === "partial" || rollback === "none";
}

function advice(view: View, runs: readonly RunSummary[]): readonly string[] {
  const has = (...states: RunSummary["state"][]): boolean => runs.some(({ state }) => states.includes(state));
  const lines = [
    ...(has("kept") ? ["kept: see `glovebox diff RUN`, then `glovebox commit RUN` or `glovebox discard RUN`"] : []),
    ...(has("interrupted", "committing", "committed")
      ? ["interrupted: `glovebox recover` takes back what they did"]
      : []),
  ];
  return lines.length === 0 ? [] : ["", ...lines.map((line) => view.paint("dim", line))];
}

/** What a run would change, or has changed. */
export function renderDiff(view: View, { run_id, state, plan_id, report }: KeptRun): string {
  const head = `${view.paint("bold", oneLine(plan_id))} ${view.paint("dim", `${run_id}, ${state}`)}`;
  if (report === null) return `${head}\nits process died before it could say what it would change\n`;
  const { changes } = report;
  if (changes.length === 0) return `${head}\n${state === "kept" ? "it would change" : "it changed"} no files\n`;
  const title = state === "kept" ? "Would change" : "Changed";
  return `${[head, view.paint("bold", `${title}: ${countedChanges(changes)}`), ...changeLines(view, changes)].join("\n")}\n`;
}
