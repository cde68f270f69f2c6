// What WIT names become in AssemblyScript: files, modules, classes, functions, and types where they are used.
// Knows nothing of memory.

import type { Declared, Module, NamedType, Type, World } from "../wit/model.ts";

/** Words that cannot name a function, a parameter or a method. */
const WORDS = new Set(
  (
    "abstract any as async await bool boolean break case catch class const constructor continue debugger declare default delete do " +
    "else enum export extends f32 f64 false finally for from function get i16 i32 i64 i8 if implements import in instanceof " +
    "interface is isize keyof let namespace new null number object of override package private protected public readonly return " +
    "set static string super switch symbol this throw true try type typeof u16 u32 u64 u8 undefined unknown usize v128 var void while with yield " +
    "unreachable load store unit borrowed dropBorrowed liftString storeString toBits fromBits heap assert changetype reinterpret unchecked"
  ).split(" "),
);

/** Names that generated code, or AssemblyScript itself, means something else by. */
const TYPES = new Set(
  (
    "Array ArrayBuffer Boolean DataView Date Error F32 F64 Function I16 I32 I64 I8 Infinity Map Math NaN Number Object Option Result " +
    "Set StaticArray String Symbol U16 U32 U64 U8 Uint8Array Unit V128"
  ).split(" "),
);

const PRIMITIVES: Readonly<Record<string, string>> = {
  ...{ bool: "bool", u8: "u8", u16: "u16", u32: "u32", u64: "u64", s8: "i8", s16: "i16", s32: "i32", s64: "i64" },
  ...{ f32: "f32", f64: "f64", char: "u32", string: "string" },
};

export function camelCase(name: string): string {
  const words = name.toLowerCase().split("-");
  return words.map((word, index) => (index === 0 ? word : upperFirst(word))).join("");
}

/** A function, a parameter, a field or a method. */
export function valueName(name: string): string {
  const camel = camelCase(name);
  return WORDS.has(camel) ? `${camel}_` : camel;
}

/** A class or an enum. */
export function className(name: string): string {
  const pascal = upperFirst(camelCase(name));
  return TYPES.has(pascal) || /^Tuple\d+$/.test(pascal) ? `${pascal}_` : pascal;
}

/** A case of an enum. */
export function caseName(name: string): string {
  return upperFirst(camelCase(name));
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What the modules of a world are called, and the types in them. */
export class Names {
  readonly world: World;
  readonly #files = new Map<string, string>();

  constructor(world: World) {
    this.world = world;
    for (const module of [...world.modules].sort((a) => (a.direction === "export" ? -1 : 1))) {
      this.#files.set(module.key, this.#freeName(module));
    }
  }

  #freeName(module: Module): string {
    // What a world imports itself, and what its author exports, are named after it; no interface of its package is.
    if (module.interface === null) return module.name.toLowerCase();
    const home = module.package === null || module.package === this.world.package.split("@")[0];
    const plain = home ? module.name : `${String(module.package).replace(":", "-")}-${module.name}`;
    const taken = new Set([...this.#files.values(), "runtime", "abi", "entry", "tuples"]);
    const version = (module.interface ?? "").split("@")[1]?.replaceAll(/[^0-9A-Za-z]/g, "-");
    const candidates = [
      plain,
      `${module.direction}ed-${plain}`,
      `${module.direction}ed-${plain}-${version ?? "plain"}`,
    ];
    const found = candidates.map((name) => name.toLowerCase()).find((name) => !taken.has(name));
    return found ?? `${plain}-${this.#files.size}`;
  }

  /** The file of a module, without its ending. */
  file(key: string): string {
    return this.#files.get(key) ?? key;
  }

  /** What other files call a module. */
  alias(key: string): string {
    return `$${camelCase(this.file(key))}`;
  }

  declared({ module, name }: Declared, here: string | null): string {
    return module === here ? className(name) : `${this.alias(module)}.${className(name)}`;
  }

  /** A type where it is used, in the file of the module `here`. */
  type(type: Type, here: string | null): string {
    switch (type.kind) {
      case "list":
        return type.element.kind === "u8" ? "Uint8Array" : `Array<${this.type(type.element, here)}>`;
      case "option":
        return optionIsNull(type)
          ? `${this.type(type.element, here)} | null`
          : `Option<${this.type(type.element, here)}>`;
      case "result":
        return `Result<${this.payload(type.ok, here)}, ${this.payload(type.err, here)}>`;
      case "tuple":
        return `Tuple${type.elements.length}<${type.elements.map((one) => this.type(one, here)).join(", ")}>`;
      case "handle":
        return this.declared(type.resource, here);
      case "record":
      case "variant":
      case "enum":
      case "flags":
        return this.declared(type.declared, here);
      default:
        return PRIMITIVES[type.kind] ?? type.kind;
    }
  }

  /** What stands for a payload, also where there is none. */
  payload(type: Type | null, here: string | null): string {
    return type === null ? "Unit" : this.type(type, here);
  }

  returned(type: Type | null, here: string | null): string {
    return type === null ? "void" : this.type(type, here);
  }

  /** `slug(text: string): Result<string, WordsError>`, as the author of the module writes it. */
  signature(
    parameters: readonly { readonly name: string; readonly type: Type }[],
    result: Type | null,
    here: string | null,
  ): string {
    const list = parameters.map(({ name, type }) => `${valueName(name)}: ${this.type(type, here)}`);
    return `(${list.join(", ")}): ${this.returned(result, here)}`;
  }
}

/** Whether an option is written `T | null`; where T is a number, or could be null itself, it is an `Option<T>`. */
export function optionIsNull(type: Type): boolean {
  return type.kind === "option" && isReference(type.element) && !optionIsNull(type.element);
}

function isReference(type: Type): boolean {
  return ["string", "list", "option", "result", "tuple", "record", "variant", "handle"].includes(type.kind);
}

/** Whether a name of an interface is declared there, and is not another's. */
export function isOwn(module: Module, { name, type }: NamedType): boolean {
  const declared = declaredOf(type);
  return declared !== null && declared.module === module.key && declared.name === name;
}

export function declaredOf(type: NamedType["type"]): Declared | null {
  if ("declared" in type) return type.declared;
  return type.kind === "handle" ? type.resource : null;
}
