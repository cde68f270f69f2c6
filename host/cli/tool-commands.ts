// The commands that make tools: new, build, test. A client of the SDK and of the public entry, nothing more.
// It must not know how a tool is compiled or run.

import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { buildToolAt, newTool, parseManifest, ToolSourceError, writeBindings } from "../../tools-wasm/sdk/index.ts";
import { GloveboxError, type Inspection, inspectTool } from "../index.ts";
import { safeJson } from "../telemetry/index.ts";
import { FAILED, OK } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { renderTool } from "./render/tool.ts";
import { renderToolTest } from "./render/tool-test.ts";
import { readSource } from "./source-file.ts";
import { readExamples, runExamples } from "./tool-examples.ts";

export interface BuildOptions {
  readonly output?: string;
  readonly world?: string;
  readonly json?: boolean;
}

export interface TestOptions {
  readonly scope?: string;
  readonly world?: string;
  readonly json?: boolean;
}

/** Makes the folder of a new tool: `NAME` or `PUBLISHER/NAME`. */
export async function newToolFolder(name: string, io: Io): Promise<number> {
  const [first = "", ...rest] = name.split("/");
  const [publisher, tool] = rest.length === 0 ? ["local", first] : [first, rest.join("/")];
  const files = await fromSdk(async () => {
    const written = await newTool(resolve(tool), publisher, tool);
    await writeBindings(resolve(tool));
    return written;
  });
  const lines = files.map((file) => `  ${join(tool, file)}\n`);
  io.out.write(`${lines.join("")}Next: \`glovebox tool test ${tool}\`, then \`glovebox tool build ${tool}\`\n`);
  return OK;
}

/** Builds a tool, checks that it will be admitted, and shows what it can do. */
export async function build(path: string, options: BuildOptions, io: Io): Promise<number> {
  const output = resolve(options.output ?? defaultOutput(path));
  const inspection = await place(await sourcesToComponent(path, options.world), output);
  io.out.write(options.json ? `${safeJson({ output, inspection }, 2)}\n` : renderTool(io.out.view, inspection));
  return OK;
}

/** Runs the examples of a tool, each twice. */
export async function testTool(path: string, options: TestOptions, io: Io): Promise<number> {
  const component = await sourcesToComponent(path, options.world);
  const folder = /\.(?:m?js|wasm)$/.test(path) ? dirname(path) : path;
  const manifest = await fromSdk(async () => parseManifest(await readFile(join(folder, "tool.yaml"), "utf8")));
  const scope = options.scope === undefined ? null : await readSource("scope", options.scope);
  const results = await runExamples(component, basename(resolve(folder)), readExamples(manifest.examples), scope);
  io.out.write(options.json ? `${safeJson({ examples: results }, 2)}\n` : renderToolTest(io.out.view, results));
  return results.every(({ problems }) => problems.length === 0) ? OK : FAILED;
}

function defaultOutput(path: string): string {
  const full = resolve(path);
  if (full.endsWith(".wasm")) return full.replace(/(?:\.core)?\.wasm$/, ".tool.wasm");
  return /\.m?js$/.test(full) ? full.replace(/\.m?js$/, ".wasm") : join(full, `${basename(full)}.wasm`);
}

function sourcesToComponent(path: string, world: string | undefined): Promise<Uint8Array> {
  return fromSdk(() => buildToolAt(resolve(path), world ?? null));
}

/** Puts a component where it is wanted once it is known to be admitted. */
async function place(component: Uint8Array, output: string): Promise<Inspection> {
  const staged = `${output}.${process.pid}.wasm`;
  try {
    await writeFile(staged, component);
    const inspection = await inspectTool(staged);
    await rename(staged, output);
    return inspection;
  } catch (thrown) {
    await rm(staged, { force: true });
    if (thrown instanceof GloveboxError) throw thrown;
    throw new GloveboxError("FILE_UNREADABLE", `${output} cannot be written`, { cause: thrown });
  }
}

/** What is wrong with an author's sources, as an error of ours. */
async function fromSdk<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (thrown) {
    if (!(thrown instanceof ToolSourceError)) throw thrown;
    const problems = thrown.problems.flatMap(({ message, place }) =>
      place === null ? [] : [{ message, ...place, hint: "" }],
    );
    const data = problems.length === thrown.problems.length ? { problems } : {};
    throw new GloveboxError("TOOL_SOURCE_INVALID", thrown.message, { cause: thrown, data });
  }
}
