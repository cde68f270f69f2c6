// Compiled -> prepared once per process -> a fresh instance per call.
// It must not know where the code came from, what the imports do, or what an action is.

import { GloveboxError } from "../errors.ts";
import { CALL_LIMITS } from "../limits.ts";
import type { Meter } from "../metering/index.ts";
import { stackHolds } from "../metering/stack-probe.ts";
import { Boundary } from "./boundary.ts";
import type { Compiled, Renamed } from "./compile.ts";
import { evaluateFromMemory } from "./evaluate.ts";
import { criticalError, type RunningModule } from "./failure.ts";

/** What jco's code calls for each core module, with the border that our prelude looks for. */
interface InstantiateCore {
  (module: RunningModule, imports?: WebAssembly.Imports): CoreInstance;
  boundary: Boundary;
}

type CoreInstance = Pick<WebAssembly.Instance, "exports">;

type Imports = Readonly<Record<string, object>>;

/** The one export of generated code. It keeps no state outside of itself, so that each call of it stands alone. */
type Instantiate = (
  getCoreModule: (name: string) => RunningModule | undefined,
  imports: Imports,
  instantiateCore: InstantiateCore,
) => Readonly<Record<string, unknown>>;

/** A tool whose code is loaded and compiled, once for all calls of this process. */
export interface PreparedTool {
  readonly modules: ReadonlyMap<string, RunningModule>;
  readonly instantiate: Instantiate;
  /** Whether the host may suspend it: its exports give promises then. */
  readonly suspends: boolean;
  /** Whether the engine's stack is deep enough for the depth limit to come first. */
  readonly stackHolds: boolean;
}

/** One instance, for one call. After a trap it cannot be used again; after a call it must not be. */
export interface ToolInstance {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly meter: Meter;
  readonly boundary: Boundary;
  readonly modules: readonly RunningModule[];
  /** The memory that the instance has by now. It never shrinks. */
  memoryBytes(): number;
}

/** Makes a compiled component ready. `load` evaluates its JavaScript; by default from memory. */
export async function prepare(
  { javascript, modules }: Compiled,
  load: (javascript: string) => Promise<unknown> = evaluateFromMemory,
): Promise<PreparedTool> {
  const compiling = modules.map(async ({ name, bytes, facts }) => {
    const module = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
    return [name, { module, facts }] as const;
  });
  const loaded = (await load(javascript)) as Pick<PreparedTool, "instantiate" | "suspends">;
  const { instantiate, suspends } = loaded;
  return { modules: new Map(await Promise.all(compiling)), instantiate, suspends, stackHolds: stackHolds() };
}

/**
 * Makes a fresh instance that sees `imports` (a null-prototype object, by interface without version) and spends `meter`.
 * Errors: STACK_TOO_SMALL, and whatever its start functions end in: a limit, TRAP, CANONICAL_ABI.
 */
export async function instantiate(tool: PreparedTool, imports: Imports, meter: Meter): Promise<ToolInstance> {
  if (!tool.stackHolds) throw stackTooSmall();
  const modules = [...tool.modules.values()];
  const boundary = new Boundary(
    CALL_LIMITS.liftedBytes,
    () => meter.stop(),
    (thrown) => criticalError(thrown, meter, modules, "calling the host"),
    tool.suspends,
  );
  const memories = new Set<WebAssembly.Memory>();
  const ownFunctions = new Set<unknown>();
  const core = ({ module, facts }: RunningModule, given: WebAssembly.Imports = {}): CoreInstance => {
    meter.admitModule(facts);
    const imports = boundary.guardImports(renameImports(facts.renamed, given), (value) => ownFunctions.has(value));
    const { exports } = new WebAssembly.Instance(module, meter.imports(imports));
    for (const one of Object.values(exports)) {
      if (one instanceof WebAssembly.Memory) memories.add(one);
      if (typeof one === "function") ownFunctions.add(one);
    }
    return { exports: renameExports(facts.renamed, exports) };
  };
  try {
    const exports = tool.instantiate((name) => tool.modules.get(name), imports, Object.assign(core, { boundary }));
    return { exports, meter, boundary, modules, memoryBytes: () => sizeOf(memories) };
  } catch (thrown) {
    throw boundary.failure ?? criticalError(thrown, meter, modules, "starting the tool");
  }
}

function stackTooSmall(): GloveboxError {
  return new GloveboxError(
    "STACK_TOO_SMALL",
    "the stack of this process is too small for the depth that tools may reach",
    {
      hint: "Start Node without --stack-size, or with a larger one.",
    },
  );
}

function sizeOf(memories: ReadonlySet<WebAssembly.Memory>): number {
  return [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
}

/** Modules that jco wrote have names that are not for JavaScript; they are linked under others. */
function renameImports(renamed: Renamed | null, given: WebAssembly.Imports): WebAssembly.Imports {
  if (renamed === null) return given;
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module, name, newModule, newName } of renamed.imports) {
    const value = given[module]?.[name];
    if (value === undefined) continue;
    imports[newModule] ??= {};
    Object.assign(imports[newModule], { [newName]: value });
  }
  return imports;
}

function renameExports(renamed: Renamed | null, exports: WebAssembly.Exports): WebAssembly.Exports {
  if (renamed === null) return exports;
  const entries = renamed.exports.flatMap(({ name, newName }) => {
    const value = exports[newName];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
