// What a scope can be held to besides: the shape of a plan's constraints and of a trust level.
// It must not know what is left of a scope then.

import { z } from "zod";
import { SCOPE_LIMITS } from "../limits.ts";
import { actionPattern } from "./call-rules.ts";
import { ruled } from "./document/shape.ts";
import type { Constraints } from "./types.ts";

const MOST_PATTERNS = 1000;
const { ceiling: mostSeconds } = SCOPE_LIMITS.duration_seconds;

/** A time that something may take. */
export const seconds: z.ZodType<number> = ruled(
  z.number().positive().max(mostSeconds),
  `a number of seconds above 0 and up to ${mostSeconds}`,
  "30",
);

/** The fuel that something may use. */
export const fuel: z.ZodType<number> = ruled(
  z.int().min(1).max(SCOPE_LIMITS.fuel.ceiling),
  `a whole number from 1 to ${SCOPE_LIMITS.fuel.ceiling}`,
  "10000000",
);

/** A size that something may have. */
export const megabytes: z.ZodType<number> = ruled(z.number().positive(), "a number of MiB above 0", "10");

/** Patterns of actions. */
export const actionPatterns: z.ZodType<string[]> = ruled(
  z.array(actionPattern).max(MOST_PATTERNS),
  "a list of action names",
  '["file.read", "process.*"]',
);

/** The fields of `Constraints`, each of which may be left out. */
export const constraintFields: { readonly [name in keyof Constraints]-?: z.ZodType<Constraints[name]> } = {
  max_duration_seconds: seconds.optional(),
  allowed_actions: actionPatterns.optional(),
  network_access: ruled(z.boolean(), "true or false", "false").optional(),
  max_fuel: fuel.optional(),
  max_memory_mb: megabytes.optional(),
};
