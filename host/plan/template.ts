// `${{ ... }}` in the strings of a plan: how it is written. It must not know what a reference leads to.

import type { JsonValue } from "../contract/types.ts";
import { quote } from "../scope/document/quote.ts";

/** A reference to a value that is known only when the plan runs. */
export interface Reference {
  /** As it is written, without the braces. */
  readonly text: string;
  /** The id of a step; null for what is not of another step: `step.output` and `step.input` in a compensation, `item`, `inputs.name`. */
  readonly step: string | null;
  readonly of: "output" | "input" | "item" | "inputs";
  readonly path: readonly (string | number)[];
}

/** A string of a plan, taken apart; a reference that is the only part keeps its type. */
export type Template = readonly (string | Reference)[];

export type TemplateReading =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly message: string; readonly hint: string };

const OPEN = "${{";
const CLOSE = "}}";
const GRAMMAR =
  /^(?:steps\.([A-Za-z0-9_-]+)\.(output)|step\.(output|input)|(item)|(inputs)(?=\.))((?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9]{1,9}\])*)$/;
// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how plans write references
const HINT = "Write ${{ steps.<id>.output }}, then .field or [index] as needed; write $${{ for the text ${{ itself.";

/** Whether a string holds anything that templates give a meaning to. */
export function isTemplate(text: string): boolean {
  return text.includes(OPEN);
}

/** Takes a string apart. `$${{` stands for the text `${{`. */
export function parseTemplate(text: string): TemplateReading {
  const parts: (string | Reference)[] = [];
  let literal = "";
  let at = 0;
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
    if (text[open - 1] === "$") {
      literal += text.slice(at, open - 1) + OPEN;
      at = open + OPEN.length;
      continue;
    }
    const close = text.indexOf(CLOSE, open);
    if (close < 0) return { ok: false, message: `a "${OPEN}" without its "${CLOSE}"`, hint: HINT };
    const reference = parseReference(text.slice(open + OPEN.length, close).trim());
    if (reference === null) {
      const written = quote(text.slice(open, close + CLOSE.length));
      return { ok: false, message: `${written}, which is not a reference`, hint: HINT };
    }
    literal += text.slice(at, open);
    if (literal !== "") parts.push(literal);
    parts.push(reference);
    literal = "";
    at = close + CLOSE.length;
  }
  literal += text.slice(at);
  if (literal !== "") parts.push(literal);
  return { ok: true, template: parts };
}

function parseReference(text: string): Reference | null {
  const match = text.length > 1000 ? null : GRAMMAR.exec(text);
  if (match === null) return null;
  const [, step = null, ofSteps, ofStep, item, inputs, accessors = ""] = match;
  const path = [...accessors.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
  return { text, step, of: (ofSteps ?? ofStep ?? item ?? inputs) as Reference["of"], path };
}

/** Text as a plan writes it: read as a template, it says the same and refers to nothing. */
export function escapeText(text: string): string {
  return text.replaceAll(OPEN, () => `$${OPEN}`);
}

/** What a string of a plan says, when it refers to nothing; null when it does, or cannot be read. */
export function literalText(text: string): string | null {
  if (!isTemplate(text)) return text;
  const reading = parseTemplate(text);
  if (!reading.ok || reading.template.some((part) => typeof part !== "string")) return null;
  return reading.template.join("");
}

/** The reference that a template consists of, when it is nothing else. */
export function soleReference(template: Template): Reference | null {
  const [only] = template;
  return template.length === 1 && only !== undefined && typeof only !== "string" ? only : null;
}

/** A string of a plan that holds a template, and where. */
export interface Hole {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** All templates in a value, in order. */
export function holesIn(value: JsonValue): readonly Hole[] {
  const holes: Hole[] = [];
  const path: (string | number)[] = [];
  const visit = (current: JsonValue): void => {
    if (typeof current === "string") {
      if (isTemplate(current)) holes.push({ path: [...path], text: current });
      return;
    }
    if (typeof current !== "object" || current === null) return;
    for (const [key, inner] of Object.entries(current)) {
      path.push(Array.isArray(current) ? Number(key) : key);
      visit(inner);
      path.pop();
    }
  };
  visit(value);
  return holes;
}

/** A copy of `value` in which `fill` replaced every string that holds a template. */
export function fillHoles(
  value: JsonValue,
  fill: (text: string, path: readonly (string | number)[]) => JsonValue,
): JsonValue {
  const path: (string | number)[] = [];
  const visit = (current: JsonValue): JsonValue => {
    if (typeof current === "string") return isTemplate(current) ? fill(current, path) : current;
    if (typeof current !== "object" || current === null) return current;
    const entries = Object.entries(current).map(([key, inner]) => {
      path.push(Array.isArray(current) ? Number(key) : key);
      const filled = visit(inner);
      path.pop();
      return [key, filled] as const;
    });
    return Array.isArray(current) ? entries.map(([, filled]) => filled) : Object.fromEntries(entries);
  };
  return visit(value);
}
