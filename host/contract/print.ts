// WIT types and actions as one line of text, in WIT's own notation but with the names that plans use.
// It must not know where the text is shown.

import { snakeCase } from "./names.ts";
import type { Action, WitType } from "./types.ts";

/** `list<string>`, `option<u32>`, or the name of a named type. */
export function printType(type: WitType): string {
  switch (type.kind) {
    case "list":
      return `list<${printType(type.element)}>`;
    case "option":
      return `option<${printType(type.value)}>`;
    case "tuple":
      return `tuple<${type.elements.map(printType).join(", ")}>`;
    case "result":
      return printResult(type.ok, type.err);
    case "record":
    case "variant":
    case "enum":
    case "flags":
      return type.name === null ? printShape(type) : type.name;
    case "handle":
      return type.own ? type.resource : `borrow<${type.resource}>`;
    default:
      return type.kind;
  }
}

/** The same, but a named type is shown by what it is made of: `record { number: u32, text: string }`. */
export function printShape(type: WitType): string {
  switch (type.kind) {
    case "record":
      return braces(
        "record",
        type.fields.map((field) => `${snakeCase(field.name)}: ${printType(field.type)}`),
      );
    case "variant":
      return braces(
        "variant",
        type.cases.map((one) => `${snakeCase(one.name)}${one.type === null ? "" : `(${printType(one.type)})`}`),
      );
    case "enum":
      return braces("enum", type.cases.map(snakeCase));
    case "flags":
      return braces("flags", type.flags.map(snakeCase));
    default:
      return printType(type);
  }
}

/** `file.read(path: string, lines?: u32) -> list<string> ! file-error`: what it takes, gives, and may fail with. */
export function printAction(action: Pick<Action, "name" | "parameters" | "output" | "error" | "fallible">): string {
  const parameters = action.parameters.map(({ name, type }) =>
    type.kind === "option" ? `${name}?: ${printType(type.value)}` : `${name}: ${printType(type)}`,
  );
  const output = action.output === null ? "" : ` -> ${printType(action.output)}`;
  const failure = action.fallible ? ` ! ${action.error === null ? "error" : printType(action.error)}` : "";
  return `${action.name}(${parameters.join(", ")})${output}${failure}`;
}

function printResult(ok: WitType | null, err: WitType | null): string {
  if (err !== null) return `result<${ok === null ? "_" : printType(ok)}, ${printType(err)}>`;
  return ok === null ? "result" : `result<${printType(ok)}>`;
}

function braces(word: string, parts: readonly string[]): string {
  return `${word} { ${parts.join(", ")} }`;
}
