// Import objects that are made when they are first looked at: most guests import few of them.
// It must not know what is in them.

import type { Interfaces } from "./resource.ts";

/** The interfaces of one package. */
export type Package = () => Interfaces;

/** All interfaces of some packages, frozen and without a prototype; `names` are those of each package, in the same order. */
export function lazily(packages: readonly Package[], names: readonly (readonly string[])[]): Interfaces {
  const imports: Interfaces = Object.create(null);
  for (const [index, open] of packages.entries()) {
    let made: Interfaces | null = null;
    const look = (name: string): unknown => {
      made ??= open();
      return made[name];
    };
    for (const name of names[index] ?? [])
      Object.defineProperty(imports, name, { enumerable: true, get: () => look(name) });
  }
  return Object.freeze(imports);
}
