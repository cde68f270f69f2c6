// What agents have earned, and by which runs. It must not know how levels are earned.

import type { TrustEntry } from "../../index.ts";
import { type Cell, type Column, table } from "./table.ts";
import { counted } from "./text.ts";
import type { View } from "./view.ts";

const COLUMNS: readonly Column[] = [
  { title: "#", align: "right" },
  { title: "time" },
  { title: "agent", widest: 24 },
  { title: "scope", widest: 24 },
  { title: "plan", widest: 24 },
  { title: "run" },
  { title: "level", widest: 32 },
  { title: "why" },
];

const NOTHING = "no such run yet: it takes `glovebox run --agent NAME`, and a scope with trust levels";

const MOST_ENTRIES = 200;

/** Each run that counted, the oldest first, and the level of each agent after the last. */
export function renderTrust(view: View, entries: readonly TrustEntry[]): string {
  if (entries.length === 0) return `${NOTHING}\n`;
  const hidden = Math.max(0, entries.length - MOST_ENTRIES);
  const before = hidden === 0 ? [] : [view.paint("dim", `${counted(hidden, "older run")}; --json prints all`)];
  const now = standings(entries).map(
    ({ agent, scope, to, streak }) =>
      `${view.paint("bold", agent)} is ${view.paint("bold", to)} in ${scope}, with ${counted(streak, "clean run")} in a row there`,
  );
  return `${[...before, ...table(view, COLUMNS, entries.slice(hidden).map(row)), "", ...now].join("\n")}\n`;
}

function row({ sequence, at, agent, scope, plan_id, outcome, from, to, why }: TrustEntry): readonly Cell[] {
  return [
    { text: String(sequence), colour: "dim" },
    { text: at.slice(0, 19).replace("T", " ") },
    { text: agent },
    { text: scope },
    { text: plan_id },
    outcomeCell(outcome),
    { text: from === to ? to : `${from} -> ${to}` },
    { text: why },
  ];
}

function outcomeCell(outcome: TrustEntry["outcome"]): Cell {
  if (outcome === "clean") return { text: outcome, colour: "green" };
  return { text: outcome, colour: outcome === "failed" ? "yellow" : "red" };
}

/** The last entry of each agent in each scope, by name. */
function standings(entries: readonly TrustEntry[]): readonly TrustEntry[] {
  const last = new Map(entries.map((entry) => [JSON.stringify([entry.agent, entry.scope]), entry]));
  return [...last.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}
