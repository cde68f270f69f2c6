// Reads JSON (RFC 8259) in one pass: bounded, strict about duplicate keys, able to say where each value is.
// It must not know what the document says.

import type { JsonValue } from "../../contract/types.ts";
import { type PlaceNode, pointerOf } from "./pointer.ts";
import type { DocumentLimits, Problem } from "./types.ts";
import { Unreadable } from "./unreadable.ts";

/** The value of a JSON text, frozen, and what is wrong with it although it can be read. Throws Unreadable. */
export function readJsonText(text: string, limits: DocumentLimits, places?: PlaceNode): JsonReading {
  const reader = new JsonReader(text, limits);
  return { value: reader.document(places), problems: reader.problems };
}

export interface JsonReading {
  readonly value: JsonValue;
  readonly problems: readonly Problem[];
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const BLANK = /[ \t\r\n]*/y;

class JsonReader {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #limits: DocumentLimits;
  readonly #path: string[] = [];
  #at = 0;
  #values = 0;

  constructor(text: string, limits: DocumentLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  document(places: PlaceNode | undefined): JsonValue {
    this.#skipBlank();
    const value = this.#value(places);
    if (this.#at < this.#text.length)
      this.#fail("there is more text after the end of the value", "Remove what follows.");
    return value;
  }

  #value(place: PlaceNode | undefined): JsonValue {
    if (place !== undefined) place.valueOffset = this.#at;
    this.#values += 1;
    if (this.#values > this.#limits.values)
      this.#fail(`there are more than ${this.#limits.values} values`, "Split the document.");
    const value = this.#bareValue(place);
    this.#skipBlank();
    return value;
  }

  #bareValue(place: PlaceNode | undefined): JsonValue {
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(place);
    if (first === "[") return this.#array(place);
    if (first === '"') return this.#string();
    if (first === "-" || (first !== undefined && first >= "0" && first <= "9")) return this.#number();
    return this.#word(first);
  }

  #object(place: PlaceNode | undefined): JsonValue {
    const object: Record<string, JsonValue> = {};
    this.#list("}", () => {
      const keyOffset = this.#at;
      if (this.#text[this.#at] !== '"') this.#fail("a key in double quotes is expected here", 'Write "key": value.');
      const key = this.#string();
      this.#skipBlank();
      if (this.#text[this.#at] !== ":") this.#fail("a colon is expected after the key", 'Write "key": value.');
      this.#at += 1;
      this.#skipBlank();
      const known = Object.hasOwn(object, key) || key === "__proto__";
      const childPlace = known ? undefined : place?.children.get(key);
      if (childPlace !== undefined) childPlace.keyOffset = keyOffset;
      this.#path.push(key);
      const value = this.#value(childPlace);
      if (known) this.problems.push(badKey(this.#path, key, keyOffset));
      else object[key] = value;
      this.#path.pop();
    });
    return Object.freeze(object);
  }

  #array(place: PlaceNode | undefined): JsonValue {
    const array: JsonValue[] = [];
    this.#list("]", () => {
      const segment = String(array.length);
      this.#path.push(segment);
      array.push(this.#value(place?.children.get(segment)));
      this.#path.pop();
    });
    return Object.freeze(array);
  }

  #list(end: "}" | "]", item: () => void): void {
    if (this.#path.length >= this.#limits.nesting)
      this.#fail(`it is nested more than ${this.#limits.nesting} deep`, "Make it flatter.");
    this.#at += 1;
    this.#skipBlank();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      const next = this.#text[this.#at];
      if (next !== "," && next !== end) this.#fail(`a comma or "${end}" is expected here`, `Add "," or "${end}".`);
      this.#at += 1;
      if (next === end) return;
      this.#skipBlank();
      if (this.#text[this.#at] === end) this.#fail(`a comma before "${end}"`, "Remove the comma.");
    }
  }

  #string(): string {
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit === 0x22) return this.#stringFrom(start, at + 1, escaped);
      if (unit === 0x5c) {
        escaped = true;
        at += 1;
      } else if (unit < 0x20) {
        this.#at = at;
        this.#fail("a control character inside of a string", "Write it as an escape, such as \\n.");
      }
    }
    return this.#fail("a string without its closing quote", 'Close the string with ".');
  }

  #stringFrom(start: number, end: number, escaped: boolean): string {
    if (end - start > this.#limits.literalBytes)
      this.#fail(
        `a string of more than ${this.#limits.literalBytes} characters`,
        "Put the text into a file of the workspace.",
      );
    const value = escaped ? this.#unescaped(start, end) : this.#text.slice(start + 1, end - 1);
    if (!value.isWellFormed()) this.#fail("a string with half of a surrogate pair", "Write whole characters.");
    this.#at = end;
    return value;
  }

  #unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start, end)) as string;
    } catch {
      return this.#fail("a string with an unknown escape", "Write a backslash as \\\\.");
    }
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) return this.#fail("a number is expected after the minus", "Write a number such as -1.");
    const value = Number(digits);
    if (!Number.isFinite(value)) this.#fail("a number that is too large", "Use a smaller number, or a string.");
    this.#at += digits.length;
    return value === 0 ? 0 : value;
  }

  #word(first: string | undefined): JsonValue {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0] ?? "";
    const value = WORDS.get(word);
    if (value === undefined) {
      const found = first === undefined ? "the text ends" : word === "" ? JSON.stringify(first) : word.slice(0, 40);
      return this.#fail(`a value is expected here, and ${found} is not one`, "Put text in double quotes.");
    }
    this.#at += word.length;
    return value;
  }

  #skipBlank(): void {
    if (this.#text.charCodeAt(this.#at) > 0x20) return; // most often there is nothing to skip
    BLANK.lastIndex = this.#at;
    BLANK.exec(this.#text);
    this.#at = BLANK.lastIndex;
  }

  #fail(message: string, advice: string): never {
    throw new Unreadable(message, advice, this.#at);
  }
}

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** What is said of a key that is there twice, or that no object may have. */
export function badKey(path: readonly string[], key: string, offset: number): Problem {
  const twice = { message: `the key ${JSON.stringify(key)} is there twice`, hint: "Remove one of the two." };
  const reserved = { message: `the key "__proto__" is not allowed`, hint: "Remove it." };
  return { pointer: pointerOf(path), on: "key", offset, ...(key === "__proto__" ? reserved : twice) };
}
