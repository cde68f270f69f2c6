// WIT types -> TypeScript, as declarations that describe plans' values (snake_case, JSON), for people who write plans in code.
// It must not know who reads it.

import { camelCase, snakeCase } from "./names.ts";
import type { Action, WitType } from "./types.ts";

/** The TypeScript type of the JSON value. */
export function typescriptType(type: WitType): string {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "string":
    case "char":
      return "string";
    case "f32":
    case "f64":
      return 'number | "NaN" | "Infinity" | "-Infinity"';
    case "u64":
    case "s64":
      return "number | string";
    case "list":
      return type.element.kind === "u8" ? "string | number[]" : `${grouped(type.element)}[]`;
    case "option":
      return type.value.kind === "option"
        ? `{ some: ${typescriptType(type.value)} } | null`
        : `${typescriptType(type.value)} | null`;
    case "tuple":
      return `[${type.elements.map(typescriptType).join(", ")}]`;
    case "result":
      return `{ ok: ${payload(type.ok)} } | { err: ${payload(type.err)} }`;
    case "record":
      return fieldsType(type.fields);
    case "variant":
      return type.cases.map((one) => caseType(one.name, one.type)).join(" | ");
    case "enum":
      return type.cases.map(quoted).join(" | ");
    case "flags":
      return `(${type.flags.map(quoted).join(" | ")})[]`;
    case "handle":
      return "never";
    default:
      return "number";
  }
}

/** Declarations of what each action takes, gives and may fail with: `FileReadInput`, `FileReadOutput`, `FileReadError`. */
export function typescriptDeclarations(
  actions: readonly Pick<Action, "name" | "parameters" | "output" | "error" | "description">[],
): string {
  return actions
    .flatMap(({ name, parameters, output, error, description }) => {
      const stem = pascalCase(name);
      const note = description === null ? [] : [`/** ${description.replaceAll("*/", "* /")} */`];
      return [
        ...note,
        `export type ${stem}Input = ${fieldsType(parameters)};`,
        `export type ${stem}Output = ${payload(output)};`,
        `export type ${stem}Error = ${error === null ? "never" : typescriptType(error)};`,
      ];
    })
    .join("\n");
}

function pascalCase(action: string): string {
  const name = camelCase(action.replaceAll(/[._/]/g, "-"));
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function payload(type: WitType | null): string {
  return type === null ? "null" : typescriptType(type);
}

function quoted(name: string): string {
  return JSON.stringify(snakeCase(name));
}

const UNIONS: ReadonlySet<WitType["kind"]> = new Set([
  "f32",
  "f64",
  "u64",
  "s64",
  "option",
  "result",
  "variant",
  "enum",
]);

function grouped(type: WitType): string {
  const bytes = type.kind === "list" && type.element.kind === "u8";
  return bytes || UNIONS.has(type.kind) ? `(${typescriptType(type)})` : typescriptType(type);
}

function caseType(name: string, type: WitType | null): string {
  return type === null ? quoted(name) : `{ ${snakeCase(name)}: ${typescriptType(type)} }`;
}

function fieldsType(fields: readonly { readonly name: string; readonly type: WitType }[]): string {
  const parts = fields.map(({ name, type }) => {
    const optional = type.kind === "option" ? "?" : "";
    return `${snakeCase(name)}${optional}: ${typescriptType(type)}`;
  });
  return parts.length === 0 ? "{}" : `{ ${parts.join("; ")} }`;
}
