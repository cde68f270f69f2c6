// How a document is shown: with which colours, and how wide. It must not know what is shown, nor where.

import { styleText } from "node:util";

export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export interface View {
  /** Columns of the terminal. */
  readonly width: number;
  /** Puts a colour around text that was made printable before. */
  readonly paint: (colour: Colour | readonly Colour[], text: string) => string;
}

/** A view with ANSI colours, or without any. */
export function createView(width: number, colours: boolean): View {
  return {
    width: Math.max(40, width),
    paint: (colour, text) => {
      if (!colours || text === "") return text;
      return styleText(typeof colour === "string" ? colour : [...colour], text, { validateStream: false });
    },
  };
}
