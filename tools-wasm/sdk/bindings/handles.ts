// How handles of resources become objects and back. An imported resource is a class around its handle; an exported one is the
// author's own class, whose objects the host knows by handles. Knows nothing of files.

import type { Declared, Module, Type, World } from "../wit/model.ts";
import type { HandleCode } from "./abi.ts";
import { camelCase, className, isOwn, type Names } from "./names.ts";

/** A resource that a module declares. */
export interface Resource {
  readonly module: Module;
  readonly declared: Declared;
}

/** The resources that a world's modules declare themselves. */
export function resourcesOf(world: World): readonly Resource[] {
  return world.modules.flatMap((module) =>
    module.types.flatMap((named) => {
      const { type } = named;
      return type.kind === "resource" && isOwn(module, named) ? [{ module, declared: type.declared }] : [];
    }),
  );
}

/** Handle code for all resources of a world. Borrowed handles of imported resources are dropped when the call ends. */
export class Handles implements HandleCode {
  readonly #names: Names;
  readonly #exported: ReadonlySet<string>;

  constructor(names: Names) {
    this.#names = names;
    const exported = resourcesOf(names.world).filter(({ module }) => module.direction === "export");
    this.#exported = new Set(exported.map(({ module }) => module.key));
  }

  isExported(resource: Declared): boolean {
    return this.#exported.has(resource.module);
  }

  lift({ resource, owned }: Type & { kind: "handle" }, handle: string): string {
    const name = this.#names.declared(resource, null);
    if (this.isExported(resource)) {
      const representation = owned ? `${intrinsic(this.#names, resource, "rep")}(${handle})` : `<usize>${handle}`;
      return `changetype<${name}>(${representation})`;
    }
    return owned ? `new ${name}(${handle})` : `new ${name}(borrowed(${handle}, ${name}.dropHandle))`;
  }

  lower({ resource }: Type & { kind: "handle" }, value: string): string {
    if (!this.isExported(resource)) return `${value}.handle`;
    return `${intrinsic(this.#names, resource, "new")}(changetype<usize>(${value}))`;
  }

  /** The declarations that the exported resources need in `abi.ts`. */
  intrinsics(): readonly string[] {
    const exported = resourcesOf(this.#names.world).filter(({ module }) => module.direction === "export");
    return exported.flatMap(({ module, declared }) =>
      (["new", "rep"] as const).map((what) => {
        const [parameter, result] = what === "new" ? ["object: usize", "i32"] : ["handle: i32", "usize"];
        const external = `@external("[export]${module.interface}", "[resource-${what}]${declared.name}")`;
        return `${external}\nexport declare function ${intrinsic(this.#names, declared, what)}(${parameter}): ${result};`;
      }),
    );
  }
}

function intrinsic(names: Names, { module, name }: Declared, what: "new" | "rep"): string {
  return `${camelCase(names.file(module))}${className(name)}_${what}`;
}
