// WIT types as text: those that WIT wants names for are declared on the way.

import { printType } from "../../host/contract/print.ts";
import type { WitType } from "../../host/contract/types.ts";

/** Writes types as WIT, and collects the declarations that they need. */
export class WitText {
  readonly declarations: string[] = [];

  use(type: WitType): string {
    switch (type.kind) {
      case "list":
        return `list<${this.use(type.element)}>`;
      case "option":
        return `option<${this.use(type.value)}>`;
      case "tuple":
        return `tuple<${type.elements.map((element) => this.use(element)).join(", ")}>`;
      case "result":
        return this.#result(type.ok, type.err);
      case "record":
        return this.#declare(
          type.kind,
          type.fields.map(({ name, type: field }) => `%${name}: ${this.use(field)}`),
        );
      case "variant":
        return this.#declare(
          type.kind,
          type.cases.map(({ name, type: payload }) => `%${name}${payload === null ? "" : `(${this.use(payload)})`}`),
        );
      case "enum":
        return this.#declare(
          type.kind,
          type.cases.map((name) => `%${name}`),
        );
      case "flags":
        return this.#declare(
          type.kind,
          type.flags.map((name) => `%${name}`),
        );
      default:
        return printType(type);
    }
  }

  #result(ok: WitType | null, err: WitType | null): string {
    if (err !== null) return `result<${ok === null ? "_" : this.use(ok)}, ${this.use(err)}>`;
    return ok === null ? "result" : `result<${this.use(ok)}>`;
  }

  #declare(kind: string, parts: readonly string[]): string {
    const name = `type${this.declarations.length}`;
    this.declarations.push(`${kind} ${name} { ${parts.join(", ")} }`);
    return name;
  }
}
