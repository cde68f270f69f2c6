// What a command-line program is as an action: a component that exports `wasi:cli/run` has one, with these types.
// A leaf: it must not know how a program is run.

import type { Parameter, WitType } from "./types.ts";

const STRING: WitType = { kind: "string" };
const optional = (value: WitType): WitType => ({ kind: "option", value });

const EXITED: WitType = {
  kind: "record",
  name: "command-result",
  fields: [
    { name: "stdout", type: STRING },
    { name: "stderr", type: STRING },
    { name: "exit-code", type: { kind: "u32" } },
  ],
};

/**
 * The types of `<tool>.run`. `directory` is a granted path that relative paths of the program start at; `accept` are exit codes besides 0
 * that mean success. Output that is not UTF-8 is shown with U+FFFD.
 */
export const COMMAND: {
  readonly parameters: readonly Parameter[];
  readonly output: WitType;
  readonly error: WitType;
  readonly fallible: true;
  readonly paths: Readonly<Record<string, "read">>;
} = {
  parameters: [
    { name: "args", type: optional({ kind: "list", element: STRING }) },
    { name: "stdin", type: optional(STRING) },
    { name: "directory", type: optional(STRING) },
    { name: "accept", type: optional({ kind: "list", element: { kind: "u32" } }) },
  ],
  output: EXITED,
  error: {
    kind: "variant",
    name: "command-error",
    cases: [
      { name: "exited", type: EXITED },
      { name: "no-directory", type: STRING },
    ],
  },
  fallible: true,
  paths: { directory: "read" },
};

/** Whether an export is the entry of a command-line program. */
export function isCommand(exported: { readonly interface: string | null; readonly function: string }): boolean {
  return exported.function === "run" && /^wasi:cli\/run@0\.2\.\d{1,6}$/.test(exported.interface ?? "");
}
