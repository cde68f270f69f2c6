// The fields of one message: names in lower case with their values, in order, bounded.
// It must not know the resource that shows them.

import { type HttpHeader, isConnectionField, isFieldName, isFieldValue } from "../../contract/http.ts";
import type { HttpAccount } from "./account.ts";
import type { HeaderError } from "./shapes.ts";

/** What each field costs besides its bytes, so that empty ones are not free. */
const FIELD_BYTES = 32;

/** Headers or trailers. What it refuses, it throws as a HeaderError. */
export class FieldList {
  readonly #account: HttpAccount;
  #fields: HttpHeader[] = [];
  #bytes = 0;

  constructor(account: HttpAccount) {
    this.#account = account;
  }

  /** The list of a message that was received; nothing of it is refused. */
  static received(account: HttpAccount, fields: readonly HttpHeader[]): FieldList {
    const list = new FieldList(account);
    list.#fields = [...fields];
    return list;
  }

  copy(): FieldList {
    const list = new FieldList(this.#account);
    for (const field of this.#fields) list.#add(field);
    return list;
  }

  get entries(): readonly HttpHeader[] {
    return this.#fields;
  }

  get(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return this.#fields.filter(([one]) => one === wanted).map(([, value]) => value);
  }

  append(name: string, value: Uint8Array): void {
    this.#add([checkedName(name), this.#checkedValue(value)]);
  }

  set(name: string, values: readonly Uint8Array[]): void {
    const field = checkedName(name);
    const checked = values.map((value) => this.#checkedValue(value));
    this.#remove(field);
    for (const value of checked) this.#add([field, value]);
  }

  delete(name: string): void {
    this.#remove(checkedName(name));
  }

  #checkedValue(value: Uint8Array): string {
    this.#account.bound("headerBytes", value.length, "made a header");
    const text = latin1(value);
    if (!isFieldValue(text)) throw { tag: "invalid-syntax" } satisfies HeaderError;
    return text;
  }

  #add(field: HttpHeader): void {
    const bytes = sizeOf(field);
    this.#account.hold(bytes);
    this.#account.bound("headerBytes", this.#bytes + bytes, "made headers");
    this.#bytes += bytes;
    this.#fields.push(field);
  }

  #remove(name: string): void {
    const kept = this.#fields.filter(([one]) => one !== name);
    this.#bytes -= this.#fields.filter(([one]) => one === name).reduce((sum, field) => sum + sizeOf(field), 0);
    this.#fields = kept;
  }
}

function checkedName(name: string): string {
  if (!isFieldName(name)) throw { tag: "invalid-syntax" } satisfies HeaderError;
  const lower = name.toLowerCase();
  if (isConnectionField(lower)) throw { tag: "forbidden" } satisfies HeaderError;
  return lower;
}

function sizeOf([name, value]: HttpHeader): number {
  return name.length + value.length + FIELD_BYTES;
}

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** The other way round. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
