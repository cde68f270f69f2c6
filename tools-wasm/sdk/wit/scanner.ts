// WIT text -> words and signs, with the doc comments before them (component-model WIT.md). Knows nothing of grammar.

import { placeAt, ToolSourceError } from "../failure.ts";

const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const DOCS = /\/\/\/([^\n]*)|\/\*\*(?!\/)([\s\S]*?)\*\//g;
const IDENTIFIER = /%?[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*/y;
const VERSION = /\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/y;
const SIGN = /->|[{}()<>:;,.=@*/_]/y;

/** Reads one WIT text from its start to its end. Errors: `ToolSourceError` with the place. */
export class Scanner {
  /** The doc comment before the next word. */
  docs = "";
  readonly #file: string;
  readonly #text: string;
  #at = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#skip();
  }

  get offset(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  fail(message: string, offset: number = this.#at): never {
    const place = placeAt(this.#file, this.#text, offset);
    throw new ToolSourceError("the WIT cannot be read:", [{ message, place }]);
  }

  /** Whether the next word or sign is this one. */
  sees(text: string): boolean {
    return this.#match(/^[a-z]/.test(text) ? IDENTIFIER : SIGN) === text;
  }

  /** Whether the next word is a name even if it is spelt like a keyword. */
  get seesEscape(): boolean {
    return this.#text[this.#at] === "%";
  }

  /** Takes the next word or sign if it is this one. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#advance(text.length);
    return true;
  }

  expect(text: string): void {
    if (!this.takes(text)) this.fail(`"${text}" is expected here`);
  }

  /** A name; `%` is left out. */
  name(): string {
    const found = this.#match(IDENTIFIER) ?? this.fail("a name is expected here");
    this.#advance(found.length);
    return found.replace("%", "");
  }

  version(): string {
    const found = this.#match(VERSION) ?? this.fail("a version (1.2.3) is expected here");
    this.#advance(found.length);
    return found;
  }

  /** Goes past the closing parenthesis of an attribute. */
  skipParentheses(): string {
    const end = this.#text.indexOf(")", this.#at);
    if (end < 0) this.fail('")" is missing');
    const inside = this.#text.slice(this.#at, end + 1);
    this.#advance(inside.length);
    return inside;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }

  #advance(length: number): void {
    this.#at += length;
    this.#skip();
  }

  #skip(): void {
    const blank = this.#match(BLANK) ?? "";
    this.#at += blank.length;
    this.docs = [...blank.matchAll(DOCS)].map((found) => tidy(found[1] ?? found[2] ?? "")).join("\n");
  }
}

function tidy(comment: string): string {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
  return lines.join("\n").trim();
}
