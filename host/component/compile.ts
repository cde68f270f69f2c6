// Admitted component -> Compiled: its core modules metered, and the JavaScript that binds them. The only caller of jco.
// It must not know caches, processes or grants.

import { asGloveboxError, GloveboxError } from "../errors.ts";
import type { AdmissionLimits } from "../limits.ts";
import { type MeteredModule, meter, type NamedExtern } from "../metering/index.ts";
import type { Admitted } from "./admit.ts";
import { evaluateFromMemory } from "./evaluate.ts";
import { confineGlue } from "./glue.ts";
import { stripComponent, stripModule } from "./strip.ts";
import { type Suspension, suspensionOf } from "./suspension.ts";

/** The exact version of `@bytecodealliance/jco-transpile` whose output `glue.ts` knows. */
export const JCO_VERSION = "0.15.0";

/** Counts the changes of this file, and of what it calls here, that make old compilations useless. */
export const COMPILE_VERSION = 7;

/** What has to be known about a core module to run it, and to explain its traps. Plain data. */
export interface ModuleFacts extends Pick<MeteredModule, "memories" | "tables" | "functions" | "importedFunctions"> {
  /** `module-0` is the first in the component's file; null for modules that jco wrote. */
  readonly label: string | null;
  /** The author's names of functions. */
  readonly names: readonly (readonly [index: number, name: string])[];
  /** What the imports and exports were called before they got names that are safe; null when they kept them. */
  readonly renamed: Renamed | null;
}

export interface Renamed {
  readonly imports: readonly Pick<NamedExtern, "module" | "name" | "newModule" | "newName">[];
  readonly exports: readonly Pick<NamedExtern, "name" | "newName">[];
}

export interface CompiledModule {
  /** What the JavaScript asks for it by. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly facts: ModuleFacts;
}

/** A component that can be instantiated: plain data, safe to keep on disk. */
export interface Compiled {
  readonly javascript: string;
  readonly modules: readonly CompiledModule[];
}

/**
 * Compiles a component. Everything in it has been through our own parser and meter before jco sees it.
 * Errors: those of `meter`, COMPONENT_INVALID when jco refuses it, COMPONENT_TOO_COMPLEX when the bindings get too large, COMPONENT_COMPILE_FAILED.
 */
export async function compile(
  { bytes, node, modules, contract }: Admitted,
  limits: AdmissionLimits,
): Promise<Compiled> {
  const moduleLimits = { ...limits, exports: limits.coreExports };
  const known = modules.map((range, index) => {
    const traced = { offsetBase: range.start, offsets: true, label: `module-${index}` };
    const metered = meter(bytes.subarray(range.start, range.end), { ...traced, limits: moduleLimits });
    return { plain: stripModule(bytes, range), metered };
  });
  const suspension = suspensionOf(contract);
  const files = await generateBindings(stripComponent(bytes, node), suspension);
  const javascript = new TextDecoder().decode(files.get(`${NAME}.js`));
  if (javascript.length > limits.generatedBytes) refuseBindings(javascript.length, limits.generatedBytes);
  // jco copies modules as they are, or adapts them; it also writes some of its own, between nested components.
  const core = [...files].filter(([name]) => name.endsWith(".wasm"));
  const compiled = core.map(([name, module]) => {
    const guest = known.find(({ plain }) => equal(plain, module))?.metered;
    const metered = guest ?? meter(module, { rename: true });
    const facts = factsOf(metered, guest === undefined);
    return { name, bytes: metered.bytes, facts };
  });
  return { javascript: await evaluable(confineGlue(javascript, suspension !== null)), modules: compiled };
}

/** Evaluating it defines one function and runs nothing; whatever is wrong with it is found here, once. */
async function evaluable(javascript: string): Promise<string> {
  try {
    await evaluateFromMemory(javascript);
    return javascript;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the names of the component's exports make no valid code (${reason})`;
    throw new GloveboxError("COMPONENT_NAME_REJECTED", message, { cause, hint: "Rename the export." });
  }
}

function refuseBindings(found: number, allowed: number): never {
  const message = `the component needs ${found} bytes of bindings; at most ${allowed} are allowed`;
  throw new GloveboxError("COMPONENT_TOO_COMPLEX", message, { data: { limit: "generatedBytes", found, allowed } });
}

function factsOf(metered: MeteredModule, renamed: boolean): ModuleFacts {
  const { memories, tables, functions, importedFunctions, label = null, names } = metered;
  const facts = { memories, tables, functions, importedFunctions, label, names: [...names] };
  if (!renamed) return { ...facts, renamed: null };
  const imports = metered.imports.map(({ module, name, newModule, newName }) => ({ module, name, newModule, newName }));
  const exports = metered.exports.map(({ name, newName }) => ({ name, newName }));
  return { ...facts, renamed: { imports, exports } };
}

const NAME = "component";

async function generateBindings(
  component: Uint8Array,
  suspension: Suspension | null,
): Promise<ReadonlyMap<string, Uint8Array>> {
  // Loaded only here: it takes a tenth of a second and starts a worker thread.
  const { $init, generate } = await import("@bytecodealliance/jco-transpile/component");
  await $init;
  try {
    const { files } = generate(component, {
      name: NAME,
      instantiation: { tag: "sync" },
      asyncMode: suspension === null ? { tag: "sync" } : { tag: "jspi", val: suspension },
      map: [],
      noTypescript: true,
      noNodejsCompat: true,
      noComponentErrorWrapping: true,
      noNamespacedExports: false,
      validLiftingOptimization: false,
      tracing: false,
      base64Cutoff: 0,
      compat: false,
      multiMemory: true,
      tlaCompat: false,
    });
    return new Map(files);
  } catch (thrown) {
    throw refusal(thrown);
  }
}

/** jco throws texts for what it refuses, and traps for what it did not expect. */
function refusal(thrown: unknown): GloveboxError {
  if (thrown instanceof WebAssembly.RuntimeError) {
    return asGloveboxError(thrown, "COMPONENT_COMPILE_FAILED", "the component cannot be compiled");
  }
  const payload: unknown = thrown instanceof Error && "payload" in thrown ? thrown.payload : thrown;
  const reason = typeof payload === "string" ? payload : String(payload);
  const [, offset] = /at offset 0x([0-9a-f]+)/.exec(reason) ?? [];
  const message = `the component is not valid: ${reason.slice(0, 500)}`;
  return new GloveboxError("COMPONENT_INVALID", message, {
    cause: thrown,
    data: offset === undefined ? {} : { strippedOffset: Number.parseInt(offset, 16) },
  });
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
