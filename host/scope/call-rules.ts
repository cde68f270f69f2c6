// What a scope says about the calls of an action: how it is written, and whether a call keeps to it.
// It must not know plans or tools.

import { RE2JS } from "re2js";
import { z } from "zod";
import type { JsonValue } from "../contract/types.ts";
import { actionMatches } from "./actions.ts";
import { quote } from "./document/quote.ts";
import { ruled } from "./document/shape.ts";
import type { CallRule, Scope, ValueRule } from "./types.ts";

/** An entry of a scope's `actions`: a name, or a name with what its calls must be like. */
export type ActionEntry = string | ActionRuleEntry;

export interface ActionRuleEntry {
  readonly action: string;
  readonly params?: Readonly<Record<string, ValueRule>> | undefined;
  readonly max_calls?: number | undefined;
  readonly irreversible?: "consent" | undefined;
}

/** A pattern for action names, as scopes and plans write it. */
export const actionPattern: z.ZodType<string> = ruled(
  z.string().regex(/^(?=.{1,200}$)(?:[A-Za-z0-9_*-]+\/(?!$))?(?:[A-Za-z0-9_.-]*\*){0,4}[A-Za-z0-9_.-]*$/),
  'the name of an action, in which "*" stands for any characters on one side of the "/"',
  '"file.read", "process.*" or "acme/*"',
);

const number = ruled(z.number(), "a number", "100");
const scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);

const valueRule = ruled(
  z
    .strictObject({
      at_least: number.optional(),
      at_most: number.optional(),
      one_of: ruled(z.array(scalar).min(1).max(1000), "a list of values", "[info, debug]").optional(),
      prefix: ruled(z.string().min(1).max(4096), "a text", "/project/reports/").optional(),
      matches: ruled(
        z
          .string()
          .max(1000)
          .refine((pattern) => compiled(pattern) !== null),
        "a regular expression in RE2's syntax (no back-references, no look-around)",
        "'[a-z]+@example\\.com'",
      ).optional(),
    })
    .refine((rule) => Object.keys(rule).length > 0),
  "an object with at_least, at_most, one_of, prefix or matches",
  "{ at_most: 100 }",
);

const actionRule = z.strictObject({
  action: actionPattern,
  params: ruled(
    z.record(z.string().regex(/^[A-Za-z_]\w{0,199}$/), valueRule),
    "an object of rules, by parameter",
    "{ to: { one_of: [ops@example.com] } }",
  ).optional(),
  max_calls: ruled(z.int().min(1).max(1_000_000), "a whole number from 1 to 1000000", "3").optional(),
  irreversible: ruled(z.literal("consent"), '"consent"', "consent").optional(),
});

/** The schema of an entry of a scope's `actions`. */
export const actionEntry: z.ZodType<ActionEntry> = ruled(
  z.union([actionPattern, actionRule]),
  'the name of an action, in which "*" stands for any characters on one side of the "/", or an object with action, params, max_calls and irreversible',
  '"file.read", or { action: mail.send, max_calls: 3, params: { to: { one_of: [ops@example.com] } } }',
);

/** The rules that the entries of `actions` hold. */
export function callRules(entries: readonly ActionEntry[]): readonly CallRule[] {
  return entries.flatMap((entry) => {
    if (typeof entry === "string") return [];
    const { action, params = {}, max_calls = null, irreversible } = entry;
    return [{ pattern: action, params, maxCalls: max_calls, consent: irreversible === "consent" }];
  });
}

/** The rules of a scope about one action. */
export function rulesFor(scope: Scope, action: string): readonly CallRule[] {
  return scope.calls.filter(({ pattern }) => actionMatches(pattern, action));
}

/** How a value breaks a rule, to complete "must ..."; null when it keeps to it. */
export function ruleBroken(rule: ValueRule, value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return `be given, and ${ruleText(rule)}`;
  const values = Array.isArray(value) ? (value as readonly JsonValue[]) : [value as JsonValue];
  return values.every((one) => keeps(rule, one)) ? null : ruleText(rule);
}

function keeps({ at_least, at_most, one_of, prefix, matches }: ValueRule, value: JsonValue): boolean {
  if (typeof value === "object" && value !== null) return false;
  const amount = typeof value === "string" && /^-?[0-9]{1,20}$/.test(value) ? Number(value) : value;
  const isNumber = typeof amount === "number";
  if (at_least !== undefined && !(isNumber && amount >= at_least)) return false;
  if (at_most !== undefined && !(isNumber && amount <= at_most)) return false;
  if (one_of !== undefined && !one_of.some((one) => one === value)) return false;
  if (prefix !== undefined && !(typeof value === "string" && startsWithin(value, prefix))) return false;
  return matches === undefined || (typeof value === "string" && compiled(matches)?.matches(value) === true);
}

/** A prefix means nothing for a text that climbs out of it again. */
function startsWithin(text: string, prefix: string): boolean {
  return text.startsWith(prefix) && !text.split(/[/\\]/).includes("..");
}

function ruleText({ at_least, at_most, one_of, prefix, matches }: ValueRule): string {
  const parts = [
    ...(at_least === undefined ? [] : [`be at least ${at_least}`]),
    ...(at_most === undefined ? [] : [`be at most ${at_most}`]),
    ...(one_of === undefined ? [] : [`be one of ${one_of.slice(0, 10).map(quote).join(", ")}`]),
    ...(prefix === undefined ? [] : [`start with ${quote(prefix)} and not contain ".."`]),
    ...(matches === undefined ? [] : [`match ${quote(matches)}`]),
  ];
  return parts.join(" and ");
}

/** Linear in the text whatever the pattern is; null when RE2 does not take it. */
function compiled(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return null;
  }
}
