// The types that a type is directly made of.
// A leaf.

import type { WitType } from "./types.ts";

/** Element, payload and field types, one level down, in order. */
export function partsOf(type: WitType): readonly WitType[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "option":
      return [type.value];
    case "tuple":
      return type.elements;
    case "result":
      return [type.ok, type.err].filter((part) => part !== null);
    case "record":
      return type.fields.map((field) => field.type);
    case "variant":
      return type.cases.flatMap((one) => (one.type === null ? [] : [one.type]));
    default:
      return [];
  }
}
