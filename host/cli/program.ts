// The command line's grammar: commands, options and their help. It must not know how a command does its work.

import { Command, CommanderError, Option } from "commander";
import { GloveboxError } from "../index.ts";
import { addApproveCommand } from "./approve-commands.ts";
import { type CheckOptions, check, doctor, type InspectOptions, inspect, type RunOptions, run } from "./commands.ts";
import { OK, USAGE } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import type { MeterCommandOptions } from "./meter.ts";
import { collect } from "./options.ts";
import { graph, type PlanOptions, suggest } from "./plan-commands.ts";
import { addReplayCommands } from "./replay-commands.ts";
import { addRunCommands } from "./run-commands.ts";
import type { BuildOptions, TestOptions } from "./tool-commands.ts";
import { lockTools } from "./tool-lock.ts";
import { addTrustCommands } from "./trust-commands.ts";

const EXIT_CODES = `
Exit codes:
  0    completed, accepted, or kept for review
  1    failed, and rolled back
  2    rejected by the check
  64   wrong usage, or a file that cannot be used
  74   the answer could not be written (a full disk); what the command did stands
  75   the run waits for a person's answer
  130  cancelled by Ctrl-C, and rolled back`;

/** Parses the arguments and does what they say; gives the exit code. Errors: USAGE_INVALID, and those of the commands. */
export async function runProgram(args: readonly string[], version: string, io: Io): Promise<number> {
  let exitCode = OK;
  const program = createProgram(version, io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return OK; // --help, --version
    if (thrown.code === "commander.help") return USAGE; // no command: its help was printed
    const message = thrown.message.replace(/^error: /, "");
    throw new GloveboxError("USAGE_INVALID", message, { hint: "`glovebox --help` lists commands and options" });
  }
}

function createProgram(version: string, io: Io, end: (exitCode: number) => void): Command {
  const program = new Command("glovebox")
    .description(
      "Runs plans of tool calls that nobody has to trust: checked first, metered, undone unless all goes well.",
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      outputError: () => {}, // thrown as a CommanderError, and reported like any other error
      getOutHelpWidth: () => io.out.view.width,
      getErrHelpWidth: () => io.err.view.width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", EXIT_CODES);
  planCommand(program, "check", "check a plan against a scope; nothing is run")
    .option("--explain", "show what each step may reach")
    .action(async (plan: string, options: CheckOptions) => end(await check(plan, options, io)));
  planCommand(program, "run", "run a plan, and commit all of its changes or none")
    .option("--dry-run", "run every step, show what would change, and throw it away")
    .addOption(
      new Option("--review", "run every step, and keep the run until it is committed or discarded").conflicts("dryRun"),
    )
    .option("--record", "keep a journal of the run, so that it can be replayed")
    .option("--state <directory>", "where runs are kept (default: glovebox in your state directory)")
    .addOption(new Option("--log <format>", "write each event as one line to standard error").choices(["json"]))
    .addOption(new Option("--executor <where>", "where tools run").choices(["process", "inline"]).default("process"))
    .action(async (plan: string, options: RunOptions) => end(await run(plan, options, io)));
  addRunCommands(program, io, end);
  addReplayCommands(program, io, end);
  program
    .command("doctor")
    .description("try which protections of the process that runs tools hold on this machine")
    .option("--json", "print one JSON document on standard output")
    .action(async (options: { readonly json?: boolean }) => end(await doctor(options, io)));
  meterCommand(program, io, end);
  lookCommand(
    program.command("plan").description("look at plans"),
    "graph",
    "draw a plan as a Mermaid flowchart",
  ).action(async (plan: string, options: PlanOptions) => end(await graph(plan, options, io)));
  lookCommand(
    program.command("scope").description("make scopes"),
    "suggest",
    "try a plan, throw away what it did, and print the smallest scope that it needs",
  ).action(async (plan: string, options: PlanOptions) => end(await suggest(plan, options, io)));
  addApproveCommand(program, io, end);
  addTrustCommands(program.command("trust"), io, end);
  toolCommands(program.command("tool").description("look at tools, and make them"), io, end);
  return program;
}

function meterCommand(program: Command, io: Io, end: (exitCode: number) => void): void {
  program
    .command("meter")
    .description("rewrite a core WebAssembly module so that it counts fuel and obeys limits in any JavaScript engine")
    .argument("<file.wasm>", "a core module")
    .option("-o, --output <file>", "where the metered module goes")
    .addOption(new Option("--print", "print the metered module as text").conflicts("json"))
    .option("--json", "print one JSON document on standard output")
    .addOption(
      new Option("--scheme <scheme>", "how fuel is kept").choices(["registers", "globals"]).default("registers"),
    )
    .option("--no-fuel", "do not count fuel")
    .option("--no-depth", "do not bound the call depth")
    .option("--no-growth", "do not bound memories and tables")
    .option("--no-nan", "leave the bits of NaNs to the engine")
    .option("--relaxed-simd", "write relaxed vector operators in their deterministic form, instead of refusing them")
    .option("--offsets", "keep where each piece of code came from, for trap reports")
    .option("--keep-sections", "keep custom sections that rewriting does not spoil")
    .option("--limit <name=number>", "how large a part of the module may be; can be repeated", collect)
    .action(async (file: string, options: MeterCommandOptions) => {
      const { meterFile } = await import("./meter.ts");
      end(await meterFile(file, options, io));
    });
}

function toolCommands(tool: Command, io: Io, end: (exitCode: number) => void): void {
  tool
    .command("inspect")
    .description("show the actions of a tool, what they need and what they may do")
    .argument("<file.wasm>", "a WebAssembly component")
    .option("--json", "print one JSON document on standard output")
    .addOption(
      new Option("--json-schema", "print the JSON Schema of what each action takes and gives").conflicts("json"),
    )
    .addOption(
      new Option("--typescript", "print what each action takes and gives as TypeScript").conflicts("jsonSchema"),
    )
    .action(async (file: string, options: InspectOptions) => end(await inspect(file, options, io)));
  tool
    .command("lock")
    .description("print what tools are now, for --lock: a tool that changed is then refused, with what is different")
    .argument("<path...>", "tools, or directories of tools")
    .action(async (paths: string[]) => end(await lockTools(paths, io)));
  tool
    .command("new")
    .description("make a folder with a small tool that works")
    .argument("<name>", "NAME, or PUBLISHER/NAME")
    .action(async (name: string) => end(await (await toolMaking()).newToolFolder(name, io)));
  tool
    .command("build")
    .description("make the component of a tool, and show what it can do")
    .argument("[path]", "a tool's folder; or, beside its tool.yaml, a .js file or the .wasm of another compiler", ".")
    .option("-o, --output <file>", "where the component goes (default: beside the sources)")
    .option("--world <name>", "the WIT world, where there are several")
    .option("--json", "print one JSON document on standard output")
    .action(async (path: string, options: BuildOptions) => end(await (await toolMaking()).build(path, options, io)));
  tool
    .command("test")
    .description("run the examples in a tool's tool.yaml, each twice")
    .argument("[path]", "a tool's folder; or, beside its tool.yaml, a .js file or the .wasm of another compiler", ".")
    .option("--scope <file>", "the scope to run them under (default: the action, and its workspace as /work)")
    .option("--world <name>", "the WIT world, where there are several")
    .option("--json", "print one JSON document on standard output")
    .action(async (path: string, options: TestOptions) => end(await (await toolMaking()).testTool(path, options, io)));
}

/** Imported late: plans run without the SDK. */
function toolMaking(): Promise<typeof import("./tool-commands.ts")> {
  return import("./tool-commands.ts");
}

function planCommand(program: Command, name: string, description: string): Command {
  return sharedOptions(program.command(name).description(description))
    .requiredOption("--scope <file>", "what the plan may reach and spend, YAML or JSON")
    .option("--lock <file>", "the tools that may be added, as `tool lock` printed them")
    .option("--agent <name>", "whose plan it is, for scopes with trust levels");
}

function lookCommand(group: Command, name: string, description: string): Command {
  return sharedOptions(group.command(name).description(description)).option(
    "--scope <file>",
    "what the plan may reach and spend, YAML or JSON (default: the workspace, as /project)",
  );
}

function sharedOptions(command: Command): Command {
  return command
    .argument("<plan>", "a plan, JSON or YAML")
    .option("--input <name=value>", "the value of an input of the plan; can be repeated", collect)
    .option(
      "--workspace <directory>",
      "what grants without a host of their own are relative to (default: the scope's directory)",
    )
    .option("--tools <path>", "a tool, or a directory of tools; can be repeated", collect)
    .option("--json", "print one JSON document on standard output");
}
