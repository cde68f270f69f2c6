// Puts values that are known before the run where references to them stand. What is put in stays text: it can never become a reference.
// It must not know where the values come from.

import type { JsonValue } from "../contract/types.ts";
import { escapeText, fillHoles, holesIn, parseTemplate, type Reference, soleReference } from "./template.ts";

/** A value that a reference has; undefined where it is not known yet. */
export type Known = (reference: Reference) => JsonValue | undefined;

/** A copy of `value` in which references that are known are replaced. `refuse` is told of values that cannot stand where they are asked for. */
export function substitute(
  value: JsonValue,
  known: Known,
  refuse: (reference: Reference, why: string) => void,
): JsonValue {
  if (holesIn(value).length === 0) return value;
  return fillHoles(value, (text) => {
    const reading = parseTemplate(text);
    if (!reading.ok) return text; // reported where it is checked
    const sole = soleReference(reading.template);
    if (sole !== null) {
      const found = known(sole);
      return found === undefined ? text : escaped(found);
    }
    return rewritten(reading.template, known, refuse);
  });
}

/** The template as text again: runs of text and known values are joined first, so that no two of them make a reference together. */
function rewritten(
  template: readonly (string | Reference)[],
  known: Known,
  refuse: (reference: Reference, why: string) => void,
): string {
  let out = "";
  let run = "";
  for (const part of template) {
    const found = typeof part === "string" ? part : known(part);
    if (found !== undefined) {
      if (typeof found === "object" && typeof part !== "string")
        refuse(part, "a list or an object cannot be put into text");
      else run += String(found);
      continue;
    }
    const reference = part as Reference;
    if (run.endsWith("$")) refuse(reference, 'a "$" in front of it would make text of it');
    out += `${escapeText(run)}\${{ ${reference.text} }}`;
    run = "";
  }
  return out + escapeText(run);
}

function escaped(value: JsonValue): JsonValue {
  if (typeof value === "string") return escapeText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(escaped);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner as JsonValue)]));
}

/** Where a path leads in a value; undefined when there is nothing. */
export function valueAt(root: JsonValue, path: readonly (string | number)[]): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const segment of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string | number, JsonValue>>)[segment];
  }
  return value;
}
