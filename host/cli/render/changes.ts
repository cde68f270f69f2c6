// What a run changed, as a list of files with their coloured diffs. It must not know whether it was committed.

import type { FileChange } from "../../index.ts";
import { bytes, counted, cut, oneLine } from "./text.ts";
import type { Colour, View } from "./view.ts";

const MOST_CHANGES = 50;
const MOST_DIFF_LINES = 60;

const MARKS: Readonly<Record<FileChange["kind"], readonly [mark: string, colour: Colour]>> = {
  added: ["A", "green"],
  modified: ["M", "yellow"],
  deleted: ["D", "red"],
  renamed: ["R", "cyan"],
  metadata: ["m", "yellow"],
};

/** How many files and how many directories changes are about: `3 files, 1 directory`. */
export function countedChanges(changes: readonly FileChange[]): string {
  const directories = changes.filter(({ type }) => type === "directory").length;
  const files = changes.length - directories;
  const parts = [
    ...(files === 0 && directories > 0 ? [] : [counted(files, "file")]),
    ...(directories === 0 ? [] : [directories === 1 ? "1 directory" : `${directories} directories`]),
  ];
  return parts.join(", ");
}

/** One line for each change and its diff below it, cut with a count. */
export function changeLines(view: View, changes: readonly FileChange[]): readonly string[] {
  const shown = changes
    .slice(0, MOST_CHANGES)
    .flatMap((change) => [changeLine(view, change), ...diffLines(view, change)]);
  const hidden = changes.length - MOST_CHANGES;
  return hidden > 0 ? [...shown, view.paint("dim", `… and ${counted(hidden, "more change")}`)] : shown;
}

function changeLine(view: View, { kind, type, path, from, size }: FileChange): string {
  const [mark, colour] = MARKS[kind];
  const name = oneLine(from === undefined ? path : `${from} -> ${path}`) + (type === "directory" ? "/" : "");
  const facts = [kind, ...(size === undefined || type !== "file" ? [] : [bytes(size)])].join(", ");
  return `${view.paint(colour, mark)} ${cut(name, view.width - 30)} ${view.paint("dim", `(${facts})`)}`;
}

function diffLines(view: View, { diff }: FileChange): readonly string[] {
  if (diff === undefined) return [];
  const all = diff.replace(/\n$/, "").split("\n");
  const lines = all.slice(
    Math.max(
      0,
      all.findIndex((line) => line.startsWith("@@")),
    ),
  );
  const shown = lines.slice(0, MOST_DIFF_LINES).map((line) => `  ${diffLine(view, line)}`);
  const hidden = lines.length - MOST_DIFF_LINES;
  return hidden > 0 ? [...shown, view.paint("dim", `  … and ${counted(hidden, "more line")}`)] : shown;
}

function diffLine(view: View, line: string): string {
  const shown = cut(oneLine(line), view.width - 2);
  if (line.startsWith("@@")) return view.paint("cyan", shown);
  if (line.startsWith("+")) return view.paint("green", shown);
  return line.startsWith("-") ? view.paint("red", shown) : shown;
}
