// Columns that line up. It must not know what is in them.

import { cut, oneLine, textWidth } from "./text.ts";
import type { Colour, View } from "./view.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** At most so many columns of the terminal. */
  readonly widest?: number;
}

export interface Cell {
  readonly text: string;
  readonly colour?: Colour;
}

/** The lines of a table with a dim head, each cut at the view's width. Cells may hold any text. */
export function table(view: View, columns: readonly Column[], rows: readonly (readonly Cell[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => ({ ...cell, text: oneLine(cell.text) })));
  const heads = columns.map(({ title }): Cell => ({ text: title, colour: "dim" }));
  const widths = columns.map(({ widest = view.width }, at) => {
    const texts = [heads, ...cells].map((row) => textWidth(row[at]?.text ?? ""));
    return Math.min(widest, Math.max(...texts));
  });
  return [heads, ...cells].map((row) => tableLine(view, columns, widths, row));
}

function tableLine(view: View, columns: readonly Column[], widths: readonly number[], row: readonly Cell[]): string {
  let line = "";
  let left = view.width;
  for (const [at, column] of columns.entries()) {
    const { text = "", colour } = row[at] ?? {};
    const width = Math.min(widths[at] ?? 0, left);
    if (width <= 0) break;
    const shown = cut(text, width);
    const space = " ".repeat(width - textWidth(shown));
    const painted = colour === undefined ? shown : view.paint(colour, shown);
    line += column.align === "right" ? space + painted : painted + (at < columns.length - 1 ? space : "");
    if (at < columns.length - 1) line += "  ";
    left -= width + 2;
  }
  return line.trimEnd();
}
