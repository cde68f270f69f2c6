// Contract + manifest -> the tool as plans see it: named actions with effects, ceilings and roles of parameters.
// It must not know how a component is compiled, cached or called.

import { COMMAND, isCommand } from "../contract/command.ts";
import { snakeCase } from "../contract/names.ts";
import { didYouMean } from "../contract/suggest.ts";
import type { Action, Effect, ToolIdentity, WitType } from "../contract/types.ts";
import { GloveboxError } from "../errors.ts";
import type { Contract, ContractFunction, ImportedInterface, SkippedFunction } from "./contract.ts";
import { type ActionManifest, checkManifest, type KnownActions, type Manifest } from "./manifest.ts";

/** A tool that is known: everything about it but its code. Plain data. */
export interface ToolDescription {
  readonly identity: ToolIdentity;
  readonly version: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly actions: readonly Action[];
  readonly skipped: readonly SkippedFunction[];
  readonly imports: readonly ImportedInterface[];
  readonly bytes: number;
}

/** What a tool is made of. `name` stands in where there is no manifest. */
export interface ToolParts {
  readonly contract: Contract;
  readonly manifest: Manifest | null;
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

/** Describes a tool. Errors: MANIFEST_INVALID when the manifest does not fit the contract, COMPONENT_NAME_REJECTED when two actions have one name. */
export function describeTool({ contract, manifest, name, digest, bytes }: ToolParts): ToolDescription {
  const identity: ToolIdentity = { name: manifest?.name ?? name, digest };
  const functions = new Map<string, ContractFunction>();
  for (const one of contract.functions) {
    const action = actionName(one, identity.name);
    const other = functions.get(action);
    if (other !== undefined) refuseTwice(action, one, other);
    functions.set(action, isCommand(one) ? { ...one, ...COMMAND } : one);
  }
  if (manifest !== null) checkManifest(manifest, knownActions(functions));
  const derived = derivedEffect(contract.imports);
  return {
    identity,
    version: manifest?.version ?? null,
    title: manifest?.title ?? null,
    description: manifest?.description ?? null,
    actions: [...functions].map(([action, one]) =>
      makeAction(action, one, identity, derived, manifest?.actions[action]),
    ),
    skipped: contract.skipped,
    imports: contract.imports,
    bytes,
  };
}

/** `glovebox:std/file@0.1.0` and `read` -> `file.read`; a function of the world itself, and a program, go by the name of the tool. */
function actionName(exported: ContractFunction, tool: string): string {
  const { interface: owner, function: name } = exported;
  const [path = ""] = (isCommand(exported) ? tool : (owner ?? tool)).split("@", 1);
  const last = path.slice(path.lastIndexOf("/") + 1);
  return `${snakeCase(last)}.${snakeCase(name)}`;
}

function refuseTwice(action: string, one: ContractFunction, other: ContractFunction): never {
  const places = [other, one].map(({ interface: owner }) => owner ?? "the world").join(" and ");
  throw new GloveboxError("COMPONENT_NAME_REJECTED", `two exports are called ${action}: in ${places}`, {
    hint: "Rename one of the interfaces.",
  });
}

function knownActions(functions: ReadonlyMap<string, ContractFunction>): KnownActions {
  return new Map(
    [...functions].map(([action, { parameters }]) => [
      action,
      new Map(parameters.map(({ name, type }) => [name, type])),
    ]),
  );
}

/** The worst that a component could do with what it imports. */
function derivedEffect(imports: readonly ImportedInterface[]): Effect {
  const importsFrom = (prefix: string): boolean => imports.some(({ name }) => name.startsWith(prefix));
  if (importsFrom("wasi:http/") || importsFrom("wasi:sockets/")) return "irreversible";
  return importsFrom("wasi:filesystem/") ? "reversible" : "pure";
}

/** A case that is misspelt would be taken for one that is certain. */
function checkUncertain(action: string, uncertain: readonly string[], error: WitType | null): void {
  const cases =
    error?.kind === "enum" ? error.cases : error?.kind === "variant" ? error.cases.map(({ name }) => name) : [];
  const known = cases.map(snakeCase);
  const wrong = uncertain.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const message = `the tool's manifest is not valid: the error of ${action} has no case "${wrong}".${didYouMean(wrong, known)}`;
  throw new GloveboxError("MANIFEST_INVALID", message, { data: { pointer: `/actions/${action}/uncertain` } });
}

function makeAction(
  name: string,
  exported: ContractFunction,
  tool: ToolIdentity,
  derived: Effect,
  said: ActionManifest = {},
): Action {
  const { interface: owner, function: functionName, parameters, output, error, fallible } = exported;
  const effect = said.effect ?? derived;
  const uncertain = said.uncertain ?? [];
  checkUncertain(name, uncertain, error);
  const commandPaths = isCommand(exported) ? COMMAND.paths : {};
  return {
    name,
    tool,
    export: { interface: owner, function: functionName },
    parameters,
    output,
    error,
    fallible,
    effect,
    idempotent: said.idempotent ?? (effect === "pure" || effect === "read"),
    pipe: said.pipe ?? null,
    paths: { ...commandPaths, ...said.paths },
    urls: said.urls ?? [],
    fuel: said.fuel ?? null,
    maxExecutionSeconds: said.max_execution_seconds ?? null,
    compensate: said.compensate ?? null,
    ...(uncertain.length === 0 ? {} : { uncertain }),
    title: said.title ?? null,
    description: said.description ?? null,
  };
}
