// What `glovebox meter` prints for a person: a pure function from what was done to text.

import { basename } from "node:path";
import { amount, counted, cut, oneLine } from "./text.ts";
import type { View } from "./view.ts";

interface Size {
  readonly min: number;
  readonly max: number | null;
}

/** What metering did to a module: what `--json` prints. */
export interface MeteringSummary {
  readonly file: string;
  readonly output: string | null;
  readonly scheme: string;
  readonly protections: readonly string[];
  readonly bytes_before: number;
  readonly bytes_after: number;
  /** Those of the author, imports included. */
  readonly functions: number;
  readonly imported_functions: number;
  readonly runs_at_start: boolean;
  /** In pages of 64 KiB. */
  readonly memories: readonly Size[];
  readonly tables: readonly Size[];
  readonly imports: readonly { readonly kind: string; readonly module: string; readonly name: string }[];
  readonly exports: readonly { readonly kind: string; readonly name: string }[];
}

const MOST_NAMES = 20;
const LABEL_WIDTH = 12;

/** What was done, what the module needs and offers, and how to run it. */
export function renderMetering(view: View, summary: MeteringSummary): string {
  const { bytes_before: before, bytes_after: after, protections } = summary;
  const fields: readonly (readonly [label: string, text: string])[] = [
    ["size", `${amount(before)} -> ${amount(after)} bytes (${(after / before).toFixed(2)}x)`],
    ["functions", `${amount(summary.functions)}, ${amount(summary.imported_functions)} of them imported`],
    ["scheme", summary.scheme],
    ["protections", protections.length === 0 ? "none" : protections.join(", ")],
    ...summary.memories.map((size) => ["memory", extent(size, "page")] as const),
    ...summary.tables.map((size) => ["table", extent(size, "element")] as const),
    ...(summary.runs_at_start ? [["start", "code runs, and is charged, when it is instantiated"] as const] : []),
    ["imports", listed(summary.imports.map(({ module, name }) => `${module}.${name}`))],
    ["exports", listed(summary.exports.map(({ kind, name }) => (kind === "function" ? `${name}()` : name)))],
    ["written to", summary.output ?? "nowhere: -o FILE writes it"],
  ];
  const lines = fields.map(([label, text]) => `  ${view.paint("dim", label.padEnd(LABEL_WIDTH))}${shown(view, text)}`);
  const title = view.paint("bold", cut(oneLine(basename(summary.file)), view.width));
  return `${[title, ...lines].join("\n")}\n\n${howToRun(view, summary)}`;
}

function extent({ min, max }: Size, noun: string): string {
  return `${counted(min, noun)} at first, ${max === null ? "no maximum of its own" : `at most ${amount(max)}`}`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${amount(more)} more` : ""}`;
}

function shown(view: View, text: string): string {
  return cut(oneLine(text), view.width - LABEL_WIDTH - 2);
}

function howToRun(view: View, { output, imports, exports, memories, tables }: MeteringSummary): string {
  const starts = (sizes: readonly Size[]): string => sizes.map(({ min }) => `{ min: ${min} }`).join(", ");
  const path = JSON.stringify(output ?? "OUT.wasm");
  const name = exports.find(({ kind }) => kind === "function")?.name;
  const own = imports.length === 0 ? "" : "imports";
  const lines = [
    'import { readFile } from "node:fs/promises";',
    'import { Meter } from "glovebox/metering";',
    "const meter = new Meter({ fuel: 1_000_000n, stackBytes: 512 * 1024, memoryBytes: 64 << 20, tableElements: 100_000 });",
    `meter.admitModule({ memories: [${starts(memories)}], tables: [${starts(tables)}] });`,
    `const { instance } = await WebAssembly.instantiate(await readFile(${oneLine(path)}), meter.imports(${own}));`,
    ...(name === undefined ? [] : [`instance.exports[${oneLine(JSON.stringify(name))}](); // with its arguments`]),
    "console.log(meter.consumed);",
  ];
  return `Run it with any JavaScript engine:\n\n${lines.map((line) => `  ${view.paint("cyan", line)}\n`).join("")}`;
}
