// ComponentNode -> World: follows instantiations, aliases and nested components as an engine would, on types alone.
// It must not know what is allowed; it bounds its own work, because a few bytes can ask for exponentially much of it.

import { AdmissionError } from "../../errors.ts";
import type { AdmissionLimits } from "../../limits.ts";
import type { ComponentNode, ExternType, Item, NamedIndex, Sort, SortIndex } from "./model.ts";
import { defineType, named, resource } from "./type-space.ts";
import type { Defined, Entity, Exports, Extern, FunctionShape, World } from "./world.ts";

const MAX_WORK = 1_000_000;
const MAX_INSTANTIATION_DEPTH = 50;

/** Resolves a parsed component. Errors: COMPONENT_INVALID, COMPONENT_TOO_COMPLEX, COMPONENT_NAME_REJECTED. */
export function resolveWorld(node: ComponentNode, limits: AdmissionLimits): World {
  const imports: Extern[] = [];
  const scope = new Scope(null, new Work(limits), (name, type, item) => {
    const entity = scope.declare(type, name, item.offset);
    imports.push({ name, entity, offset: item.offset });
    return entity;
  });
  scope.run(node.items);
  return { imports, exports: scope.exported };
}

function invalid(message: string, offset: number): never {
  throw new AdmissionError("COMPONENT_INVALID", message, offset);
}

/** The work that one resolution may do, in all of its scopes. */
class Work {
  readonly limits: AdmissionLimits;
  depth = 0;
  #done = 0;

  constructor(limits: AdmissionLimits) {
    this.limits = limits;
  }

  step(offset: number): void {
    if (++this.#done > MAX_WORK) this.refuse("resolving its types and instances takes too long", offset);
  }

  nested<T>(offset: number, run: () => T): T {
    if (this.depth >= MAX_INSTANTIATION_DEPTH) this.refuse("its instances are nested too deeply", offset);
    this.depth++;
    try {
      return run();
    } finally {
      this.depth--;
    }
  }

  refuse(why: string, offset: number): never {
    throw new AdmissionError("COMPONENT_TOO_COMPLEX", `the component is too complex: ${why}`, offset);
  }
}

type Importer = (name: string, type: ExternType, item: Item) => Entity;

/** The index spaces of one component, or of one instance type. */
class Scope {
  readonly exported: Extern[] = [];
  readonly #outer: Scope | null;
  readonly #work: Work;
  readonly #import: Importer;
  readonly #types: Defined[] = [];
  readonly #funcs: FunctionShape[] = [];
  readonly #instances: Exports[] = [];
  readonly #components: Extract<Entity, { sort: "component" }>[] = [];

  constructor(outer: Scope | null, work: Work, importer: Importer) {
    this.#outer = outer;
    this.#work = work;
    this.#import = importer;
  }

  run(items: readonly Item[]): void {
    for (const item of items) {
      this.#work.step(item.offset);
      this.#item(item);
    }
  }

  exports(): Exports {
    return new Map(this.exported.map(({ name, entity }) => [name, entity]));
  }

  #item(item: Item): void {
    switch (item.kind) {
      case "type":
        this.#define(item);
        return;
      case "component":
        this.#push(this.#closure(item.component));
        return;
      case "instantiate":
        this.#instantiate(item.component, item.args, item.offset);
        return;
      case "exports":
        this.#push({ sort: "instance", exports: this.#gather(item.exports, item.offset) });
        return;
      case "alias":
        this.#alias(item.sort, item.instance, item.name, item.offset);
        return;
      case "outer":
        this.#outerAlias(item.sort, item.count, item.index, item.offset);
        return;
      case "lift":
        this.#push({ sort: "func", shape: this.#functionType(item.type, item.offset) });
        return;
      case "import":
        this.#push(this.#import(item.name, item.type, item));
        return;
      case "export":
        this.#export(item);
        return;
    }
  }

  #push(entity: Entity): void {
    if (entity.sort === "func") this.#funcs.push(entity.shape);
    else if (entity.sort === "type") this.#types.push(entity.type);
    else if (entity.sort === "instance") this.#instances.push(entity.exports);
    else this.#components.push(entity);
  }

  #at<T>(space: readonly T[], index: number, what: string, offset: number): T {
    return space[index] ?? invalid(`there is no ${what} ${index} here`, offset);
  }

  #lookup(sort: Sort, index: number, offset: number): Entity | null {
    if (sort === "core") return null;
    if (sort === "func") return { sort, shape: this.#at(this.#funcs, index, "function", offset) };
    if (sort === "type") return { sort, type: this.#at(this.#types, index, "type", offset) };
    if (sort === "instance") return { sort, exports: this.#at(this.#instances, index, "instance", offset) };
    if (sort === "component") return this.#at(this.#components, index, "component", offset);
    return invalid("component values are not supported", offset);
  }

  #define(item: Extract<Item, { kind: "type" }>): void {
    const { type, offset } = item;
    if (type.kind !== "shape") {
      const typeAt = (index: number): Defined => this.#at(this.#types, index, "type", offset);
      this.#types.push(defineType(type, typeAt, this.#work.limits, offset));
      return;
    }
    const make = (at: number): Exports =>
      this.#work.nested(at, () => {
        const scope = new Scope(this, this.#work, (name, imported, from) => scope.declare(imported, name, from.offset));
        scope.run(type.items);
        return scope.exports();
      });
    this.#types.push({ kind: "shape", make });
  }

  /** Makes an entity of a declared type: what a root import, or a declaration in an instance type, stands for. */
  declare(type: ExternType, name: string, offset: number): Entity {
    if (type.sort === "type") {
      if (type.eq === null) return { sort: "type", type: resource(name) };
      return { sort: "type", type: named(this.#at(this.#types, type.eq, "type", offset), name) };
    }
    if (type.sort === "func") return { sort: "func", shape: this.#functionType(type.type, offset) };
    const defined = this.#at(this.#types, type.type, "type", offset);
    if (defined.kind !== "shape") return invalid(`type ${type.type} is not the type of an ${type.sort}`, offset);
    if (type.sort === "instance") return { sort: "instance", exports: defined.make(offset) };
    return { sort: "component", instantiate: () => defined.make(offset) };
  }

  #functionType(index: number, offset: number): FunctionShape {
    const defined = this.#at(this.#types, index, "type", offset);
    return defined.kind === "func" ? defined.shape : invalid(`type ${index} is not a function type`, offset);
  }

  #closure(node: ComponentNode): Extract<Entity, { sort: "component" }> {
    const instantiate = (args: Exports, offset: number): Exports =>
      this.#work.nested(offset, () => {
        const importer: Importer = (name, _type, item) =>
          args.get(name) ?? invalid(`the argument "${name}" is missing`, item.offset);
        const scope = new Scope(this, this.#work, importer);
        scope.run(node.items);
        return scope.exports();
      });
    return { sort: "component", instantiate };
  }

  #instantiate(index: number, args: readonly NamedIndex[], offset: number): void {
    const component = this.#at(this.#components, index, "component", offset);
    this.#push({ sort: "instance", exports: component.instantiate(this.#gather(args, offset), offset) });
  }

  #gather(uses: readonly NamedIndex[], offset: number): Exports {
    const gathered = new Map<string, Entity>();
    for (const { name, sort, index } of uses) {
      this.#work.step(offset);
      const entity = this.#lookup(sort, index, offset);
      if (entity !== null) gathered.set(name, entity);
    }
    return gathered;
  }

  #alias(sort: Sort, instance: number, name: string, offset: number): void {
    if (sort === "core") return;
    const entity = this.#at(this.#instances, instance, "instance", offset).get(name);
    if (entity?.sort !== sort) invalid(`instance ${instance} has no ${sort} "${name}"`, offset);
    this.#push(entity);
  }

  #outerAlias(sort: Sort, count: number, index: number, offset: number): void {
    let scope: Scope | null = this;
    for (let left = count; left > 0 && scope !== null; left--) scope = scope.#outer;
    if (scope === null) invalid(`there is no scope ${count} levels out`, offset);
    const entity = scope.#lookup(sort, index, offset);
    if (entity !== null) this.#push(entity);
  }

  #export(item: Extract<Item, { kind: "export" }>): void {
    const { name, target, type, offset } = item;
    const entity = this.#exportedEntity(target, type, name, offset);
    if (entity === null) invalid("a core item cannot be exported from a component", offset);
    this.#push(entity);
    this.exported.push({ name, entity, offset });
  }

  #exportedEntity(target: SortIndex | null, type: ExternType | null, name: string, offset: number): Entity | null {
    if (target === null) return type === null ? null : this.declare(type, name, offset);
    const entity = this.#lookup(target.sort, target.index, offset);
    if (entity?.sort === "type") return { sort: "type", type: named(entity.type, name) };
    // The ascribed type of a function speaks of the exported types, which have names.
    if (entity?.sort === "func" && type?.sort === "func") return this.declare(type, name, offset);
    return entity;
  }
}
