// Runs the public WebAssembly test suite twice, as it is and metered, and compares. By hand:
// node test/metering/spec-suite.ts DIRECTORY, where DIRECTORY holds .wast files (github.com/WebAssembly/testsuite).

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Meter, type MeterOptions, MODULE_LIMITS, meter } from "../../host/metering/index.ts";
import { explainTrap } from "../../host/metering/trap.ts";
import { wat } from "./support.ts";

type Node = string | { readonly items: readonly Node[]; readonly text: string };

/** Splits text into S-expressions; strings keep their quotes. */
function read(source: string): Node[] {
  const tokens = /\s+|;;[^\n]*|"(?:[^"\\]|\\.)*"|[()]|[^\s()";]+/gy;
  const stack: { items: Node[]; start: number }[] = [{ items: [], start: 0 }];
  while (tokens.lastIndex < source.length) {
    const at = tokens.lastIndex;
    if (source.startsWith("(;", at)) {
      tokens.lastIndex = endOfComment(source, at);
      continue;
    }
    const token = tokens.exec(source)?.[0];
    if (token === undefined) throw new Error(`cannot read ${JSON.stringify(source.slice(at, at + 20))}`);
    const top = stack.at(-1);
    if (token === "(") stack.push({ items: [], start: at });
    else if (token === ")") {
      stack.pop();
      stack.at(-1)?.items.push({ items: top?.items ?? [], text: source.slice(top?.start, tokens.lastIndex) });
    } else if (/^\S/.test(token) && !token.startsWith(";;")) top?.items.push(token);
  }
  return stack[0]?.items ?? [];
}

function endOfComment(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    if (source.startsWith("(;", at)) depth++;
    else if (source.startsWith(";)", at) && --depth === 0) return at + 2;
  }
  return source.length;
}

const items = (node: Node | undefined): readonly Node[] => (typeof node === "object" ? node.items : []);
const unquote = (node: Node | undefined): string =>
  new TextDecoder().decode(
    Uint8Array.from(
      String(node)
        .slice(1, -1)
        .replace(/\\u\{([0-9a-f]+)\}|\\([0-9a-f]{2})|\\(.)|([^\\])/giu, (_, point, hex, plain, other) => {
          if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
          const text =
            point === undefined
              ? ({ t: "\t", n: "\n", r: "\r" }[plain as "t"] ?? plain ?? other)
              : String.fromCodePoint(Number.parseInt(point, 16));
          return String.fromCharCode(...new TextEncoder().encode(text));
        }),
      (character) => character.charCodeAt(0),
    ),
  );

class Unsupported extends Error {}

function value(node: Node): unknown {
  const [kind, text] = items(node) as string[];
  const plain = String(text).replaceAll("_", "");
  switch (kind) {
    case "i32.const":
      return Number(BigInt.asIntN(32, integer(plain)));
    case "i64.const":
      return BigInt.asIntN(64, integer(plain));
    case "f32.const":
    case "f64.const":
      return float(plain);
    case "ref.null":
      return null;
    case "ref.extern":
      return `extern ${plain}`;
    default:
      throw new Unsupported(kind);
  }
}

const integer = (text: string): bigint =>
  text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text.replace("+", ""));

function float(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const body = text.replace(/^[+-]/, "");
  if (body.startsWith("nan")) return Number.NaN;
  if (body === "inf") return sign * Infinity;
  if (!body.startsWith("0x")) return sign * Number(body);
  const [, whole = "", part = "", power = "0"] = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i.exec(body) ?? [];
  return sign * (Number(`0x${whole}${part}`) * 2 ** (Number(power) - 4 * part.length));
}

/** One run of a script: its instances, and what each command gave. */
class Run {
  readonly #options: MeterOptions | undefined;
  readonly #meter = new Meter({
    fuel: 1n << 49n,
    stackBytes: 512 * 1024,
    memoryBytes: 2 ** 40,
    tableElements: 2 ** 31,
  });
  readonly #registered: Record<string, WebAssembly.ModuleImports>;
  readonly #named = new Map<string, WebAssembly.Instance>();
  #current: WebAssembly.Instance | undefined;
  readonly results: string[] = [];

  constructor(options: MeterOptions | undefined) {
    this.#options = options;
    const print = (): void => {};
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
    const table = new WebAssembly.Table({ initial: 10, maximum: 20, element: "anyfunc" });
    const constant = (type: WebAssembly.ValueType, content: unknown): WebAssembly.Global =>
      new WebAssembly.Global({ value: type }, content as never);
    this.#registered = {
      spectest: {
        print,
        print_i32: print,
        print_i64: print,
        print_f32: print,
        print_f64: print,
        print_i32_f32: print,
        print_f64_f64: print,
        memory,
        table,
        global_i32: constant("i32", 666),
        global_i64: constant("i64", 666n),
        global_f32: constant("f32", 666.6),
        global_f64: constant("f64", 666.6),
      },
    };
  }

  instantiate(bytes: Uint8Array, name: string | undefined): void {
    this.#current = undefined;
    this.#attempt(() => {
      const code =
        this.#options === undefined ? bytes : meter(bytes, { ...this.#options, limits: LIMITS, rename: false }).bytes;
      const imports = this.#options === undefined ? this.#registered : this.#meter.imports(this.#registered);
      this.#current = new WebAssembly.Instance(new WebAssembly.Module(code as Uint8Array<ArrayBuffer>), imports);
      if (name !== undefined) this.#named.set(name, this.#current);
    });
  }

  register(as: string, name: string | undefined): void {
    this.#registered[as] = this.#instance(name)?.exports as WebAssembly.ModuleImports;
  }

  #instance(name: string | undefined): WebAssembly.Instance | undefined {
    return name === undefined ? this.#current : this.#named.get(name);
  }

  act(action: readonly Node[]): void {
    const [kind, first, ...rest] = action;
    const named = typeof first === "string" && first.startsWith("$");
    const instance = this.#instance(named ? (first as string) : undefined);
    const [field, ...values] = named ? rest : [first, ...rest];
    const exported = instance?.exports[unquote(field)];
    if (instance === undefined) {
      this.results.push("no instance");
      return;
    }
    this.#attempt(() => {
      if (kind === "get") return (exported as WebAssembly.Global | undefined)?.value;
      const call = exported as ((...values: unknown[]) => unknown) | undefined;
      if (call === undefined) throw new Unsupported("no such export");
      return call(...values.map((node) => value(node as Node)));
    });
  }

  /** Lets a carrier call an export, and takes the bytes of its results. */
  carry(carrier: WebAssembly.Module, name: string, instanceName: string | undefined, length: number): void {
    const exported = this.#instance(instanceName)?.exports[name];
    if (exported === undefined) {
      this.results.push("no instance");
      return;
    }
    this.#attempt(() => {
      const { exports } = new WebAssembly.Instance(carrier, { m: { f: exported } });
      (exports.run as () => void)();
      return Buffer.from((exports.memory as WebAssembly.Memory).buffer, 0, length).toString("hex");
    });
  }

  #attempt(work: () => unknown): void {
    try {
      const result = work();
      this.results.push(String(Array.isArray(result) ? result.map(shown) : shown(result)));
    } catch (error) {
      this.results.push(this.#failure(error));
      this.#meter.unwind();
    }
  }

  #failure(error: unknown): string {
    const code = (error as { code?: string }).code;
    if (code !== undefined) return code;
    const state = { state: 0, fuelUsedUp: false, stackUsedUp: false, stopped: false, fuel: 0n, modules: [] };
    const report = this.#options === undefined ? explainTrap(error, state) : this.#meter.explain(error);
    if (report === undefined) return error instanceof Error ? error.name : "thrown";
    return report.code === "TRAP" ? report.kind : report.code;
  }
}

const shown = (result: unknown): string =>
  typeof result === "function" ? "function" : Object.is(result, -0) ? "-0" : String(result);
const LIMITS = { ...MODULE_LIMITS, tableElements: 2 ** 32, nesting: 20_000, imports: 100_000, exports: 100_000 };

interface Tally {
  same: number;
  skipped: number;
  refused: number;
  readonly different: string[];
}

async function script(file: string, options: MeterOptions, tally: Tally): Promise<void> {
  const plain = new Run(undefined);
  const metered = new Run(options);
  let commands: Node[] = [];
  try {
    commands = read(readFileSync(file, "utf8"));
  } catch {
    tally.skipped++;
  }
  for (const command of commands) {
    const before = plain.results.length;
    try {
      await step(command, [plain, metered]);
    } catch {
      tally.skipped++;
      continue;
    }
    for (let i = before; i < plain.results.length; i++)
      judge(
        `${file}: ${(command as { text: string }).text.slice(0, 120)}`,
        plain.results[i],
        metered.results[i],
        tally,
      );
  }
}

function judge(what: string, plain: string | undefined, metered: string | undefined, tally: Tally): void {
  if (plain === metered) tally.same++;
  else if (
    ["UNSUPPORTED_FEATURE", "COMPONENT_NAME_REJECTED", "COMPONENT_TOO_COMPLEX", "no instance"].includes(metered ?? "")
  )
    tally.refused++;
  // an engine without the feature refuses what we refuse with a code of ours
  else if (plain === "CompileError" && metered === "COMPONENT_INVALID") tally.same++;
  else tally.different.push(`${what}\n    plain ${plain}, metered ${metered}`);
}

async function step(command: Node, runs: readonly Run[]): Promise<void> {
  const [kind, ...rest] = items(command);
  switch (kind) {
    case "module": {
      const name = typeof rest[0] === "string" && rest[0].startsWith("$") ? rest[0] : undefined;
      const bytes = await wat((command as { text: string }).text);
      for (const run of runs) run.instantiate(bytes, name);
      return;
    }
    case "register":
      for (const run of runs) run.register(unquote(rest[0]), rest[1] as string | undefined);
      return;
    case "invoke":
    case "get":
      for (const run of runs) run.act(items(command));
      return;
    case "assert_return":
    case "assert_trap":
    case "assert_exhaustion":
    case "assert_exception": {
      const inner = items(rest[0]);
      if (inner[0] === "module") return await step(rest[0] as Node, runs);
      if (hasVectors([...inner, ...rest.slice(1)])) return await vectors(inner, rest.slice(1), runs);
      for (const node of inner.slice(1)) if (typeof node === "object") value(node);
      for (const run of runs) run.act(inner);
      return;
    }
    case "assert_invalid": {
      const bytes = await wat((rest[0] as { text: string }).text);
      for (const run of runs) run.instantiate(bytes, undefined);
      return;
    }
    default:
      throw new Unsupported(String(kind));
  }
}

const hasVectors = (nodes: readonly Node[]): boolean => nodes.some((node) => items(node)[0] === "v128.const");

// JavaScript cannot pass vectors: a small module passes them, and leaves the results in its memory
async function vectors(action: readonly Node[], expected: readonly Node[], runs: readonly Run[]): Promise<void> {
  const values = action.filter((node) => typeof node === "object");
  const name = action.find((node) => typeof node === "string" && node.startsWith('"')) as string;
  const instance = action.find((node) => typeof node === "string" && node.startsWith("$")) as string | undefined;
  const kinds = (nodes: readonly Node[]): string[] => nodes.map((node) => String(items(node)[0]).replace(".const", ""));
  const results = kinds(expected);
  if ([...results, ...kinds(values)].some((kind) => !/^(v128|[if](32|64))$/.test(kind)))
    throw new Unsupported("vectors");
  const locals = results.map((kind) => `(local ${kind})`).join(" ");
  const take = results.map((_, i) => `(local.set ${results.length - 1 - i})`).join(" ");
  const store = results.map((kind, i) => `(${kind}.store (i32.const ${i * 16}) (local.get ${i}))`).join(" ");
  const passed = values.map((node) => (node as { text: string }).text).join(" ");
  const text = `(module (import "m" "f" (func $f (param ${kinds(values).join(" ")}) (result ${results.join(" ")})))
    (memory (export "memory") 1) (func (export "run") ${locals} ${passed} (call $f) ${take} ${store}))`;
  const carrier = new WebAssembly.Module((await wat(text)) as Uint8Array<ArrayBuffer>);
  for (const run of runs) run.carry(carrier, unquote(name), instance, results.length * 16);
}

const [directory = ".", scheme = "registers"] = process.argv.slice(2);
const tally: Tally = { same: 0, skipped: 0, refused: 0, different: [] };
for (const name of readdirSync(directory).sort()) {
  if (name.endsWith(".wast"))
    await script(join(directory, name), { scheme: scheme as "registers" | "globals", nan: false }, tally);
}
process.stdout.write(`${tally.different.join("\n")}\n`);
process.stdout.write(
  `same ${tally.same}, different ${tally.different.length}, refused ${tally.refused}, skipped ${tally.skipped}\n`,
);
