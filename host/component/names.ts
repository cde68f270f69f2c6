// Which names a component may carry. Every name that could reach generated JavaScript passes through here first.
// It must not know where a name is used.

import { camelCase } from "../contract/names.ts";
import { AdmissionError } from "../errors.ts";

const CORE_NAME = /^[A-Za-z0-9_ $.:/@#[\]<>+=!%&|?^~,;()-]*$/;
const RESERVED_CORE_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype", "then"]);

const LABEL = "(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*";
const VERSION = "@[0-9A-Za-z][0-9A-Za-z.+-]*";
const LABEL_ONLY = new RegExp(`^${LABEL}$`);
const INTERFACE = new RegExp(`^${LABEL}:${LABEL}/${LABEL}(?:${VERSION})?$`);
const METHOD = new RegExp(`^\\[(?:method|static)\\]${LABEL}\\.${LABEL}$|^\\[constructor\\]${LABEL}$`);

/** A name as a message may show it: quoted, escaped, cut. */
export function shown(name: string): string {
  const escaped = JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
  return escaped.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function reject(what: string, name: string, offset: number, why: string): never {
  throw new AdmissionError("COMPONENT_NAME_REJECTED", `${what} ${shown(name)} ${why}`, offset);
}

/** Accepts the name of a core import, export or argument. Errors: COMPONENT_NAME_REJECTED. */
export function checkCoreName(name: string, offset: number): void {
  if (RESERVED_CORE_NAMES.has(name)) reject("the core name", name, offset, "has a meaning of its own in JavaScript");
  if (!CORE_NAME.test(name)) reject("the core name", name, offset, "holds a character that is not allowed");
}

/** Accepts a kebab-case name, as fields, cases, flags and parameters have. Errors: COMPONENT_NAME_REJECTED. */
export function checkLabel(name: string, offset: number): void {
  if (!LABEL_ONLY.test(name)) reject("the name", name, offset, "is not a kebab-case name");
}

/** Accepts the name of an import or export: a kebab-case name, an interface, or a method. Errors: COMPONENT_NAME_REJECTED. */
export function checkExternName(name: string, offset: number): void {
  if (LABEL_ONLY.test(name) || INTERFACE.test(name) || METHOD.test(name)) return;
  reject("the import or export", name, offset, "is neither a kebab-case name nor an interface nor a method");
}

/**
 * What generated code calls its own parts, or takes from the language, without making sure that no export is called so. jco
 * renames exports that collide with the rest of its code.
 */
const GENERATED_NAME =
  /^(?:undefined|NaN|Infinity|arguments|console|globalThis|parseInt|(?:module|memory|exports|realloc|trampoline|postReturn|callback|handleTable|captureTable|captureCnt|instanceFlags)\d+(?:Async)?)$/;

/** Accepts the name of an exported function. Errors: COMPONENT_NAME_REJECTED. */
export function checkFunctionName(name: string, offset: number): void {
  if (GENERATED_NAME.test(camelCase(name)))
    reject("the export", name, offset, "has a meaning of its own in generated code");
}

/** Accepts names that stay distinct as JavaScript properties, and differ in more than case. Errors: COMPONENT_NAME_REJECTED. */
export function checkDistinct(names: readonly string[], offset: number): void {
  const seen = new Set<string>();
  for (const name of names) {
    const spelled = camelCase(name).toLowerCase();
    if (seen.has(spelled)) reject("the name", name, offset, "cannot be told from another one beside it");
    seen.add(spelled);
  }
}

/** Splits `wasi:io/streams@0.2.3` into its parts; null when the name is not that of an interface. */
export function parseInterfaceName(name: string): { readonly path: string; readonly version: string | null } | null {
  if (!INTERFACE.test(name)) return null;
  const [path = name, version] = name.split("@", 2);
  return { path, version: version ?? null };
}
