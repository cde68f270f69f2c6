// A result of an action as lines for a person: lists of lines as they are, grep's lines in grep's manner, records as a table.
// It goes by the shape of the value and must not know which action gave it.

import type { JsonValue } from "../../index.ts";
import { table } from "./table.ts";
import { amount, counted, cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

type JsonRecord = { readonly [key: string]: JsonValue };

interface NumberedLine {
  readonly number: number;
  readonly text: string;
  readonly matched: boolean;
}

/** The value as at most `most` lines, each cut at the view's width, and a line that counts what was left out. */
export function valueLines(view: View, value: JsonValue, most: number): readonly string[] {
  if (isList(value)) return listLines(view, value, most);
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const lines = text.split("\n");
  return limited(view, lines.length, most, (kept) => lines.slice(0, kept).map((line) => fitted(view, line)));
}

function listLines(view: View, list: readonly JsonValue[], most: number): readonly string[] {
  if (list.length === 0) return [view.paint("dim", "(nothing)")];
  return limited(view, list.length, most, (kept) => {
    const items = list.slice(0, kept);
    if (items.every((item) => typeof item === "string")) return items.map((line) => fitted(view, line));
    if (items.every(isNumberedLine)) return grepLines(view, items);
    if (items.every(isFlatRecord)) return recordLines(view, items);
    return items.map((item) => fitted(view, JSON.stringify(item)));
  });
}

function limited(
  view: View,
  total: number,
  most: number,
  show: (kept: number) => readonly string[],
): readonly string[] {
  if (total <= most) return show(total);
  return [...show(most), view.paint("dim", `… and ${counted(total - most, "more line")}; --json prints all`)];
}

/** `12:matched`, `13-context`, and `--` between groups that do not touch. */
function grepLines(view: View, lines: readonly NumberedLine[]): readonly string[] {
  const digits = String(Math.max(...lines.map(({ number }) => number))).length;
  return lines.flatMap(({ number, text, matched }, at) => {
    const label = String(number).padStart(digits);
    const shown = cut(oneLine(text), view.width - digits - 1);
    const line = matched
      ? `${view.paint("green", label)}:${view.paint("bold", shown)}`
      : `${view.paint("dim", `${label}-`)}${shown}`;
    const previous = lines[at - 1];
    const gap = previous !== undefined && number > previous.number + 1;
    return gap ? [view.paint("dim", "--"), line] : [line];
  });
}

function recordLines(view: View, records: readonly JsonRecord[]): readonly string[] {
  const keys = Object.keys(records[0] ?? {});
  const columns = keys.map((title) => {
    const numeric = records.every((record) => typeof record[title] === "number");
    return { title: oneLine(title), align: numeric ? ("right" as const) : ("left" as const), widest: 60 };
  });
  return table(
    view,
    columns,
    records.map((record) => keys.map((key) => ({ text: scalarText(record[key] ?? null) }))),
  );
}

function scalarText(value: JsonValue): string {
  if (typeof value === "number") return amount(value);
  return typeof value === "string" ? value : value === null ? "" : String(value);
}

function fitted(view: View, text: string): string {
  return cut(oneLine(text), view.width);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isRecord(value: JsonValue): value is JsonRecord {
  return typeof value === "object" && value !== null && !isList(value);
}

function isFlatRecord(value: JsonValue, _: number, all: readonly JsonValue[]): value is JsonRecord {
  const keys = (record: JsonRecord): string => Object.keys(record).join("\n");
  if (!isRecord(value) || !isRecord(all[0] ?? null)) return false;
  const flat = Object.values(value).every((field) => field === null || typeof field !== "object");
  return flat && keys(value) === keys(all[0] as JsonRecord);
}

function isNumberedLine(value: JsonValue): value is JsonRecord & NumberedLine {
  if (!isRecord(value) || Object.keys(value).length !== 3) return false;
  const { number, text, matched } = value;
  return typeof number === "number" && typeof text === "string" && typeof matched === "boolean";
}
