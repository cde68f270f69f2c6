// What `glovebox doctor` prints for a person: a pure function from the protections to text.

import type { Protection } from "../../index.ts";
import { table } from "./table.ts";
import type { View } from "./view.ts";

/** One line for each protection, and what they come to. */
export function renderProtections(view: View, protections: readonly Protection[]): string {
  const rows = protections.map(({ name, holds, required, about }) => [
    { text: name },
    holds
      ? ({ text: "holds", colour: "green" } as const)
      : ({ text: required ? "FAILS" : "absent", colour: required ? "red" : "yellow" } as const),
    { text: about },
  ]);
  const failing = protections.filter(({ holds, required }) => required && !holds);
  const verdict =
    failing.length === 0
      ? "Tools run in a child process behind every wall that is promised."
      : `${failing.length} of the walls that are promised do not stand on this machine.`;
  const columns = [{ title: "protection" }, { title: "" }, { title: "what it means" }];
  return `${table(view, columns, rows).join("\n")}\n\n${verdict}\n`;
}
