// The compiler transform behind `@exported("...")`: gives functions the export names of the canonical ABI, which are
// no AssemblyScript names, and refuses imports that no component may have. Knows nothing of WIT.

/** `@exported("glovebox:std/file@0.1.0#read") export function read(...)`. */
const DECORATOR = "exported";
const COMPONENT_IMPORT = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*(@\d+\.\d+\.\d+)?$/;

/** A transform class in the form that the compiler's `transforms` option takes; the compiler makes the instance. */
export interface TransformClass {
  new (): { afterParse(parser: Parser): void; afterCompile(module: Module): void };
}

/** A transform for one compilation, which may import from `imports`; without, from anything that is named like a WIT interface. */
export function exportTransform(imports?: ReadonlySet<string>): TransformClass {
  const names = new Map<string, string>();
  return class {
    /** The compiler puts it on the prototype. */
    declare readonly binaryen: Binaryen;

    afterParse(parser: Parser): void {
      collect(parser, names);
    }

    afterCompile(module: Module): void {
      rename(module, this.binaryen, names);
      checkImports(module, this.binaryen, (name) => imports?.has(name) ?? COMPONENT_IMPORT.test(name));
    }
  };
}

/** What is used of the compiler's syntax tree. */
export interface Parser {
  readonly sources: readonly { readonly statements: readonly Declaration[] }[];
}

interface Declaration {
  readonly name?: { readonly text: string };
  readonly decorators?: readonly Decorator[] | null;
}

interface Decorator {
  readonly name: { readonly text?: string };
  readonly args: readonly { readonly value?: string }[] | null;
}

/** What is used of a Binaryen module. */
export interface Module {
  getExport(name: string): number;
  removeExport(name: string): void;
  addFunctionExport(internalName: string, externalName: string): number;
  getNumFunctions(): number;
  getFunctionByIndex(index: number): number;
}

interface Binaryen {
  getExportInfo(reference: number): { readonly value: string };
  getFunctionInfo(reference: number): { readonly name: string; readonly module: string; readonly base: string };
}

function collect(parser: Parser, names: Map<string, string>): void {
  for (const declaration of parser.sources.flatMap((source) => source.statements)) {
    const decorator = declaration.decorators?.find(({ name }) => name.text === DECORATOR);
    if (decorator === undefined || declaration.name === undefined) continue;
    const exported = decorator.args?.[0]?.value;
    if (exported === undefined) throw new Error(`@${DECORATOR} of ${declaration.name.text} needs a name`);
    names.set(declaration.name.text, exported);
  }
}

function rename(module: Module, binaryen: Binaryen, names: ReadonlyMap<string, string>): void {
  for (const [name, exported] of names) {
    const reference = module.getExport(name);
    if (reference === 0) throw new Error(`@${DECORATOR} function ${name} is not exported by the entry file`);
    const { value } = binaryen.getExportInfo(reference);
    module.removeExport(name);
    module.addFunctionExport(value, exported);
  }
}

/** AssemblyScript's own library imports `env` for what a component gets from WASI or not at all. */
function checkImports(module: Module, binaryen: Binaryen, allowed: (name: string) => boolean): void {
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name, module: from, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (from === "" || allowed(from)) continue;
    throw new Error(
      `${name} imports ${from}.${base}, which is not a WIT interface: ` +
        "console, process, Date.now and Math.random are not for components: import what you need in WIT",
    );
  }
}
