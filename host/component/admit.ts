// Component bytes -> Admitted: parsed by us, within the limits, every name and import looked at, before any other code sees them.
// It must not look inside core modules (metering does), nor know what a scope grants.

import type { SupportedInterface } from "../contract/imports.ts";
import { AdmissionError } from "../errors.ts";
import type { AdmissionLimits } from "../limits.ts";
import type { ComponentNode, Item } from "./binary/model.ts";
import { parseComponent } from "./binary/parse.ts";
import type { Range } from "./binary/reader.ts";
import { resolveWorld } from "./binary/resolve.ts";
import type { World } from "./binary/world.ts";
import { type Contract, contractOf } from "./contract.ts";
import { checkImport, checkImportForm } from "./imports.ts";
import { MANIFEST_SECTION } from "./manifest-section.ts";
import { checkCoreName, checkExternName } from "./names.ts";

export interface AdmitOptions {
  readonly limits: AdmissionLimits;
  readonly supportedImports: readonly SupportedInterface[];
}

/** A component that may be compiled. */
export interface Admitted {
  readonly bytes: Uint8Array;
  readonly node: ComponentNode;
  readonly contract: Contract;
  /** Where each core module lies, in the order of the file. */
  readonly modules: readonly Range[];
  /** The bytes of the embedded manifest, not looked at yet; null when there is none. */
  readonly manifest: Uint8Array | null;
}

/**
 * Admits a component or refuses it. Errors: COMPONENT_INVALID, COMPONENT_TOO_COMPLEX, COMPONENT_NAME_REJECTED,
 * UNSUPPORTED_FEATURE with `data.offset`; IMPORT_NOT_GRANTED with the interface and the function.
 */
export function admit(bytes: Uint8Array, { limits, supportedImports }: AdmitOptions): Admitted {
  const node = parseComponent(bytes, limits);
  const world = checkImportForms(node, limits);
  const contract = contractOf(world, limits);
  for (const imported of contract.imports) checkImport(imported, supportedImports);
  const survey = new Survey(limits);
  survey.visit(node.items);
  return { bytes, node, contract, modules: survey.modules, manifest: manifestOf(bytes, node) };
}

function checkImportForms(node: ComponentNode, limits: AdmissionLimits): World {
  const world = resolveWorld(node, limits);
  for (const imported of world.imports) checkImportForm(imported);
  return world;
}

/** Walks all items once: checks names, counts what is limited, collects the core modules. */
class Survey {
  readonly modules: Range[] = [];
  readonly #limits: AdmissionLimits;
  #imports = 0;
  #exports = 0;
  #coreInstances = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  visit(items: readonly Item[]): void {
    for (const item of items) this.#item(item);
  }

  #item(item: Item): void {
    switch (item.kind) {
      case "core-module":
        this.modules.push(item.module);
        return;
      case "core-instantiate":
        this.#limit("coreInstances", ++this.#coreInstances, item.offset);
        this.#coreNames(item.names, item.offset);
        return;
      case "core-exports":
        this.#coreNames(item.names, item.offset);
        return;
      case "core-alias":
        checkCoreName(item.name, item.offset);
        return;
      case "component":
        this.visit(item.component.items);
        return;
      case "type":
        if (item.type.kind === "shape") this.visit(item.type.items);
        return;
      case "import":
        this.#limit("imports", ++this.#imports, item.offset);
        checkExternName(item.name, item.offset);
        return;
      case "export":
        this.#limit("exports", ++this.#exports, item.offset);
        checkExternName(item.name, item.offset);
        return;
      case "exports":
        for (const { name } of item.exports) checkExternName(name, item.offset);
        return;
      case "instantiate":
        for (const { name } of item.args) checkExternName(name, item.offset);
        return;
      case "alias":
        checkExternName(item.name, item.offset);
        return;
    }
  }

  #coreNames(names: readonly string[], offset: number): void {
    for (const name of names) checkCoreName(name, offset);
  }

  #limit(name: "coreInstances" | "imports" | "exports", found: number, offset: number): void {
    const allowed = this.#limits[name];
    if (found <= allowed) return;
    const what = { coreInstances: "core instances", imports: "imports", exports: "exports" }[name];
    const message = `the component has more than ${allowed} ${what}`;
    throw new AdmissionError("COMPONENT_TOO_COMPLEX", message, offset, { data: { limit: name, allowed } });
  }
}

function manifestOf(bytes: Uint8Array, node: ComponentNode): Uint8Array | null {
  const sections = node.items.filter((item) => item.kind === "custom" && item.name === MANIFEST_SECTION);
  const [section, second] = sections;
  if (second !== undefined)
    throw new AdmissionError("MANIFEST_INVALID", "the component has two manifests", second.offset);
  return section?.kind === "custom" ? bytes.subarray(section.payload.start, section.payload.end) : null;
}
