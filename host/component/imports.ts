// Which imports a component may have: exactly the functions that the host implements, in any 0.2.x version.
// It must not know how the host implements them, nor what a scope grants.

import type { SupportedInterface } from "../contract/imports.ts";
import { GloveboxError } from "../errors.ts";
import type { Extern } from "./binary/world.ts";
import type { ImportedInterface } from "./contract.ts";
import { parseInterfaceName, shown } from "./names.ts";

const VERSION = /^0\.2\.\d{1,6}$/;
const HINT = "A tool reaches the world through WASI 0.2 alone; `glovebox tool inspect` lists what a component imports.";

function notGranted(what: string, why: string, data: Readonly<Record<string, unknown>>): never {
  throw new GloveboxError("IMPORT_NOT_GRANTED", `the component imports ${what}, ${why}`, { hint: HINT, data });
}

/** Accepts imports of interfaces, and of names for types. Errors: IMPORT_NOT_GRANTED. */
export function checkImportForm({ name, entity, offset }: Extern): void {
  if (entity.sort === "instance" || (entity.sort === "type" && entity.type.kind !== "resource")) return;
  const what = entity.sort === "type" ? "resource type" : entity.sort === "func" ? "function" : entity.sort;
  notGranted(`the ${what} ${shown(name)}`, "and only functions of known interfaces can be granted", { name, offset });
}

/** Accepts an interface of which the host has every function that is imported. Errors: IMPORT_NOT_GRANTED, naming interface and function. */
export function checkImport(imported: ImportedInterface, supported: readonly SupportedInterface[]): void {
  const parsed = parseInterfaceName(imported.name);
  const host = supported.find((one) => one.name === parsed?.path);
  const data = { interface: imported.name };
  if (parsed === null || host === undefined) {
    notGranted(shown(imported.name), "which the host does not implement", data);
  }
  if (parsed.version === null || !VERSION.test(parsed.version)) {
    notGranted(shown(imported.name), "of which the host has the versions 0.2.x only", data);
  }
  for (const name of imported.functions) {
    if (!host.functions.has(name))
      notGranted(`${shown(name)} of ${imported.name}`, "which the host does not implement", {
        ...data,
        function: name,
      });
  }
}
