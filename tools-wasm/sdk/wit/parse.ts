// WIT text -> packages as data (component-model WIT.md). Knows nothing of what a name refers to, nor whether it is right:
// the component tools check that.

import { Scanner } from "./scanner.ts";
import type {
  CaseSyntax,
  Declarations,
  FunctionSyntax,
  InterfaceSyntax,
  NamedSyntax,
  PackageSyntax,
  PathSyntax,
  Primitive,
  TypeDeclaration,
  TypeSyntax,
  WorldItem,
  WorldSyntax,
} from "./syntax.ts";
import { PRIMITIVES } from "./syntax.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

/**
 * The packages of a text: the one that its first line names (`home` where it has no such line), and those nested in it.
 * Errors: `ToolSourceError` with the place.
 */
export function parseWit(file: string, text: string, home: string | null): readonly PackageSyntax[] {
  const parser = new Parser(new Scanner(file, text));
  parser.packageBody(parser.rootId(home), false);
  return parser.packages;
}

class Parser {
  readonly packages: PackageSyntax[] = [];
  readonly #scan: Scanner;

  constructor(scanner: Scanner) {
    this.#scan = scanner;
  }

  rootId(home: string | null): string {
    if (home !== null && !this.#scan.sees("package")) return home;
    this.#scan.expect("package");
    const id = this.#packageId();
    this.#scan.expect(";");
    return id;
  }

  packageBody(id: string, nested: boolean): void {
    const interfaces: InterfaceSyntax[] = [];
    const worlds: WorldSyntax[] = [];
    const aliases = new Map<string, PathSyntax>();
    this.packages.push({ id, interfaces, worlds, aliases });
    while (nested ? !this.#scan.takes("}") : !this.#scan.done) {
      const docs = this.#scan.docs;
      const stable = this.#attributes();
      if (this.#scan.takes("package")) this.#nested();
      else if (this.#scan.takes("use")) this.#topLevelUse(aliases);
      else if (this.#scan.takes("interface")) keep(stable, interfaces, this.#interface(this.#scan.name(), docs));
      else if (this.#scan.takes("world")) keep(stable, worlds, this.#world(docs));
      else this.#scan.fail("an interface, a world, a package or a use is expected here");
    }
  }

  #nested(): void {
    const id = this.#packageId();
    this.#scan.expect("{");
    this.packageBody(id, true);
  }

  #packageId(): string {
    const namespace = this.#scan.name();
    this.#scan.expect(":");
    const name = this.#scan.name();
    return `${namespace}:${name}${this.#scan.takes("@") ? `@${this.#scan.version()}` : ""}`;
  }

  /** Whether what follows counts: what is marked `@unstable` is as good as not there. */
  #attributes(): boolean {
    let stable = true;
    while (this.#scan.takes("@")) {
      if (this.#scan.name() === "unstable") stable = false;
      this.#scan.skipParentheses();
    }
    return stable;
  }

  #topLevelUse(aliases: Map<string, PathSyntax>): void {
    const path = this.#path();
    aliases.set(this.#scan.takes("as") ? this.#scan.name() : path.name, path);
    this.#scan.expect(";");
  }

  /** `streams`, or `wasi:io/streams@0.2.0`. */
  #path(first: string = this.#scan.name(), offset: number = this.#scan.offset): PathSyntax {
    return this.#scan.takes(":") ? this.#qualified(first, offset) : { package: null, name: first, offset };
  }

  #qualified(namespace: string, offset: number): PathSyntax {
    const packageName = this.#scan.name();
    this.#scan.expect("/");
    const name = this.#scan.name();
    const version = this.#scan.takes("@") ? `@${this.#scan.version()}` : "";
    return { package: `${namespace}:${packageName}${version}`, name, offset };
  }

  #interface(name: string, docs: string): InterfaceSyntax {
    const into = { types: [] as TypeDeclaration[], functions: [] as FunctionSyntax[] };
    this.#scan.expect("{");
    while (!this.#scan.takes("}")) {
      const itemDocs = this.#scan.docs;
      const target = this.#attributes() ? into : { types: [], functions: [] };
      if (this.#typeItem(itemDocs, target)) continue;
      const functionName = this.#scan.name();
      this.#scan.expect(":");
      target.functions.push(this.#function(functionName, itemDocs, null));
      this.#scan.expect(";");
    }
    return { name, docs, ...into };
  }

  /** One declaration of a type, in an interface or a world; false when there is something else. */
  #typeItem(docs: string, into: Mutable<Declarations>): boolean {
    const add = (name: string, definition: TypeDeclaration["definition"]): boolean => {
      into.types.push({ name, docs, definition });
      return true;
    };
    if (this.#scan.takes("use")) return this.#use(into);
    if (this.#scan.takes("type")) {
      const name = this.#scan.name();
      this.#scan.expect("=");
      const type = this.#type();
      this.#scan.expect(";");
      return add(name, { kind: "alias", type });
    }
    if (this.#scan.takes("record")) return add(this.#scan.name(), { kind: "record", fields: this.#fields("{", "}") });
    for (const kind of ["variant", "enum", "flags"] as const) {
      if (this.#scan.takes(kind)) return add(this.#scan.name(), { kind, cases: this.#cases() });
    }
    if (!this.#scan.takes("resource")) return false;
    const name = this.#scan.name();
    add(name, { kind: "resource" });
    if (!this.#scan.takes(";")) this.#resourceBody(name, into);
    return true;
  }

  #use(into: Mutable<Declarations>): true {
    const path = this.#path();
    this.#scan.expect(".");
    this.#scan.expect("{");
    for (const { name, as } of this.#separated("}", () => this.#usedName())) {
      into.types.push({ name: as, docs: "", definition: { kind: "use", path, name } });
    }
    this.#scan.expect(";");
    return true;
  }

  #usedName(): { name: string; as: string } {
    const name = this.#scan.name();
    return { name, as: this.#scan.takes("as") ? this.#scan.name() : name };
  }

  #resourceBody(resource: string, into: Mutable<Declarations>): void {
    this.#scan.expect("{");
    while (!this.#scan.takes("}")) {
      const docs = this.#scan.docs;
      const stable = this.#attributes();
      const name = this.#scan.name();
      const isConstructor = name === "constructor" && this.#scan.sees("(");
      if (!isConstructor) this.#scan.expect(":");
      const as = isConstructor ? "constructor" : this.#scan.takes("static") ? "static" : "method";
      const found = isConstructor
        ? this.#signature(name, docs, { resource, as })
        : this.#function(name, docs, { resource, as });
      keep(stable, into.functions, found);
      this.#scan.expect(";");
    }
  }

  #function(name: string, docs: string, of: FunctionSyntax["of"]): FunctionSyntax {
    if (this.#scan.sees("async")) this.#scan.fail("async functions are not supported");
    this.#scan.expect("func");
    return this.#signature(name, docs, of);
  }

  #signature(name: string, docs: string, of: FunctionSyntax["of"]): FunctionSyntax {
    const parameters = this.#fields("(", ")");
    return { name, docs, of, parameters, result: this.#scan.takes("->") ? this.#type() : null };
  }

  #fields(open: string, close: string): readonly NamedSyntax[] {
    this.#scan.expect(open);
    return this.#separated(close, () => {
      const docs = this.#scan.docs;
      const name = this.#scan.name();
      this.#scan.expect(":");
      return { name, docs, type: this.#type() };
    });
  }

  #cases(): readonly CaseSyntax[] {
    this.#scan.expect("{");
    return this.#separated("}", () => {
      const docs = this.#scan.docs;
      const name = this.#scan.name();
      if (!this.#scan.takes("(")) return { name, docs, type: null };
      const type = this.#type();
      this.#scan.expect(")");
      return { name, docs, type };
    });
  }

  #separated<Item>(close: string, read: () => Item): Item[] {
    const items: Item[] = [];
    while (!this.#scan.takes(close)) {
      items.push(read());
      if (this.#scan.takes(",")) continue;
      this.#scan.expect(close);
      break;
    }
    return items;
  }

  #type(): TypeSyntax {
    const { offset } = this.#scan;
    const escaped = this.#scan.seesEscape;
    const name = this.#scan.name();
    if (escaped) return { kind: "name", name, offset };
    if (isPrimitive(name)) return { kind: name };
    if (name === "future" || name === "stream" || name === "error-context") {
      this.#scan.fail(`${name} is not supported: a tool's calls are synchronous`, offset);
    }
    if (name === "result") return this.#result();
    if (!this.#scan.takes("<")) return { kind: "name", name, offset };
    const [first, ...others] = name === "borrow" || name === "own" ? [] : this.#separated(">", () => this.#type());
    if (name === "tuple" && first !== undefined) return { kind: "tuple", elements: [first, ...others] };
    if ((name === "list" || name === "option") && first !== undefined && others.length === 0) {
      return { kind: name, element: first };
    }
    if (name !== "borrow" && name !== "own") this.#scan.fail(`${name}<...> is not supported here`, offset);
    const resource = this.#scan.name();
    this.#scan.expect(">");
    return { kind: name === "own" ? "name" : "borrow", name: resource, offset };
  }

  #result(): TypeSyntax {
    if (!this.#scan.takes("<")) return { kind: "result", ok: null, err: null };
    const ok = this.#scan.takes("_") ? null : this.#type();
    const err = this.#scan.takes(",") ? this.#type() : null;
    this.#scan.expect(">");
    return { kind: "result", ok, err };
  }

  #world(docs: string): WorldSyntax {
    const name = this.#scan.name();
    const into: Mutable<Declarations> = { types: [], functions: [] };
    const imports: WorldItem[] = [];
    const exports: WorldItem[] = [];
    const includes: PathSyntax[] = [];
    this.#scan.expect("{");
    while (!this.#scan.takes("}")) {
      const itemDocs = this.#scan.docs;
      const stable = this.#attributes();
      if (this.#scan.takes("import")) keep(stable, imports, this.#worldItem(itemDocs));
      else if (this.#scan.takes("export")) keep(stable, exports, this.#worldItem(itemDocs));
      else if (this.#scan.takes("include")) keep(stable, includes, this.#include());
      else if (!this.#typeItem(itemDocs, into)) this.#scan.fail("an import, an export or a type is expected here");
    }
    // The functions of resources that a world declares are its imports.
    imports.push(...into.functions.map((declared): WorldItem => ({ kind: "function", declared })));
    return { name, docs, types: into.types, imports, exports, includes };
  }

  #include(): PathSyntax {
    const path = this.#path();
    if (this.#scan.sees("with")) this.#scan.fail("include ... with is not supported");
    this.#scan.expect(";");
    return path;
  }

  #worldItem(docs: string): WorldItem {
    const { offset } = this.#scan;
    const name = this.#scan.name();
    if (!this.#scan.takes(":")) {
      this.#scan.expect(";");
      return { kind: "interface", path: { package: null, name, offset } };
    }
    if (this.#scan.takes("interface")) return { kind: "inline", declared: this.#interface(name, docs) };
    const isFunction = this.#scan.sees("func") || this.#scan.sees("async");
    const item: WorldItem = isFunction
      ? { kind: "function", declared: this.#function(name, docs, null) }
      : { kind: "interface", path: this.#qualified(name, offset) };
    this.#scan.expect(";");
    return item;
  }
}

function keep<Item>(stable: boolean, into: Item[], item: Item): void {
  if (stable) into.push(item);
}

function isPrimitive(name: string): name is Primitive {
  return (PRIMITIVES as readonly string[]).includes(name);
}
