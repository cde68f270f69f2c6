// A WIT type as a zod schema, for those who compose schemas. Where calls run it is not loaded.
// It must not know plans or components.

import { z } from "zod";
import type { JsonValue, WitType } from "./types.ts";
import { checkValue } from "./validate.ts";

/** A zod schema that accepts exactly the values that fit. */
export function schemaOf(type: WitType): z.ZodType<JsonValue> {
  return z.custom<JsonValue>().superRefine((value, context) => {
    for (const problem of checkValue(type, value)) {
      context.addIssue({ code: "custom", message: problem.message, path: pathOf(problem.pointer) });
    }
  });
}

function pathOf(pointer: string): string[] {
  const [, ...steps] = pointer.split("/");
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
