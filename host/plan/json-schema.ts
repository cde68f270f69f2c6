// The shape of plan files as JSON Schema 2020-12, for editors and for models. It must not know which actions exist.

import { z } from "zod";
import { documentSchema, type SchemaDocument } from "../scope/json-schema.ts";
import { planSchema, stepSchema } from "./schema.ts";

/** The JSON Schema of plan files. */
export function planJsonSchema(): SchemaDocument {
  const steps = z.array(stepSchema).min(1);
  const whole = planSchema instanceof z.ZodObject ? planSchema.extend({ steps }) : planSchema;
  return documentSchema(whole, "plan.json", "Glovebox plan (glovebox/v1)");
}
