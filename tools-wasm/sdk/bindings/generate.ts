// A world -> the AssemblyScript files that stand between it and its author: a file for each interface, `abi.ts` for memory,
// and `entry.ts`, the program that the compiler starts from. Knows nothing of folders or compilers.

import type { Module, World } from "../wit/model.ts";
import { Abi } from "./abi.ts";
import { exportCode, type ImportCode, importCode } from "./functions.ts";
import { Handles, resourcesOf } from "./handles.ts";
import { className, Names, valueName } from "./names.ts";
import { docComment, tupleClasses, typeDeclarations } from "./types.ts";

/** What the author has to write for one exported function. */
export interface Duty {
  /** The name of the exported function in `entry.ts`. */
  readonly entry: string;
  /** The author's file without its ending: `words`. */
  readonly file: string;
  /** `Counter` for what belongs to a resource. */
  readonly resource: string | null;
  readonly name: string;
  /** `slug(text: string): Result<string, WordsError>`. */
  readonly signature: string;
}

export interface Bindings {
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, string>;
  readonly duties: readonly Duty[];
  /** The module names that the program may import from. */
  readonly imports: ReadonlySet<string>;
}

const HEADER = "// Generated from WIT by glovebox: do not edit.\n";

/** Generates the bindings of a world. The same world gives the same files. */
export function generateBindings(world: World): Bindings {
  const names = new Names(world);
  const handles = new Handles(names);
  const abi = new Abi(names, handles);
  const files = new Map<string, string>();
  for (const module of world.modules.filter(hasFile)) {
    files.set(`${names.file(module.key)}.ts`, moduleFile(module, names, abi));
  }
  const duties: Duty[] = [];
  files.set("entry.ts", entryFile(world, names, abi, duties));
  files.set("abi.ts", abiFile(names, abi, handles));
  files.set("tuples.ts", `${HEADER}\n${tupleClasses(aritiesIn([...files.values()]))}`);
  const resources = resourcesOf(world).filter(({ module }) => module.direction === "export");
  const imports = new Set([
    ...world.modules.filter(({ direction }) => direction === "import").map((module) => module.interface ?? "$root"),
    ...resources.map(({ module }) => `[export]${module.interface}`),
  ]);
  return { files, duties, imports };
}

/** All but the functions that a world exports itself: they are the author's. */
function hasFile({ interface: name, direction }: Module): boolean {
  return name !== null || direction === "import";
}

/** Every tuple that some file mentions. */
function aritiesIn(texts: readonly string[]): ReadonlySet<number> {
  return new Set(texts.flatMap((text) => [...text.matchAll(/\bTuple(\d+)</g)].map((found) => Number(found[1]))));
}

function moduleFile(module: Module, names: Names, abi: Abi): string {
  const imported = module.direction === "import";
  const codes = module.functions.map((one, index) =>
    imported ? importCode(one, module, `core_${index}`, abi, names) : null,
  );
  const classes = resourcesOf(names.world)
    .filter((resource) => resource.module === module)
    .map(({ declared }) => {
      if (!imported) return `export { ${className(declared.name)} } from "../${names.file(module.key)}";`;
      const methods = codes.flatMap((code, index) =>
        code !== null && module.functions[index]?.of?.resource.name === declared.name ? [code.wrapper] : [],
      );
      return resourceClass(declared.name, module, methods);
    });
  const free = codes.flatMap((code, index) =>
    code !== null && module.functions[index]?.of === null ? [code.wrapper] : [],
  );
  const declarations = codes.flatMap((code: ImportCode | null) => (code === null ? [] : [code.declaration]));
  const parts = [...declarations, ...typeDeclarations(module, names), ...classes, ...free];
  return file(parts, names, module.docs);
}

function resourceClass(name: string, module: Module, methods: readonly string[]): string {
  const resource = className(name);
  return [
    `@external("${module.interface ?? "$root"}", "[resource-drop]${name}")`,
    `declare function drop_${resource}(handle: i32): void;`,
    "",
    `${docComment(
      `The resource \`${name}\`: a handle that the host knows. Drop what you own when you are done with it.`,
      "",
    )}export class ${resource} {`,
    "  constructor(readonly handle: i32) {}",
    "",
    "  static dropHandle(handle: i32): void {",
    `    drop_${resource}(handle);`,
    "  }",
    "",
    "  drop(): void {",
    `    drop_${resource}(this.handle);`,
    "  }",
    ...methods.flatMap((method) => ["", method]),
    "}",
  ].join("\n");
}

function entryFile(world: World, names: Names, abi: Abi, duties: Duty[]): string {
  const exported = world.modules.filter(({ direction, functions }) => direction === "export" && functions.length > 0);
  const functions = exported.flatMap((module, at) =>
    module.functions.map((one) => {
      const entry = `export${duties.length}`;
      const isMethod = one.of?.as === "method";
      const signature = names.signature(isMethod ? one.parameters.slice(1) : one.parameters, one.result, module.key);
      const name = one.of?.as === "constructor" ? "constructor" : valueName(one.name);
      const resource = one.of === null ? null : className(one.of.resource.name);
      duties.push({ entry, file: names.file(module.key), resource, name, signature: `${name}${signature}` });
      return exportCode(one, module, entry, `author${at}`, abi);
    }),
  );
  const authors = exported.map((module, at) => `import * as author${at} from "../${names.file(module.key)}";`);
  return file(['export { cabi_realloc } from "./runtime";', ...functions], names, "", authors);
}

function abiFile(names: Names, abi: Abi, handles: Handles): string {
  return file([...handles.intrinsics(), ...abi.functions], names, "");
}

/** A file of declarations, with the imports that they need. */
function file(parts: readonly string[], names: Names, docs: string, more: readonly string[] = []): string {
  const code = parts.join("\n\n");
  const mentioned = (name: string): boolean => new RegExp(`(?<![\\w$.])${name.replace("$", "\\$")}\\b`).test(code);
  const modules = names.world.modules.filter((module) => hasFile(module) && mentioned(names.alias(module.key)));
  const tuples = [...aritiesIn([code])].sort((a, b) => a - b).map((arity) => `Tuple${arity}`);
  const generated = [...new Set(code.match(/\b(?:load|store|lift|lower)_\d+\b|\b\w+_(?:new|rep)\b(?=\()/g) ?? [])];
  const declaredHere = new Set(
    [...code.matchAll(/^export (?:declare )?function (\w+)/gm)].map((found) => found[1] ?? ""),
  );
  const runtime = ["borrowed", "dropBorrowed", "liftString", "storeString", ...RUNTIME_NAMES].filter(mentioned);
  const abi = generated.filter((name) => !declaredHere.has(name));
  const imports = [
    ...(abi.length === 0 ? [] : [`import { ${abi.join(", ")} } from "./abi";`]),
    ...(runtime.length === 0 ? [] : [`import { ${runtime.join(", ")} } from "./runtime";`]),
    ...(tuples.length === 0 ? [] : [`import { ${tuples.join(", ")} } from "./tuples";`]),
    ...modules.map(({ key }) => `import * as ${names.alias(key)} from "./${names.file(key)}";`),
    ...more,
  ];
  const head =
    docs === ""
      ? HEADER
      : HEADER +
        docs
          .split("\n")
          .map((line) => `${`// ${line}`.trimEnd()}\n`)
          .join("");
  return [head, ...(imports.length === 0 ? [] : [`${imports.join("\n")}\n`]), `${code}\n`].join("\n");
}

const RUNTIME_NAMES = ["fromBits", "Option", "Result", "toBits", "Unit", "unit"];
