// The shapes of scope files as JSON Schema 2020-12, for editors. What needs more than one value to judge is left to the parser.
// It must not know who reads it.

import { z } from "zod";
import { scopeSchema } from "./schema.ts";

/** A JSON Schema, as data. */
export type SchemaDocument = Readonly<Record<string, unknown>>;

/** YAML 1.2 reads `10_000_000` as text, and scopes take it as a number. */
const GROUPED_NUMBER = { type: "string", pattern: "^-?[0-9]{1,3}(_[0-9]{3})+$" } as const;

/** The JSON Schema of a zod schema, with numbers as YAML may write them. */
export function documentSchema(schema: z.ZodType, id: string, title: string): SchemaDocument {
  const body = z.toJSONSchema(schema, { io: "input", override: ({ jsonSchema }) => allowGrouping(jsonSchema) });
  const { $schema, ...rest } = body;
  return { $schema, $id: `urn:glovebox:v1:${id}`, title, ...rest };
}

function allowGrouping(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.type !== "integer" && schema.type !== "number") return;
  const { description, examples, ...number } = schema;
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, { anyOf: [number, { ...GROUPED_NUMBER }] });
  if (description !== undefined) schema.description = description;
  if (examples !== undefined) schema.examples = examples;
}

/** The JSON Schema of scope files. */
export function scopeJsonSchema(): SchemaDocument {
  return documentSchema(scopeSchema, "scope.json", "Glovebox scope (glovebox/v1)");
}
