// Copies a value that someone else owns into plain, frozen JSON data, so that nobody can change it afterwards.
// It must not know what the value says.

import type { JsonValue } from "../../contract/types.ts";
import { NOWHERE, type PlaceNode, pointerOf } from "./pointer.ts";
import type { DocumentLimits, Problem } from "./types.ts";
import { Unreadable } from "./unreadable.ts";

export interface ValueReading {
  readonly value: JsonValue;
  readonly problems: readonly Problem[];
}

/** A frozen copy of `source`; what is not JSON becomes null and a problem. Throws Unreadable when a limit is met. */
export function readJsonValue(source: unknown, limits: DocumentLimits): ValueReading {
  const copier = new Copier(limits);
  return { value: copier.copy(source), problems: copier.problems };
}

class Copier {
  readonly problems: Problem[] = [];
  readonly #limits: DocumentLimits;
  readonly #path: string[] = [];
  #values = 0;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
  }

  copy(source: unknown): JsonValue {
    this.#values += 1;
    if (this.#values > this.#limits.values)
      throw new Unreadable(`there are more than ${this.#limits.values} values`, "Split the document.", NOWHERE);
    if (source === null || typeof source === "boolean") return source;
    if (typeof source === "string") return this.#string(source);
    if (typeof source === "number" && Number.isFinite(source)) return source === 0 ? 0 : source;
    if (typeof source === "object") return this.#container(source);
    return this.#complain(`${typeof source === "number" ? source : `a ${typeof source}`} is not a JSON value`);
  }

  #string(text: string): JsonValue {
    if (text.length > this.#limits.literalBytes) {
      const message = `a string of more than ${this.#limits.literalBytes} characters`;
      throw new Unreadable(message, "Put the text into a file of the workspace.", NOWHERE);
    }
    return text.isWellFormed() ? text : this.#complain("a string with half of a surrogate pair");
  }

  #container(source: object): JsonValue {
    if (this.#path.length >= this.#limits.nesting) {
      const message = `it is nested more than ${this.#limits.nesting} deep`;
      throw new Unreadable(message, "Make it flatter; a value must not contain itself.", NOWHERE);
    }
    if (Array.isArray(source)) return Object.freeze(Array.from(source, (item, index) => this.#child(index, item)));
    const prototype: unknown = Object.getPrototypeOf(source);
    if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null)
      return this.#complain("an object of a class is not a JSON value");
    const object: Record<string, JsonValue> = {};
    for (const [key, value] of Object.entries(source)) {
      if (key === "__proto__") this.#complain(`the key "__proto__" is not allowed`);
      else if (value !== undefined) object[key] = this.#child(key, value);
    }
    return Object.freeze(object);
  }

  #child(segment: string | number, source: unknown): JsonValue {
    this.#path.push(String(segment));
    const value = this.copy(source);
    this.#path.pop();
    return value;
  }

  #complain(message: string): null {
    const hint = "Use strings, numbers, booleans, null, arrays and plain objects only.";
    this.problems.push({ pointer: pointerOf(this.#path), on: "value", message, hint });
    return null;
  }
}

/** Numbers the places in the order in which the value holds them. */
export function numberPlaces(value: JsonValue, root: PlaceNode): void {
  let next = 0;
  const visit = (current: JsonValue, place: PlaceNode): void => {
    place.keyOffset = next;
    place.valueOffset = next;
    next += 1;
    if (place.children.size === 0 || typeof current !== "object" || current === null) return;
    for (const [key, inner] of Object.entries(current)) {
      const wanted = place.children.get(key);
      if (wanted !== undefined) visit(inner, wanted);
    }
  };
  visit(value, root);
}
