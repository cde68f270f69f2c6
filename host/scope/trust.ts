// The trust levels of a scope: how they are written, and what is left of the scope at one of them. It can only get smaller.
// It must not know how agents earn them.

import { z } from "zod";
import { actionPatterns, constraintFields } from "./constraints.ts";
import { ruled } from "./document/shape.ts";
import type { Problem } from "./document/types.ts";
import { narrow } from "./narrow.ts";
import type { Constraints, Scope, TrustLevel } from "./types.ts";

/** A trust level as it is written. */
export interface TrustLevelEntry extends Constraints {
  readonly level: string;
  readonly after?: number | undefined;
  readonly approve?: readonly string[] | undefined;
}

const MOST_LEVELS = 20;

const trustLevel = ruled(
  z.strictObject({
    level: ruled(z.string().regex(/^[A-Za-z][\w-]{0,63}$/), "a name of letters, digits, - and _, at most 64", "known"),
    after: ruled(z.int().min(1).max(1_000_000), "a whole number of clean runs in a row", "10").optional(),
    approve: actionPatterns.optional(),
    ...constraintFields,
  }),
  "an object with a level, after how many clean runs it is earned, and what holds there",
  "{ level: known, after: 10, allowed_actions: [file.read] }",
);

/** The schema of a scope's `trust`. */
export const trustLevels: z.ZodType<readonly TrustLevelEntry[]> = ruled(
  z.array(trustLevel).min(1).max(MOST_LEVELS),
  `a list of 1 to ${MOST_LEVELS} levels, the lowest first`,
  "[{ level: new, allowed_actions: [file.read] }, { level: known, after: 10 }]",
);

/** What is wrong only when levels are seen together. */
export function trustProblems(entries: readonly TrustLevelEntry[]): readonly Problem[] {
  const names = new Set<string>();
  return entries.flatMap(({ level, after }, index) => {
    const pointer = `/trust/${index}`;
    const problems: Problem[] = [];
    if (names.has(level)) {
      const message = `the scope: trust has two levels named ${level}`;
      problems.push({ pointer: `${pointer}/level`, on: "value", message, hint: "Give one of them another name." });
    }
    names.add(level);
    if (index === 0 && after !== undefined) {
      const message = `the scope: the first level, ${level}, is where every agent begins, and has no "after"`;
      problems.push({ pointer: `${pointer}/after`, on: "value", message, hint: 'Remove "after".' });
    }
    if (index > 0 && after === undefined) {
      const message = `the scope: the level ${level} does not say after how many clean runs it is earned`;
      problems.push({ pointer, on: "value", message, hint: 'Add for example "after: 10".' });
    }
    return problems;
  });
}

/** The levels that entries describe. */
export function levelsOf(entries: readonly TrustLevelEntry[]): readonly TrustLevel[] {
  return entries.map(({ level, after = 0, approve = [], ...constraints }) => {
    return { name: level, after, approve, constraints };
  });
}

/** What the scope allows at one of its levels. */
export function atLevel(scope: Scope, { name, approve, constraints }: TrustLevel): Scope {
  const left = narrow(scope, constraints, `the trust level "${name}"`);
  return { ...left, approve: [...scope.approve, ...approve] };
}
