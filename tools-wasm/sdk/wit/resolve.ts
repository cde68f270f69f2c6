// Packages as written -> one world with every name resolved, and the interfaces that its types come from.
// Knows nothing of a language.

import { type Place, ToolSourceError } from "../failure.ts";
import type { Declared, Field, Module, NamedType, Type, WitFunction, World } from "./model.ts";
import type {
  Declarations,
  FunctionSyntax,
  InterfaceSyntax,
  PackageSyntax,
  PathSyntax,
  TypeDeclaration,
  TypeSyntax,
  WorldItem,
  WorldSyntax,
} from "./syntax.ts";

type Direction = "import" | "export";

/** Resolves a world of the first package; without a name, the only one that no other includes. Errors: `ToolSourceError`. */
export function resolveWorld(packages: readonly PackageSyntax[], name: string | null): World {
  const [root] = packages;
  if (root === undefined) return fail("there is no package");
  const included = new Set(root.worlds.flatMap(({ includes }) => includes.map((path) => path.name)));
  const found = root.worlds.filter((world) => (name === null ? !included.has(world.name) : world.name === name));
  const [world] = found;
  if (world === undefined) return fail(name === null ? `${root.id} has no world` : `${root.id} has no world ${name}`);
  if (found.length > 1) return fail(`${root.id} has ${found.length} worlds: say which one to build`);
  return new Resolver(packages).world(root, world);
}

function fail(message: string, place: Place | null = null): never {
  throw new ToolSourceError("the WIT cannot be used:", [{ message, place }]);
}

/** What a module is made from. */
interface Source {
  readonly key: string;
  readonly direction: Direction;
  readonly package: PackageSyntax;
  readonly interface: string | null;
  readonly own: boolean;
  readonly syntax: Declarations & { readonly name: string; readonly docs: string };
}

class Resolver {
  readonly #packages: ReadonlyMap<string, PackageSyntax>;
  /** In the order in which they were met. */
  readonly #sources = new Map<string, Source>();
  readonly #exported = new Set<string>();

  constructor(packages: readonly PackageSyntax[]) {
    this.#packages = new Map(packages.map((one) => [one.id, one]));
  }

  world(root: PackageSyntax, world: WorldSyntax): World {
    const whole = this.#whole(root, world, new Set());
    for (const { item, from } of whole.exports) {
      if (item.kind === "interface") this.#exported.add(this.#interfaceOf(item.path, from).id);
    }
    for (const direction of ["import", "export"] as const) {
      const items = direction === "import" ? whole.imports : whole.exports;
      const functions = items.flatMap(({ item }) => (item.kind === "function" ? [item.declared] : []));
      const types = direction === "import" ? whole.types : [];
      const syntax = { name: world.name, docs: world.docs, types, functions };
      this.#add({ key: `${direction} world`, direction, package: root, interface: null, own: true, syntax });
      for (const { item, from } of items) this.#worldItem(item, from, direction);
    }
    const modules = this.#modules().filter(({ types, functions }) => types.length + functions.length > 0);
    return { name: world.name, package: root.id, modules };
  }

  /** The items of a world and of all that it includes. */
  #whole(from: PackageSyntax, world: WorldSyntax, seen: Set<WorldSyntax>): WholeWorld {
    if (seen.has(world)) return { types: [], imports: [], exports: [] };
    seen.add(world);
    const own = (items: readonly WorldItem[]): PlacedItem[] => items.map((item) => ({ item, from }));
    const included = world.includes.map((path) => {
      const owner = this.#packageOf(path, from);
      const found = owner.worlds.find(({ name }) => name === path.name);
      return this.#whole(owner, found ?? fail(`there is no world ${path.name} in ${owner.id}`), seen);
    });
    return {
      types: [...world.types, ...included.flatMap(({ types }) => types)],
      imports: [...own(world.imports), ...included.flatMap(({ imports }) => imports)],
      exports: [...own(world.exports), ...included.flatMap(({ exports }) => exports)],
    };
  }

  #worldItem(item: WorldItem, from: PackageSyntax, direction: Direction): void {
    if (item.kind === "interface") this.#module(item.path, from, direction);
    if (item.kind !== "inline") return;
    const { declared } = item;
    const key = `${direction} ${declared.name}`;
    this.#add({ key, direction, package: from, interface: declared.name, own: true, syntax: declared });
  }

  #add(source: Source): void {
    if (!this.#sources.has(source.key)) this.#sources.set(source.key, source);
  }

  /** Resolving a module may bring others along; they are resolved in turn. */
  #modules(): readonly Module[] {
    const done = new Map<string, Module>();
    for (;;) {
      const next = [...this.#sources.values()].find(({ key }) => !done.has(key));
      if (next === undefined) return [...done.values()];
      done.set(next.key, this.#resolve(next));
    }
  }

  #resolve(source: Source): Module {
    const { key, direction, own, syntax } = source;
    const types = syntax.types.map((declaration): NamedType => {
      const { name, docs } = declaration;
      return { name, docs, type: this.#declared(declaration, source) };
    });
    const functions = syntax.functions.map((one) => this.#function(one, source));
    const home =
      own && source.interface !== null && !source.interface.includes("/") ? null : packageName(source.package);
    return {
      key,
      direction,
      interface: source.interface,
      package: home,
      name: syntax.name,
      docs: syntax.docs,
      types,
      functions,
    };
  }

  #function({ name, docs, of, parameters, result }: FunctionSyntax, source: Source): WitFunction {
    const resource = of === null ? null : this.#resource(of.resource, source);
    const self: Field[] =
      of?.as === "method" && resource !== null
        ? [{ name: "self", docs: "", type: { kind: "handle", owned: false, resource } }]
        : [];
    const own: Type | null =
      of?.as === "constructor" && resource !== null && result === null
        ? { kind: "handle", owned: true, resource }
        : null;
    return {
      name,
      docs,
      of: of === null || resource === null ? null : { resource, as: of.as },
      parameters: [...self, ...parameters.map((one) => ({ ...one, type: this.#type(one.type, source) }))],
      result: own ?? (result === null ? null : this.#type(result, source)),
    };
  }

  #type(syntax: TypeSyntax, source: Source): Type {
    switch (syntax.kind) {
      case "list":
      case "option":
        return { kind: syntax.kind, element: this.#type(syntax.element, source) };
      case "tuple":
        return { kind: "tuple", elements: syntax.elements.map((one) => this.#type(one, source)) };
      case "result": {
        const [ok, err] = [syntax.ok, syntax.err].map((one) => (one === null ? null : this.#type(one, source)));
        return { kind: "result", ok: ok ?? null, err: err ?? null };
      }
      case "borrow":
        return { kind: "handle", owned: false, resource: this.#resource(syntax.name, source) };
      case "name": {
        const type = this.#named(syntax.name, source);
        return type.kind === "resource" ? { kind: "handle", owned: true, resource: type.declared } : type;
      }
      default:
        return syntax;
    }
  }

  #resource(name: string, source: Source): Declared {
    const type = this.#named(name, source);
    if (type.kind === "resource") return type.declared;
    return type.kind === "handle" ? type.resource : fail(`${name} is not a resource`);
  }

  #named(name: string, source: Source): NamedType["type"] {
    const declaration = source.syntax.types.find((one) => one.name === name);
    return this.#declared(declaration ?? fail(`${source.syntax.name} has no type ${name}`), source);
  }

  #declared({ name, definition }: TypeDeclaration, source: Source): NamedType["type"] {
    const declared = { module: source.key, name };
    switch (definition.kind) {
      case "use":
        return this.#named(definition.name, this.#module(definition.path, source.package, source.direction));
      case "alias":
        return definition.type.kind === "name"
          ? this.#named(definition.type.name, source)
          : this.#type(definition.type, source);
      case "resource":
        return { kind: "resource", declared };
      case "record": {
        const fields = definition.fields.map((one) => ({ ...one, type: this.#type(one.type, source) }));
        return { kind: "record", declared, fields };
      }
      default: {
        const cases = definition.cases.map((one) => {
          return { ...one, type: one.type === null ? null : this.#type(one.type, source) };
        });
        return { kind: definition.kind, declared, cases };
      }
    }
  }

  /** The module of an interface; what an exported one uses is exported too where the world says so, and imported else. */
  #module(path: PathSyntax, from: PackageSyntax, wanted: Direction): Source {
    const { id, owner, syntax } = this.#interfaceOf(path, from);
    const direction = wanted === "export" && this.#exported.has(id) ? "export" : "import";
    const key = `${direction} ${id}`;
    this.#add({ key, direction, package: owner, interface: id, own: false, syntax });
    return this.#sources.get(key) ?? fail(`there is no interface ${id}`);
  }

  #interfaceOf(path: PathSyntax, from: PackageSyntax): { id: string; owner: PackageSyntax; syntax: InterfaceSyntax } {
    const alias = path.package === null ? from.aliases.get(path.name) : undefined;
    if (alias !== undefined && alias !== path) return this.#interfaceOf(alias, from);
    const owner = this.#packageOf(path, from);
    const syntax = owner.interfaces.find(({ name }) => name === path.name);
    if (syntax === undefined) return fail(`there is no interface ${path.name} in ${owner.id}`);
    const [name, version] = owner.id.split("@");
    return { id: `${name}/${path.name}${version === undefined ? "" : `@${version}`}`, owner, syntax };
  }

  #packageOf(path: PathSyntax, from: PackageSyntax): PackageSyntax {
    if (path.package === null) return from;
    return (
      this.#packages.get(path.package) ?? fail(`the package ${path.package} is not there: put its WIT into wit/deps`)
    );
  }
}

interface PlacedItem {
  readonly item: WorldItem;
  readonly from: PackageSyntax;
}

interface WholeWorld {
  readonly types: readonly TypeDeclaration[];
  readonly imports: readonly PlacedItem[];
  readonly exports: readonly PlacedItem[];
}

function packageName({ id }: PackageSyntax): string {
  return id.split("@")[0] ?? id;
}
