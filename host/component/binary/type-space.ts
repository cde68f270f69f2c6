// Resolves one type definition against the types before it, and bounds what it unfolds to.
// It must not know scopes or instances.

import type { PrimitiveKind, WitType } from "../../contract/types.ts";
import { AdmissionError } from "../../errors.ts";
import type { AdmissionLimits } from "../../limits.ts";
import { checkDistinct, checkLabel } from "../names.ts";
import type { TypeDefinition, TypeUse } from "./model.ts";
import type { Defined } from "./world.ts";

type Value = Extract<Defined, { kind: "value" }>;
type Shape = Extract<TypeDefinition, { readonly kind: "shape" }>;
type NotAValue =
  | Extract<TypeDefinition, { readonly kind: "func" }>
  | Extract<TypeDefinition, { readonly kind: "resource" }>;
type ValueDefinition = Exclude<TypeDefinition, Shape | NotAValue>;

/** A resource type that no one else has. */
export function resource(name: string): Defined {
  return { kind: "resource", name };
}

/** The same type under the name that it is exported by. */
export function named(defined: Defined, name: string): Defined {
  if (defined.kind === "resource") return defined.name === "" ? { ...defined, name } : defined;
  if (defined.kind !== "value" || !("name" in defined.type)) return defined;
  return { ...defined, type: { ...defined.type, name } };
}

/** Resolves a definition that is not an instance or component type. Errors: COMPONENT_INVALID, COMPONENT_TOO_COMPLEX, COMPONENT_NAME_REJECTED. */
export function defineType(
  definition: Exclude<TypeDefinition, Shape>,
  typeAt: (index: number) => Defined,
  limits: AdmissionLimits,
  offset: number,
): Defined {
  if (definition.kind === "resource") return resource("");
  const space = new TypeSpace(typeAt, limits, offset);
  if (definition.kind !== "func") return space.value(definition);
  const params = definition.params.map(({ name, type, offset: at }) => {
    checkLabel(name, at);
    return { name, use: space.use(type) };
  });
  checkDistinct(
    params.map(({ name }) => name),
    offset,
  );
  const result = definition.result === null ? null : space.use(definition.result);
  const size = space.bounded([...params.map(({ use }) => use), ...(result === null ? [] : [result])]).size;
  const parameters = params.map(({ name, use }) => ({ name, type: use.type }));
  return { kind: "func", shape: { parameters, result: result?.type ?? null }, size };
}

class TypeSpace {
  readonly #typeAt: (index: number) => Defined;
  readonly #limits: AdmissionLimits;
  readonly #offset: number;

  constructor(typeAt: (index: number) => Defined, limits: AdmissionLimits, offset: number) {
    this.#typeAt = typeAt;
    this.#limits = limits;
    this.#offset = offset;
  }

  use(use: TypeUse): Value {
    if (typeof use !== "number") return primitive(use);
    const defined = this.#typeAt(use);
    if (defined.kind === "value") return defined;
    throw new AdmissionError("COMPONENT_INVALID", `type ${use} is not a value type`, this.#offset);
  }

  value(definition: ValueDefinition): Value {
    switch (definition.kind) {
      case "primitive":
        return primitive(definition.primitive);
      case "record":
        return this.#record(definition.fields);
      case "variant":
        return this.#variant(definition.cases);
      case "enum":
      case "flags":
        return this.#names(definition.kind, definition.names);
      case "list":
        return this.#wrap([definition.element], ([element]) => ({ kind: "list", element }));
      case "option":
        return this.#wrap([definition.element], ([value]) => ({ kind: "option", value }));
      case "tuple":
        return this.#tuple(definition.elements);
      case "result":
        return this.#result(definition.ok, definition.err);
      case "own":
      case "borrow":
        return this.#handle(definition.kind === "own", definition.resource);
    }
  }

  /** Adds up what a type unfolds to. Errors: COMPONENT_TOO_COMPLEX. */
  bounded(parts: readonly Value[]): { size: number; depth: number } {
    const size = parts.reduce((sum, part) => sum + part.size, 1);
    const depth = parts.reduce((most, part) => Math.max(most, part.depth), 0) + 1;
    if (size > this.#limits.effectiveTypeSize) this.#refuse(`more than ${this.#limits.effectiveTypeSize} parts`, size);
    if (depth > this.#limits.typeDepth) this.#refuse(`more than ${this.#limits.typeDepth} levels`, depth);
    return { size, depth };
  }

  #refuse(what: string, found: number): never {
    const message = `a type unfolds to ${what}`;
    throw new AdmissionError("COMPONENT_TOO_COMPLEX", message, this.#offset, { data: { found } });
  }

  #wrap(uses: readonly [TypeUse], make: (types: readonly [WitType]) => WitType): Value {
    const part = this.use(uses[0]);
    return { kind: "value", type: make([part.type]), ...this.bounded([part]) };
  }

  #tuple(uses: readonly TypeUse[]): Value {
    const parts = uses.map((use) => this.use(use));
    this.#some(parts, "a tuple");
    const elements = parts.map((part) => part.type);
    return { kind: "value", type: { kind: "tuple", elements }, ...this.bounded(parts) };
  }

  #record(fields: readonly { name: string; type: TypeUse; offset: number }[]): Value {
    this.#some(fields, "a record");
    this.#labels(fields);
    const parts = fields.map(({ type }) => this.use(type));
    const resolved = fields.map(({ name, type }) => ({ name, type: this.use(type).type }));
    return { kind: "value", type: { kind: "record", name: null, fields: resolved }, ...this.bounded(parts) };
  }

  #variant(cases: readonly { name: string; type: TypeUse | null; offset: number }[]): Value {
    this.#some(cases, "a variant");
    this.#labels(cases);
    const resolved = cases.map(({ name, type }) => ({ name, use: type === null ? null : this.use(type) }));
    const parts = resolved.map(({ use }) => use ?? primitive("bool"));
    const type: WitType = {
      kind: "variant",
      name: null,
      cases: resolved.map(({ name, use }) => ({ name, type: use?.type ?? null })),
    };
    return { kind: "value", type, ...this.bounded(parts) };
  }

  #names(kind: "enum" | "flags", names: readonly { name: string; offset: number }[]): Value {
    this.#some(names, `an ${kind}`);
    this.#labels(names);
    const list = names.map(({ name }) => name);
    const type: WitType =
      kind === "enum" ? { kind, name: null, cases: list } : { kind: "flags", name: null, flags: list };
    return { kind: "value", type, ...this.bounded(names.map(() => primitive("bool"))) };
  }

  #result(ok: TypeUse | null, err: TypeUse | null): Value {
    const okPart = ok === null ? null : this.use(ok);
    const errPart = err === null ? null : this.use(err);
    const type: WitType = { kind: "result", ok: okPart?.type ?? null, err: errPart?.type ?? null };
    const parts = [okPart, errPart].filter((part) => part !== null);
    return { kind: "value", type, ...this.bounded(parts) };
  }

  #handle(own: boolean, index: number): Value {
    const defined = this.#typeAt(index);
    if (defined.kind !== "resource") {
      throw new AdmissionError("COMPONENT_INVALID", `type ${index} is not a resource`, this.#offset);
    }
    return { kind: "value", type: { kind: "handle", own, resource: defined.name || "resource" }, size: 1, depth: 1 };
  }

  #labels(names: readonly { name: string; offset: number }[]): void {
    for (const { name, offset } of names) checkLabel(name, offset);
    checkDistinct(
      names.map(({ name }) => name),
      this.#offset,
    );
  }

  #some(parts: readonly unknown[], what: string): void {
    if (parts.length > 0) return;
    throw new AdmissionError("COMPONENT_INVALID", `${what} cannot be empty`, this.#offset);
  }
}

function primitive(kind: PrimitiveKind): Value {
  return { kind: "value", type: { kind }, size: 1, depth: 1 };
}
