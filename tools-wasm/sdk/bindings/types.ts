// The types that one interface declares, as AssemblyScript: classes for records and variants, enums, and names for the rest.
// Knows nothing of memory.

import type { Case, Field, Module, NamedType, Type } from "../wit/model.ts";
import { caseName, className, declaredOf, isOwn, type Names, valueName } from "./names.ts";

/** The declarations of a module's types. Resources are left to those who know which side implements them. */
export function typeDeclarations(module: Module, names: Names): readonly string[] {
  return module.types.flatMap((named) => {
    if (!isOwn(module, named)) return alias(module, named, names);
    return declaration(named.type, module, names).map((text) => docComment(named.docs, "") + text);
  });
}

/** A doc comment, one line or several; nothing where there are no docs. */
export function docComment(docs: string, indent: string): string {
  if (docs === "") return "";
  const lines = docs.replaceAll("*/", "* /").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`, ""].join("\n");
}

/** Another name for a type, or a type of another interface. */
function alias(module: Module, { name, docs, type }: NamedType, names: Names): readonly string[] {
  const declared = type.kind === "handle" ? null : declaredOf(type);
  if (declared === null) {
    if (type.kind === "resource") return [];
    return [`${docComment(docs, "")}export type ${className(name)} = ${names.type(type, module.key)};`];
  }
  const [from, to] = [className(declared.name), className(name)];
  const source = declared.module === module.key ? "" : ` from "./${names.file(declared.module)}"`;
  return [`export { ${from === to ? to : `${from} as ${to}`} }${source};`];
}

function declaration(type: NamedType["type"], module: Module, names: Names): readonly string[] {
  switch (type.kind) {
    case "record":
      return [recordClass(className(type.declared.name), type.fields, module, names)];
    case "variant":
      return variantClass(className(type.declared.name), type.cases, module, names);
    case "enum":
    case "flags":
      return [enumeration(className(type.declared.name), type.cases, type.kind === "flags")];
    default:
      return [];
  }
}

function recordClass(name: string, fields: readonly Field[], module: Module, names: Names): string {
  const parameters = fields.map(({ name: field, docs, type }) => {
    return `${docComment(docs, "    ")}    public ${valueName(field)}: ${names.type(type, module.key)},`;
  });
  return [`export class ${name} {`, "  constructor(", ...parameters, "  ) {}", "}"].join("\n");
}

/** Made by a static method for each case; `kind` says which it is, `as...` gives the payload. */
function variantClass(name: string, cases: readonly Case[], module: Module, names: Names): readonly string[] {
  const taken = module.types.some((one) => className(one.name) === `${name}Kind`);
  const kind = taken ? `${name}Case` : `${name}Kind`;
  const members = cases.flatMap(({ name: one, docs, type }) => {
    const made = `new ${name}(${kind}.${caseName(one)}, `;
    if (type === null) {
      return [`${docComment(docs, "  ")}  static ${valueName(one)}(): ${name} {`, `    return ${made}0);`, "  }", ""];
    }
    const payload = names.type(type, module.key);
    return [
      `${docComment(docs, "  ")}  static ${valueName(one)}(value: ${payload}): ${name} {`,
      `    return ${made}toBits<${payload}>(value));`,
      "  }",
      "",
      `  get as${caseName(one)}(): ${payload} {`,
      `    assert(this.kind == ${kind}.${caseName(one)});`,
      `    return fromBits<${payload}>(this.bits);`,
      "  }",
      "",
    ];
  });
  const body = [
    "  private constructor(",
    `    readonly kind: ${kind},`,
    "    private bits: u64,",
    "  ) {}",
    "",
    ...members,
  ];
  return [enumeration(kind, cases, false), [`export class ${name} {`, ...body.slice(0, -1), "}"].join("\n")];
}

function enumeration(name: string, cases: readonly Case[], bits: boolean): string {
  const lines = cases.map(({ name: one, docs }, index) => {
    const value = bits ? ` = ${index === 31 ? "1 << 31" : 2 ** index}` : "";
    return `${docComment(docs, "  ")}  ${caseName(one)}${value},`;
  });
  return [`export enum ${name} {`, ...lines, "}"].join("\n");
}

/** The classes of tuples of these lengths. */
export function tupleClasses(arities: ReadonlySet<number>): string {
  const classes = [...arities]
    .sort((a, b) => a - b)
    .map((arity) => {
      const places = Array.from({ length: arity }, (_, index) => index);
      const parameters = places.map((index) => `    public f${index}: T${index},`);
      const generics = places.map((index) => `T${index}`).join(", ");
      return [`export class Tuple${arity}<${generics}> {`, "  constructor(", ...parameters, "  ) {}", "}", ""].join(
        "\n",
      );
    });
  return classes.join("\n");
}

/** Whether a type mentions another one that satisfies the test. */
export function mentions(type: Type, test: (type: Type) => boolean): boolean {
  if (test(type)) return true;
  const parts: readonly (Type | null)[] =
    type.kind === "record"
      ? type.fields.map((field) => field.type)
      : type.kind === "variant"
        ? type.cases.map((one) => one.type)
        : type.kind === "tuple"
          ? type.elements
          : type.kind === "result"
            ? [type.ok, type.err]
            : type.kind === "list" || type.kind === "option"
              ? [type.element]
              : [];
  return parts.some((part) => part !== null && mentions(part, test));
}
