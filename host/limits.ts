// Every limit that a scope, a plan or a step can set: its default, floor, ceiling and unit.
// A leaf: it must not import anything of ours.

export interface Limit {
  readonly default: number;
  readonly floor: number;
  readonly ceiling: number;
  readonly unit: string;
  readonly about: string;
}

const limit = (fallback: number, floor: number, ceiling: number, unit: string, about: string): Limit => ({
  default: fallback,
  floor,
  ceiling,
  unit,
  about,
});

export type ScopeLimitName =
  | "duration_seconds"
  | "step_seconds"
  | "fuel"
  | "memory_mb"
  | "stack_kb"
  | "table_elements"
  | "io_operations"
  | "io_mb"
  | "written_mb"
  | "output_mb"
  | "network_requests"
  | "network_mb";

/** The limits of a scope, by the names they have in a scope file. */
export const SCOPE_LIMITS: Readonly<Record<ScopeLimitName, Limit>> = {
  duration_seconds: limit(300, 0.01, 86_400, "s", "wall clock of the whole plan"),
  step_seconds: limit(30, 0.01, 86_400, "s", "wall clock of one step"),
  fuel: limit(10_000_000_000, 1, 100_000_000_000_000, "fuel", "fuel of the whole plan"),
  memory_mb: limit(64, 1, 4096, "MiB", "memory of one call"),
  stack_kb: limit(512, 16, 512, "KiB", "call depth of one call, in abstract frame bytes"),
  table_elements: limit(100_000, 0, 10_000_000, "elements", "all tables of one call together"),
  io_operations: limit(100_000, 0, 1_000_000_000, "operations", "file operations of the whole plan"),
  io_mb: limit(256, 0, 1_048_576, "MiB", "bytes read and written by the whole plan"),
  written_mb: limit(64, 0, 1_048_576, "MiB", "bytes that the overlay holds"),
  output_mb: limit(8, 0.001, 1024, "MiB", "one result, as JSON"),
  network_requests: limit(0, 0, 1_000_000, "requests", "network requests of the whole plan"),
  network_mb: limit(16, 0, 1_048_576, "MiB", "bytes over the network, decoded, of the whole plan"),
};

export type ScopeLimits = Readonly<Record<ScopeLimitName, number>>;

/** The value that each limit has when a scope is silent. */
export function defaultLimits(): ScopeLimits {
  const entries = Object.entries(SCOPE_LIMITS).map(([name, { default: value }]) => [name, value]);
  return Object.fromEntries(entries) as ScopeLimits;
}

export interface AdmissionLimits {
  readonly componentBytes: number;
  readonly functionBodyBytes: number;
  readonly nesting: number;
  readonly localsPerFunction: number;
  readonly locals: number;
  readonly functions: number;
  readonly branchTableTargets: number;
  readonly tableElements: number;
  /** Of the component, and functions that it offers. */
  readonly exports: number;
  /** Of one core module in it: dynamic linking, as Python's toolchain does it, exports every function that another module may want. */
  readonly coreExports: number;
  readonly imports: number;
  readonly coreInstances: number;
  readonly componentDepth: number;
  readonly typeDepth: number;
  readonly effectiveTypeSize: number;
  readonly generatedBytes: number;
  readonly compileSeconds: number;
  readonly compileMemoryMb: number;
  readonly nameBytes: number;
}

/** What a component may be made of; the figures are those of design section 8. */
export const ADMISSION_LIMITS: AdmissionLimits = {
  componentBytes: 32 * 1024 * 1024,
  functionBodyBytes: 1024 * 1024,
  nesting: 1000,
  localsPerFunction: 10_000,
  locals: 1_000_000,
  functions: 100_000,
  branchTableTargets: 10_000,
  tableElements: 100_000,
  exports: 1000,
  coreExports: 10_000,
  imports: 1000,
  coreInstances: 50,
  componentDepth: 10,
  typeDepth: 32,
  effectiveTypeSize: 10_000,
  generatedBytes: 8 * 1024 * 1024,
  compileSeconds: 10,
  compileMemoryMb: 512,
  nameBytes: 1024,
};

export interface CallLimits {
  readonly hostCalls: number;
  readonly handles: number;
  readonly liftedBytes: number;
  readonly randomBytesPerCall: number;
  readonly standardOutputBytes: number;
  readonly environmentBytes: number;
}

/** What one call may take from the host besides fuel, memory and files. */
export const CALL_LIMITS: CallLimits = {
  hostCalls: 10_000_000,
  handles: 10_000,
  liftedBytes: 64 * 1024 * 1024,
  randomBytesPerCall: 1024 * 1024,
  standardOutputBytes: 1024 * 1024,
  environmentBytes: 64 * 1024,
};

export interface NetworkLimits {
  readonly headerBytes: number;
  readonly heldBytes: number;
  readonly bodyBytes: number;
  readonly openRequests: number;
  readonly contentCodings: number;
  readonly addresses: number;
  readonly lookupMs: number;
  readonly connectMs: number;
  readonly silenceMs: number;
  readonly requestMs: number;
  readonly openSockets: number;
  readonly socketBytes: number;
  readonly recordedBytes: number;
}

/** What requests over the network may be made of, and how long they may take. */
export const NETWORK_LIMITS: NetworkLimits = {
  headerBytes: 128 * 1024,
  /** Headers and bodies that one call makes, in all. */
  heldBytes: 64 * 1024 * 1024,
  bodyBytes: 16 * 1024 * 1024,
  openRequests: 16,
  contentCodings: 4,
  addresses: 64,
  lookupMs: 5000,
  connectMs: 10_000,
  silenceMs: 20_000,
  requestMs: 60_000,
  openSockets: 64,
  /** That one answer brings for one socket, and that one write takes. */
  socketBytes: 256 * 1024,
  /** Of the answers to one run, where they are recorded. */
  recordedBytes: 64 * 1024 * 1024,
};

export interface PlanLimits {
  readonly sourceBytes: number;
  /** YAML is read a hundred times slower than JSON, so it may be less. */
  readonly yamlSourceBytes: number;
  /** Scalars, lists and objects together. */
  readonly values: number;
  /** One string. */
  readonly literalBytes: number;
  /** More are counted, not listed. */
  readonly findings: number;
  readonly steps: number;
  readonly nesting: number;
  readonly retries: number;
}

/** What a plan may be made of. */
export const PLAN_LIMITS: PlanLimits = {
  sourceBytes: 16 * 1024 * 1024,
  yamlSourceBytes: 512 * 1024,
  values: 250_000,
  literalBytes: 4 * 1024 * 1024,
  findings: 1000,
  steps: 10_000,
  nesting: 64,
  retries: 10,
};

export const BYTES_PER_MB: number = 1024 * 1024;
