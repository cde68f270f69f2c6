// From import objects back to the names that WIT has for what is in them.

import type { SupportedInterface } from "../contract/imports.ts";
import { CONSTRUCTS, type Interfaces, Resource } from "./resource.ts";

/** The interfaces and functions of import objects, in WIT's words: `getDirectories` -> `get-directories`, `Descriptor.prototype.openAt` -> `[method]descriptor.open-at`. */
export function describeImports(imports: Interfaces): readonly SupportedInterface[] {
  return Object.entries(imports).map(([name, members]) => ({
    name,
    functions: new Set(Object.entries(members).flatMap(([member, value]) => namesOf(member, value))),
  }));
}

function namesOf(member: string, value: unknown): readonly string[] {
  if (!isResourceClass(value)) return [kebabCase(member)];
  const resource = kebabCase(member);
  const methods = Object.getOwnPropertyNames(value.prototype).filter((method) => method !== "constructor");
  return [
    ...(CONSTRUCTS in value ? [`[constructor]${resource}`] : []),
    ...Object.keys(value).map((name) => `[static]${resource}.${kebabCase(name)}`),
    ...methods.map((method) => `[method]${resource}.${kebabCase(method)}`),
  ];
}

function isResourceClass(value: unknown): value is typeof Resource {
  return typeof value === "function" && value.prototype instanceof Resource;
}

/** `toDebugString` and `DirectoryEntryStream` with hyphens. No name of WASI's has two capitals in a row. */
function kebabCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase();
}
