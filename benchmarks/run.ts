// `npm run bench -- NAME`: runs one benchmark of this folder and prints a table, or with --json one document.
// It must not know what is measured.

import { existsSync, readdirSync } from "node:fs";
import { styleText } from "node:util";
import { type Benchmark, type BenchmarkReport, type Figure, report } from "./harness.ts";

const NOT_BENCHMARKS = new Set(["run.ts", "harness.ts"]);

function names(): string[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !NOT_BENCHMARKS.has(file));
  return files.map((file) => file.slice(0, -".ts".length)).sort();
}

async function load(name: string): Promise<Benchmark> {
  const module = (await import(`./${name}.ts`)) as { readonly benchmark: Benchmark };
  return module.benchmark;
}

async function list(): Promise<string> {
  const lines = ["npm run bench -- NAME [--json]", ""];
  for (const name of names()) lines.push(`  ${name.padEnd(14)} ${(await load(name)).about}`);
  return lines.join("\n");
}

function verdict({ met }: Figure): string {
  if (met === null) return "";
  return met ? styleText("green", "met") : styleText("red", "MISSED");
}

function table({ benchmark, machine, figures }: BenchmarkReport): string {
  const rows = figures.map((f) => [f.name, String(f.value), f.unit, f.goal ?? ""] as const);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([name, value, unit, goal], index) => {
    const cells = [name.padEnd(widths[0] ?? 0), value.padStart(widths[1] ?? 0), unit.padEnd(widths[2] ?? 0)];
    const figure = figures[index];
    return `  ${cells.join("  ")}  ${goal.padEnd(widths[3] ?? 0)}  ${figure === undefined ? "" : verdict(figure)}`.trimEnd();
  });
  const where = `${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}`;
  return [styleText("bold", benchmark), styleText("dim", where), "", ...lines].join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...others] = args.filter((arg) => arg !== "--json");
  if (name === undefined) {
    process.stdout.write(`${await list()}\n`);
    return 0;
  }
  if (others.length > 0 || !existsSync(new URL(`./${name}.ts`, import.meta.url)) || !names().includes(name)) {
    process.stderr.write(`There is no benchmark "${[name, ...others].join(" ")}".\n\n${await list()}\n`);
    return 64;
  }
  const result = await report(await load(name));
  process.stdout.write(args.includes("--json") ? `${JSON.stringify(result, null, 2)}\n` : `${table(result)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
