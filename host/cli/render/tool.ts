// What `glovebox tool inspect` prints for a person: a pure function from the inspection to text.

import type { Inspection } from "../../index.ts";
import { bytes, cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

type InspectedAction = Inspection["actions"][number];

const MOST_ENTRIES = 200;
const LONGEST_DESCRIPTION = 500;

/** Who the tool is, what it can reach, its actions, the types they mention, and what cannot be called. */
export function renderTool(view: View, tool: Inspection): string {
  const sections = [
    headLines(view, tool),
    ...tool.actions.slice(0, MOST_ENTRIES).map((action) => actionLines(view, action, tool.types)),
    listSection(
      view,
      "Types",
      Object.entries(tool.types).map(([name, shape]) => `${name} = ${shape}`),
    ),
    listSection(
      view,
      "Not callable",
      tool.skipped.map((one) => `${one.interface === null ? "" : `${one.interface} `}${one.function}: ${one.reason}`),
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function headLines(view: View, tool: Inspection): readonly string[] {
  const name = [tool.name, ...(tool.version === null ? [] : [tool.version])].join(" ");
  const title = tool.title === null ? "" : `  ${shown(tool.title)}`;
  return [
    view.paint("bold", shown(name)) + title,
    ...describe(tool.description).map((line) => `  ${line}`),
    field(view, "digest", tool.digest),
    field(view, "size", bytes(tool.bytes)),
    field(view, "can reach", tool.capabilities.length === 0 ? "nothing" : tool.capabilities.join(", ")),
    ...(tool.imports.length === 0 ? [] : [field(view, "imports", tool.imports.join(", "))]),
  ];
}

function actionLines(view: View, action: InspectedAction, types: Inspection["types"]): readonly string[] {
  const facts = [
    `effect: ${action.effect}`,
    ...(action.idempotent ? ["idempotent"] : []),
    ...(action.fuel === null ? [] : [`at most ${action.fuel} fuel`]),
    ...(action.max_execution_seconds === null ? [] : [`at most ${action.max_execution_seconds} s`]),
    ...(action.pipe === null ? [] : [`takes the previous result as ${action.pipe}`]),
    ...Object.entries(action.paths).map(([name, access]) => `${name} is a path to ${access}`),
    ...action.urls.map((name) => `${name} is a URL`),
  ];
  const [, error = ""] = action.signature.split(" ! ");
  const named = Object.hasOwn(types, error); // then its cases are below, once for all actions
  const title = action.title === null ? [] : [action.title];
  const texts = [...title, ...(action.description === null ? [] : [action.description])];
  return [
    view.paint("cyan", shown(action.signature)),
    ...describe(texts.length === 0 ? null : texts.join(": ")).map((line) => `  ${line}`),
    `  ${view.paint("dim", shown(facts.join(" · ")))}`,
    ...(action.errors.length === 0 || named
      ? []
      : [`  ${view.paint("dim", shown(`may fail: ${action.errors.join(", ")}`))}`]),
  ];
}

function listSection(view: View, title: string, entries: readonly string[]): readonly string[] {
  if (entries.length === 0) return [];
  return [view.paint("bold", title), ...entries.slice(0, MOST_ENTRIES).map((entry) => `  ${shown(entry)}`)];
}

function field(view: View, name: string, value: string): string {
  return `  ${view.paint("dim", name.padEnd(9))} ${shown(value)}`;
}

function describe(text: string | null): readonly string[] {
  return text === null ? [] : [cut(oneLine(text.trim()), LONGEST_DESCRIPTION)];
}

/** Written by the tool's author, who may be anyone: on one line, escaped and bounded. */
function shown(text: string): string {
  return cut(oneLine(text), 2 * LONGEST_DESCRIPTION);
}
