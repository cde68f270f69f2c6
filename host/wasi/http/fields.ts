// wasi:http/types.fields: headers and trailers, as a resource.

import { guardMethods, Resource } from "../resource.ts";
import type { HttpAccount } from "./account.ts";
import { bytesOf, FieldList } from "./field-list.ts";
import type { HeaderError } from "./shapes.ts";

type Entry = readonly [name: string, value: Uint8Array];

/** Fields that a guest makes, or, immutable, those of a message. */
export class Fields extends Resource {
  readonly #list: FieldList;
  readonly #account: HttpAccount;
  readonly #mutable: boolean;

  private constructor(account: HttpAccount, list: FieldList, mutable: boolean) {
    super(account.ledger);
    this.#account = account;
    this.#list = list;
    this.#mutable = mutable;
  }

  /** Errors: RESOURCE_LIMIT. */
  static empty(account: HttpAccount): Fields {
    return new Fields(account, new FieldList(account), true);
  }

  /** Errors: RESOURCE_LIMIT, NET_LIMIT. Throws a HeaderError. */
  static fromList(account: HttpAccount, entries: readonly Entry[]): Fields {
    const list = new FieldList(account);
    for (const [name, value] of entries) list.append(name, value);
    return new Fields(account, list, true);
  }

  /** A handle to the fields of a message, which nobody can change any more. Errors: RESOURCE_LIMIT. */
  static view(account: HttpAccount, list: FieldList): Fields {
    return new Fields(account, list, false);
  }

  /** What is in fields that a guest gives away: its handle is gone. */
  static take(fields: Fields): FieldList {
    const list = fields.#list;
    fields[Symbol.dispose]();
    return list;
  }

  get(name: string): readonly Uint8Array[] {
    return this.#list.get(name).map(bytesOf);
  }

  has(name: string): boolean {
    return this.#list.get(name).length > 0;
  }

  set(name: string, values: readonly Uint8Array[]): void {
    this.#requireMutable();
    this.#list.set(name, values);
  }

  append(name: string, value: Uint8Array): void {
    this.#requireMutable();
    this.#list.append(name, value);
  }

  delete(name: string): void {
    this.#requireMutable();
    this.#list.delete(name);
  }

  entries(): readonly Entry[] {
    return this.#list.entries.map(([name, value]) => [name, bytesOf(value)]);
  }

  clone(): Fields {
    return new Fields(this.#account, this.#list.copy(), true);
  }

  #requireMutable(): void {
    if (!this.#mutable) throw { tag: "immutable" } satisfies HeaderError;
  }
}
guardMethods(Fields);
