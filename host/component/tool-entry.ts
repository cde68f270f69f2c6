// All that is known about a component once it has been admitted and compiled: what the cache keeps.
// It must not know where it is kept.

import type { SupportedInterface } from "../contract/imports.ts";
import type { AdmissionLimits } from "../limits.ts";
import { admit } from "./admit.ts";
import { type Compiled, compile } from "./compile.ts";
import type { Contract } from "./contract.ts";
import { checkImport } from "./imports.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { describeTool, type ToolDescription } from "./tool.ts";

/** A component's contract, its manifest, and its code. Plain data. */
export interface ToolEntry {
  /** `sha256:` and hex, of the component. */
  readonly digest: string;
  readonly bytes: number;
  readonly contract: Contract;
  readonly manifest: Manifest | null;
  readonly compiled: Compiled;
}

export interface BuildOptions {
  readonly digest: string;
  readonly limits: AdmissionLimits;
  readonly supportedImports: readonly SupportedInterface[];
}

/** Admits and compiles a component. Errors: those of `admit` and `compile`, MANIFEST_INVALID. */
export async function buildEntry(component: Uint8Array, options: BuildOptions): Promise<ToolEntry> {
  const admitted = admit(component, options);
  const { contract } = admitted;
  const manifest = admitted.manifest === null ? null : readManifest(admitted.manifest);
  const entry = { digest: options.digest, bytes: component.length, contract, manifest };
  // A manifest that does not fit is found before the long work, not after it.
  describeEntry(entry, "tool", options.supportedImports);
  return { ...entry, compiled: await compile(admitted, options.limits) };
}

/** Describes the tool of an entry, its imports judged anew. Errors: IMPORT_NOT_GRANTED, MANIFEST_INVALID, COMPONENT_NAME_REJECTED. */
export function describeEntry(
  { digest, bytes, contract, manifest }: Omit<ToolEntry, "compiled">,
  name: string,
  supportedImports: readonly SupportedInterface[],
): ToolDescription {
  for (const imported of contract.imports) checkImport(imported, supportedImports);
  return describeTool({ contract, manifest, name, digest, bytes });
}
