// WIT types -> JSON Schema 2020-12, for models and other clients that speak it. It accepts what `checkValue` accepts.
// It must not know who reads it.

import { snakeCase } from "./names.ts";
import { BIG_INTEGERS, type BigInteger, SMALL_INTEGERS, type SmallInteger } from "./numbers.ts";
import type { Action, WitType } from "./types.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

/** The schema of one value, self-contained. */
export function jsonSchema(type: WitType): JsonSchema {
  switch (type.kind) {
    case "bool":
      return { type: "boolean" };
    case "string":
      return { type: "string" };
    case "char":
      return { type: "string", minLength: 1, maxLength: 1 };
    case "f32":
    case "f64":
      return { anyOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity"] }] };
    case "u64":
    case "s64":
      return bigSchema(type.kind);
    case "list":
      return listSchema(type.element);
    case "option":
      return { anyOf: [optionSchema(type.value), { type: "null" }] };
    case "tuple":
      return {
        type: "array",
        prefixItems: type.elements.map(jsonSchema),
        items: false,
        minItems: type.elements.length,
      };
    case "result":
      return { oneOf: [caseSchema("ok", type.ok ?? null), caseSchema("err", type.err ?? null)] };
    case "record":
      return titled(type.name, fieldsSchema(type.fields));
    case "variant":
      return titled(type.name, { oneOf: type.cases.map((one) => variantCase(one.name, one.type)) });
    case "enum":
      return titled(type.name, { enum: type.cases.map(snakeCase) });
    case "flags":
      return titled(type.name, { type: "array", items: { enum: type.flags.map(snakeCase) }, uniqueItems: true });
    case "handle":
      return { not: {}, description: `a handle of ${type.resource} cannot be written as data` };
    default:
      return smallSchema(type.kind);
  }
}

/** The schemas of what an action takes (always an object) and gives. */
export function actionSchemas(action: Pick<Action, "parameters" | "output" | "error">): {
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly error: JsonSchema;
} {
  const $schema = "https://json-schema.org/draft/2020-12/schema";
  const schemaOf = (type: WitType | null): JsonSchema => ({ $schema, ...(type ? jsonSchema(type) : { type: "null" }) });
  return {
    input: { $schema, ...fieldsSchema(action.parameters) },
    output: schemaOf(action.output),
    error: schemaOf(action.error),
  };
}

function smallSchema(kind: SmallInteger): JsonSchema {
  const [minimum, maximum] = SMALL_INTEGERS[kind];
  return { type: "integer", minimum, maximum };
}

function bigSchema(kind: BigInteger): JsonSchema {
  const [least] = BIG_INTEGERS[kind];
  const minimum = least === 0n ? 0 : Number.MIN_SAFE_INTEGER;
  const pattern = least === 0n ? "^(0|[1-9][0-9]{0,19})$" : "^(0|-?[1-9][0-9]{0,18})$";
  return {
    description: `${kind}: a string of digits when beyond 2^53`,
    anyOf: [
      { type: "integer", minimum, maximum: Number.MAX_SAFE_INTEGER },
      { type: "string", pattern },
    ],
  };
}

function listSchema(element: WitType): JsonSchema {
  const items = { type: "array", items: jsonSchema(element) };
  if (element.kind !== "u8") return items;
  return { anyOf: [{ type: "string", contentEncoding: "base64" }, items] };
}

function optionSchema(value: WitType): JsonSchema {
  return value.kind === "option" ? objectSchema({ some: jsonSchema(value) }, ["some"]) : jsonSchema(value);
}

function fieldsSchema(fields: readonly { readonly name: string; readonly type: WitType }[]): JsonSchema {
  const properties = Object.fromEntries(fields.map(({ name, type }) => [snakeCase(name), jsonSchema(type)]));
  const required = fields.filter(({ type }) => type.kind !== "option").map(({ name }) => snakeCase(name));
  return objectSchema(properties, required);
}

function objectSchema(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

function variantCase(name: string, type: WitType | null): JsonSchema {
  return type === null ? { const: snakeCase(name) } : caseSchema(snakeCase(name), type);
}

function caseSchema(key: string, type: WitType | null): JsonSchema {
  return objectSchema({ [key]: type === null ? { type: "null" } : jsonSchema(type) }, [key]);
}

function titled(name: string | null, schema: JsonSchema): JsonSchema {
  return name === null ? schema : { title: name, ...schema };
}
