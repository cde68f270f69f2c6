// Checks data against a schema, and says each thing that is wrong as a problem: where, the rule, an example.
// It must not know what the schema is of.

import { z } from "zod";
import { closest } from "../../contract/suggest.ts";
import type { JsonValue } from "../../contract/types.ts";
import { child, pointerOf } from "./pointer.ts";
import { quote } from "./quote.ts";
import type { Problem } from "./types.ts";

/** Gives a schema the words that its problems use: `rule` completes "must be ...", `example` is a value as one would write it. */
export function ruled<T extends z.ZodType>(schema: T, rule: string, example: string): T {
  return schema.meta({ description: rule, examples: [example] });
}

export type Shaped<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `value` as what `schema` says, or everything that is wrong with it. `what` names it in messages: `the plan`, `step 2`. */
export function shape<T>(schema: z.ZodType<T>, value: JsonValue, pointer: string, what: string): Shaped<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, { schema, value, pointer, what }));
  return { ok: false, problems: distinct(problems) };
}

/** A value can break one rule in two ways, as a number that is too large and not whole; the rule is said once. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.pointer} ${problem.message}`, problem])).values()];
}

/** More unknown keys than this in one object are not listed. */
const SHOWN_KEYS = 100;

interface Subject {
  readonly schema: z.ZodType;
  readonly value: JsonValue;
  readonly pointer: string;
  readonly what: string;
}

function problemsOf(issue: z.core.$ZodIssue, subject: Subject): Problem[] {
  const at = subject.pointer + pointerOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(subject.schema, issue.path);
    return issue.keys.slice(0, SHOWN_KEYS).map((key) => unknownKey(key, known, at, pathText(subject.what, issue.path)));
  }
  const { rule, example } = wordsFor(subject.schema, issue.path);
  const found = valueAt(subject.value, issue.path);
  const name = issue.path.at(-1);
  if (found === undefined && typeof name === "string") {
    const holder = pathText(subject.what, issue.path.slice(0, -1));
    const message = `${holder} has no "${name}", which must be ${rule}`;
    const holderPointer = subject.pointer + pointerOf(issue.path.slice(0, -1));
    return [{ pointer: holderPointer, on: "value", message, hint: `Add "${name}", for example ${example}.` }];
  }
  const message = `${pathText(subject.what, issue.path)} must be ${rule}, and it is ${quote(found)}`;
  return [{ pointer: at, on: "value", message, hint: `Write for example ${example}.` }];
}

/** What is said of a key that nothing knows. */
function unknownKey(key: string, known: readonly string[], pointer: string, holder: string): Problem {
  const near = closest(key, known);
  const hint = near === null ? `Remove it; the keys known here are ${known.join(", ")}.` : `Did you mean "${near}"?`;
  return { pointer: child(pointer, key), on: "key", message: `${holder} has an unknown key ${quote(key)}`, hint };
}

function pathText(what: string, path: readonly PropertyKey[]): string {
  const text = path.map((segment) => (typeof segment === "number" ? `[${segment}]` : `.${String(segment)}`)).join("");
  return text === "" ? what : `${what}: ${text.replace(/^\./, "")}`;
}

function valueAt(value: JsonValue, path: readonly PropertyKey[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const segment of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Readonly<Record<PropertyKey, JsonValue>>)[segment];
  }
  return current;
}

/** The nearest rule and example on the way to `path`. */
function wordsFor(
  schema: z.ZodType,
  path: readonly PropertyKey[],
): { readonly rule: string; readonly example: string } {
  const metas = schemasAt(schema, path).map((level) => level.meta());
  const meta = metas.findLast((candidate) => candidate?.description !== undefined);
  return { rule: meta?.description ?? "something else", example: exampleOf(meta) };
}

function exampleOf(meta: z.core.GlobalMeta | undefined): string {
  const examples: unknown = meta?.examples;
  return Array.isArray(examples) && examples.length > 0 ? String(examples[0]) : "another value";
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const object = schemasAt(schema, path).findLast((level) => level instanceof z.ZodObject);
  return object === undefined ? [] : Object.keys(object.shape);
}

/** The schemas passed on the way down `path`, wrappers included; the last is the one of the place itself. */
function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  const passed = unwrapped(schema);
  for (const segment of path) {
    const holder = passed.at(-1);
    if (holder instanceof z.ZodObject) passed.push(...unwrapped(holder.shape[String(segment)]));
    else if (holder instanceof z.ZodArray) passed.push(...unwrapped(holder.element as z.ZodType));
    else if (holder instanceof z.ZodRecord) passed.push(...unwrapped(holder.valueType as z.ZodType));
  }
  return passed;
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType[] {
  const levels: z.ZodType[] = [];
  let level = schema;
  while (level !== undefined) {
    levels.push(level);
    level = level instanceof z.ZodOptional || level instanceof z.ZodDefault ? (level.unwrap() as z.ZodType) : undefined;
  }
  return levels;
}
