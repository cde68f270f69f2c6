// Puts values where references stand. Only the plan's own text is read for references: a value that is put in stays data, whatever it looks like.

import type { JsonValue } from "../../contract/types.ts";
import { GloveboxError } from "../../errors.ts";
import { quote } from "../../scope/document/quote.ts";
import { fillHoles, parseTemplate, type Reference, soleReference } from "../template.ts";
import type { Params } from "../types.ts";

/** What references may refer to. */
export interface Values {
  readonly outputs: ReadonlyMap<string, JsonValue>;
  /** In a step with for_each: the item of this call. */
  readonly item?: JsonValue;
  /** For compensations: the call that is taken back; its output is undefined when the answer was lost. */
  readonly own?: { readonly input: Params; readonly output: JsonValue | undefined };
}

/** The params with all references replaced. Errors: REFERENCE_INVALID when there is no such value. */
export function resolveParams(params: Params, values: Values): Params {
  return fillHoles(params as JsonValue, (text) => fill(text, values)) as Params;
}

function fill(text: string, values: Values): JsonValue {
  const reading = parseTemplate(text);
  if (!reading.ok) throw new GloveboxError("REFERENCE_INVALID", `the plan has ${reading.message}`);
  const sole = soleReference(reading.template);
  if (sole !== null) return lookUp(sole, values);
  return reading.template
    .map((part) => (typeof part === "string" ? part : asText(part, lookUp(part, values))))
    .join("");
}

function lookUp(reference: Reference, values: Values): JsonValue {
  const root = rootOf(reference, values);
  if (root === undefined) throw missing(reference, "that step gave no result");
  let value: JsonValue = root as JsonValue;
  for (const segment of reference.path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment))
      throw missing(reference, `the value before ${quote(segment)} is ${quote(value)}`);
    value = (value as Readonly<Record<string | number, JsonValue>>)[segment] ?? null;
  }
  return value;
}

function rootOf({ step, of }: Reference, { outputs, own, item }: Values): JsonValue | undefined {
  if (step !== null) return outputs.get(step);
  if (of === "item") return item;
  return of === "inputs" ? undefined : own?.[of];
}

function asText(reference: Reference, value: JsonValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw missing(reference, `${quote(value)} cannot be put into text`);
}

function missing(reference: Reference, why: string): GloveboxError {
  const message = `\${{ ${reference.text} }} has no value: ${why}`;
  return new GloveboxError("REFERENCE_INVALID", message, { data: { reference: reference.text } });
}
