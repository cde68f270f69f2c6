// What all resources that a guest holds handles to have in common: an owner, a place in its count, guarded methods.
// It must not know any WASI interface.

import { GloveboxError } from "../errors.ts";
import type { Ledger } from "./ledger.ts";

/** The base of every resource class. It counts as a live handle from its making to its drop. */
export abstract class Resource implements Disposable {
  readonly #ledger: Ledger;

  /** Errors: RESOURCE_LIMIT. */
  constructor(ledger: Ledger) {
    ledger.track(this);
    this.#ledger = ledger;
  }

  /** The ledger of the call that a resource belongs to. Errors: TRAP, when it was forged: no handle of this call leads to it. */
  static ledgerOf(resource: unknown): Ledger {
    if (typeof resource === "object" && resource !== null && #ledger in resource) return resource.#ledger;
    throw new GloveboxError("TRAP", "the guest used a handle that it does not hold");
  }

  /** What generated glue calls when the guest drops its handle. */
  [Symbol.dispose](): void {
    this.#ledger.untrack(this);
  }
}

/** The interfaces of a package, by their names without version. */
export type Interfaces = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type ResourceClass = { readonly prototype: object };
type Method = (...args: readonly unknown[]) => unknown;

/** Makes every method of a resource class count as a host call and end the call on an Error; then freezes the class. */
export function guardMethods(resource: ResourceClass): void {
  const { prototype } = resource;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name === "constructor") continue;
    const method = Reflect.get(prototype, name) as Method;
    const guarded = function (this: unknown, ...args: readonly unknown[]): unknown {
      return Resource.ledgerOf(this).enter(() => Reflect.apply(method, this, args));
    };
    Object.defineProperty(prototype, name, { value: guarded });
  }
  Object.freeze(prototype);
  Object.freeze(resource);
}

/** The functions of one interface, each counted and guarded; frozen, without a prototype. */
export function guardFunctions(ledger: Ledger, functions: object): Readonly<Record<string, unknown>> {
  const guarded: Record<string, Method> = Object.create(null);
  for (const [name, body] of Object.entries(functions) as [string, Method][]) {
    guarded[name] = (...args) => ledger.enter(() => body(...args));
  }
  return Object.freeze(guarded);
}

/** What a guest may call on a resource class itself. */
export interface ClassFunctions {
  readonly make?: (...args: never[]) => Resource;
  readonly statics?: Readonly<Record<string, (...args: never[]) => unknown>>;
}

/** A resource class as one call sees it: its constructor and static functions belong to that call, and are counted and guarded. */
export function resourceClass(ledger: Ledger, resource: ResourceClass, { make, statics = {} }: ClassFunctions): object {
  /** Called with `new` by generated code. */
  function construct(...args: readonly unknown[]): unknown {
    if (make === undefined) throw new TypeError("this resource has no constructor");
    return ledger.enter(() => (make as Method)(...args));
  }
  Object.defineProperty(construct, "prototype", { value: resource.prototype });
  return Object.freeze(
    Object.assign(construct, guardFunctions(ledger, statics), make === undefined ? {} : { [CONSTRUCTS]: true }),
  );
}

/** Marks classes that a guest may make instances of. */
export const CONSTRUCTS: unique symbol = Symbol("constructs");

/** The resource classes of one interface, with or without functions beside them; frozen, without a prototype. */
export function withResources(resources: object, functions: object = {}): Readonly<Record<string, unknown>> {
  return Object.freeze(Object.assign(Object.create(null), resources, functions));
}
