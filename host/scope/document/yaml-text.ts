// Reads YAML 1.2 as plain JSON data: one document, no aliases, no tags of one's own, bounded before it is composed.
// It must not know what the document says.

import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Parser,
  type Scalar,
  type ScalarTag,
  type YAMLMap,
} from "yaml";
import type { JsonValue } from "../../contract/types.ts";
import { badKey } from "./json-text.ts";
import { type PlaceNode, pointerOf } from "./pointer.ts";
import type { DocumentLimits, Problem } from "./types.ts";
import { Unreadable } from "./unreadable.ts";

export interface YamlReading {
  /** Undefined when the text is not YAML. */
  readonly value: JsonValue | undefined;
  readonly problems: readonly Problem[];
  /** Writes down where the places are. */
  find(places: PlaceNode): void;
}

const SHOWN_ERRORS = 20;

/** `10_000_000`: YAML 1.2 would read a string; a scope is written by people. */
const GROUPED_INTEGER: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?[0-9]{1,3}(?:_[0-9]{3})+$/,
  resolve: (text) => Number(text.replaceAll("_", "")),
};

/** The value of a YAML text, frozen. Throws Unreadable when a limit is met. */
export function readYamlText(text: string, limits: DocumentLimits): YamlReading {
  const tokens = [...new Parser().parse(text)];
  refuseDepth(tokens, limits);
  const documents = [...composer().compose(tokens, true, text.length)];
  const [document, second] = documents;
  const problems = [...syntaxProblems(document)];
  if (second !== undefined) problems.push(manyDocuments(second));
  if (document === undefined || problems.length > 0) return { value: undefined, problems, find: () => {} };
  const converter = new Converter(limits);
  const root = document.contents;
  const value = converter.convert(root);
  return { value, problems: converter.problems, find: (places) => find(root, places) };
}

function composer(): Composer {
  return new Composer({
    version: "1.2",
    schema: "core",
    uniqueKeys: false, // the library compares every pair of keys; the converter does it in linear time
    stringKeys: true,
    customTags: (tags) => [GROUPED_INTEGER, ...tags],
  });
}

/** The composer recurses, so depth is measured on the tokens, without recursion. */
function refuseDepth(tokens: readonly CST.Token[], limits: DocumentLimits): void {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limits.nesting)
      throw new Unreadable(`it is nested more than ${limits.nesting} deep`, "Make it flatter.", token.offset);
    if (token.type === "document" && token.value !== undefined) open.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const item of token.items) {
      if (item.key) open.push({ token: item.key, depth: depth + 1 });
      if (item.value) open.push({ token: item.value, depth: depth + 1 });
    }
  }
}

function syntaxProblems(document: Document.Parsed | undefined): Problem[] {
  const complaints = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  return complaints.slice(0, SHOWN_ERRORS).map((complaint) => ({
    pointer: "",
    on: "value",
    offset: complaint.pos[0],
    message: complaint.message,
    hint: "Put text with special characters in quotes, and indent with spaces.",
  }));
}

function manyDocuments(second: Document.Parsed): Problem {
  const message = "the file holds more than one YAML document";
  return { pointer: "", on: "value", offset: second.range[0], message, hint: 'Keep one, and remove the "---" line.' };
}

class Converter {
  readonly problems: Problem[] = [];
  readonly #limits: DocumentLimits;
  readonly #path: string[] = [];
  #values = 0;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
  }

  convert(node: Node | null | undefined): JsonValue {
    this.#values += 1;
    const offset = node?.range?.[0] ?? 0;
    if (this.#values > this.#limits.values)
      throw new Unreadable(`there are more than ${this.#limits.values} values`, "Split the document.", offset);
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return this.#list(node.items as readonly Node[]);
    if (isScalar(node)) return this.#scalar(node, offset);
    if (isAlias(node)) this.#complain("an alias is not allowed here", "Write the value out.", offset);
    return null;
  }

  #map(map: YAMLMap): JsonValue {
    const object: Record<string, JsonValue> = {};
    for (const pair of map.items) {
      const key = keyOf(pair.key);
      this.#path.push(key);
      const value = this.convert(pair.value as Node | null);
      if (Object.hasOwn(object, key) || key === "__proto__")
        this.problems.push(badKey(this.#path, key, startOf(pair.key as Node)));
      else object[key] = value;
      this.#path.pop();
    }
    return Object.freeze(object);
  }

  #list(items: readonly Node[]): JsonValue {
    const array = items.map((item, index) => {
      this.#path.push(String(index));
      const value = this.convert(item);
      this.#path.pop();
      return value;
    });
    return Object.freeze(array);
  }

  #scalar(scalar: Scalar, offset: number): JsonValue {
    const { value } = scalar;
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value === 0 ? 0 : value;
    if (typeof value !== "string")
      return this.#complain(`${String(value)} is not a JSON value`, "Put it in quotes, or use a number.", offset);
    if (value.length > this.#limits.literalBytes) {
      const message = `a string of more than ${this.#limits.literalBytes} characters`;
      throw new Unreadable(message, "Put the text into a file of the workspace.", offset);
    }
    if (!value.isWellFormed())
      return this.#complain("a string with half of a surrogate pair", "Write whole characters.", offset);
    return value;
  }

  #complain(message: string, hint: string, offset: number): null {
    this.problems.push({ pointer: pointerOf(this.#path), on: "value", offset, message, hint });
    return null;
  }
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value ?? "") : String(key ?? "");
}

function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function find(node: Node | null, place: PlaceNode): void {
  if (node !== null) place.valueOffset = startOf(node);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const wanted = place.children.get(String(index));
      if (wanted !== undefined) find(item as Node, wanted);
    }
  }
  if (!isMap(node)) return;
  for (const pair of node.items) {
    const wanted = place.children.get(keyOf(pair.key));
    if (wanted === undefined || wanted.keyOffset >= 0) continue;
    wanted.keyOffset = startOf(pair.key as Node);
    wanted.valueOffset = wanted.keyOffset;
    find(pair.value as Node | null, wanted);
  }
}
