// The inputs of a plan that is a template: what each may be, and the values that one run gives them.
// It must not know what the plan does with them.

import { z } from "zod";
import { closest } from "../contract/suggest.ts";
import type { JsonValue } from "../contract/types.ts";
import { child } from "../scope/document/pointer.ts";
import { quote } from "../scope/document/quote.ts";
import { ruled } from "../scope/document/shape.ts";
import type { Problem } from "../scope/document/types.ts";
import type { Params } from "./types.ts";

/** One input, as a plan declares it. */
export interface InputFile {
  readonly type: InputType;
  readonly default?: unknown;
  readonly one_of?: readonly (string | number)[] | undefined;
  readonly description?: string | undefined;
}

export type InputType = "string" | "integer" | "number" | "boolean" | "strings";

const INPUT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MOST_INPUTS = 100;
const MOST_TEXT = 1_000_000;

const FITS: Readonly<Record<InputType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  integer: Number.isSafeInteger,
  number: Number.isFinite,
  boolean: (value) => typeof value === "boolean",
  strings: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
};

const input = ruled(
  z.strictObject({
    type: ruled(
      z.enum(["string", "integer", "number", "boolean", "strings"]),
      '"string", "integer", "number", "boolean" or "strings"',
      '"string"',
    ),
    default: ruled(z.unknown(), "a value of the type", '"app.log"').optional(),
    one_of: ruled(
      z
        .array(z.union([z.string(), z.number()]))
        .min(1)
        .max(1000),
      "a list of at least one value",
      '["debug", "info"]',
    ).optional(),
    description: ruled(z.string().max(1000), "a text of at most 1000 characters", '"the log to read"').optional(),
  }),
  "an object with the type of an input",
  '{ "type": "string", "default": "app.log" }',
);

/** The schema of a plan's `inputs`. */
export const inputsSchema: z.ZodType<Readonly<Record<string, InputFile>>> = ruled(
  z.record(z.string().regex(INPUT_NAME), input).refine((all) => Object.keys(all).length <= MOST_INPUTS),
  `an object of at most ${MOST_INPUTS} inputs, by names of letters, digits and _`,
  '{ "log": { "type": "string" } }',
);

/** A command line gives text; for types that are not text, it is read as JSON. */
function fromText(type: InputType, value: unknown): unknown {
  if (type === "string" || typeof value !== "string" || value.length > MOST_TEXT) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value; // refused for its type
  }
}

/** The value of each input: what is given, else its default. What is wrong with them goes to `problems`. */
export function bindInputs(
  declared: Readonly<Record<string, InputFile>>,
  given: Readonly<Record<string, unknown>>,
  problems: Problem[],
): Params {
  const report = (name: string, message: string, hint: string): void => {
    problems.push({
      pointer: child("/inputs", name),
      on: "value",
      message: `the plan: the input ${quote(name)} ${message}`,
      hint,
    });
  };
  for (const name of Object.keys(given).filter((each) => !Object.hasOwn(declared, each))) {
    const near = closest(name, Object.keys(declared));
    const known = Object.keys(declared).join(", ") || "none";
    const hint = near === null ? `Leave it out; the inputs of the plan are: ${known}.` : `Did you mean "${near}"?`;
    problems.push({
      pointer: "",
      on: "value",
      message: `the plan has no input ${quote(name)}, and a value was given for it`,
      hint,
    });
  }
  const bound = Object.entries(declared).flatMap(([name, { type, one_of, default: fallback }]) => {
    const value = Object.hasOwn(given, name) ? fromText(type, given[name]) : fallback;
    if (value === undefined) {
      report(
        name,
        `(${type}) has no value`,
        `Give it one, with --input ${name}=... or as inputs of the call, or declare a default.`,
      );
      return [];
    }
    if (!FITS[type](value))
      report(name, `must be of type ${type}, and it is ${quote(value)}`, `Give it a value of type ${type}.`);
    const values = Array.isArray(value) ? value : [value];
    const outside = one_of === undefined ? undefined : values.find((one) => !one_of.includes(one));
    if (outside !== undefined)
      report(name, `must be one of ${one_of?.join(", ")}, and it is ${quote(outside)}`, "Give it one of these.");
    return [[name, value as JsonValue] as const];
  });
  return Object.fromEntries(bound);
}
