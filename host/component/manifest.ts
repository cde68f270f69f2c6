// What a tool's author says that WIT cannot: effects, ceilings, which parameters are paths. Read strictly, and held against the contract.
// It must not know how a component is compiled or called.

import { z } from "zod";
import { didYouMean } from "../contract/suggest.ts";
import type { Effect, JsonValue, WitType } from "../contract/types.ts";
import { GloveboxError } from "../errors.ts";

const MAX_BYTES = 256 * 1024;

const NAME = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/;
const ACTION = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

const text = (most: number): z.ZodString => z.string().min(1).max(most);
/** What a tool calls its own actions, and those of the standard library; another tool's has its publisher. */
const ANY_ACTION = /^(?:[a-z][a-z0-9-]*\/)?[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;
const parameterName = z.string().regex(/^[a-z][a-z0-9_]*$/, "a parameter is written in snake_case");

const effects = ["pure", "read", "reversible", "compensable", "irreversible"] as const satisfies readonly Effect[];

const compensation = z.strictObject({
  action: z.string().regex(ANY_ACTION, "an action is written interface.function or publisher/interface.function"),
  params: z.record(z.string(), z.json()).default({}),
});

const actionManifest = z.strictObject({
  effect: z.enum(effects).optional(),
  idempotent: z.boolean().optional(),
  fuel: z.int().positive().optional(),
  max_execution_seconds: z.number().positive().max(86_400).optional(),
  pipe: parameterName.optional(),
  paths: z.record(parameterName, z.enum(["read", "write"])).optional(),
  urls: z.array(parameterName).max(100).optional(),
  compensate: compensation.optional(),
  uncertain: z.array(parameterName).max(100).optional(),
  title: text(200).optional(),
  description: text(10_000).optional(),
});

const manifestSchema = z.strictObject({
  name: z.string().max(64).regex(NAME, "a tool's name is lower case, with - or _ between words"),
  version: z
    .string()
    .max(64)
    .regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/, "a version is written 1.2.3"),
  title: text(200).optional(),
  description: text(10_000).optional(),
  actions: z.record(z.string().regex(ACTION, "an action is written interface.function"), actionManifest).default({}),
});

/** What a manifest may say about one action. What is left out is derived. */
export interface ActionManifest {
  readonly effect?: Effect | undefined;
  readonly idempotent?: boolean | undefined;
  readonly fuel?: number | undefined;
  readonly max_execution_seconds?: number | undefined;
  readonly pipe?: string | undefined;
  readonly paths?: Readonly<Record<string, "read" | "write">> | undefined;
  readonly urls?: readonly string[] | undefined;
  /** Cases of its error after which its effect outside may have happened. */
  readonly uncertain?: readonly string[] | undefined;
  readonly compensate?: { readonly action: string; readonly params: Readonly<Record<string, JsonValue>> } | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

/** The manifest of a tool: `tool.yaml`, and the JSON in the custom section `glovebox:manifest`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly actions: Readonly<Record<string, ActionManifest>>;
}

function invalid(message: string, pointer: string): never {
  throw new GloveboxError("MANIFEST_INVALID", `the tool's manifest is not valid: ${message}`, { data: { pointer } });
}

/** Checks the value of a manifest. Errors: MANIFEST_INVALID with all that is wrong, and the pointer of the first. */
export function parseManifest(value: unknown): Manifest {
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ at: pointerOf(path), message }));
  const shown = issues.slice(0, 10).map(({ at, message }) => (at === "" ? message : `${at}: ${message}`));
  return invalid(shown.join("; "), issues[0]?.at ?? "");
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Reads an embedded manifest: UTF-8 JSON. Errors: MANIFEST_INVALID. */
export function readManifest(payload: Uint8Array): Manifest {
  if (payload.length > MAX_BYTES) invalid(`it has ${payload.length} bytes; at most ${MAX_BYTES} are allowed`, "");
  return parseManifest(parseJson(payload));
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch (cause) {
    return invalid(`it is not JSON in UTF-8 (${cause instanceof Error ? cause.message : cause})`, "");
  }
}

/** The actions that a manifest may speak of, with their parameters by name. */
export type KnownActions = ReadonlyMap<string, ReadonlyMap<string, WitType>>;

/** Holds a manifest against what the component really exports. Errors: MANIFEST_INVALID. */
export function checkManifest(manifest: Manifest, known: KnownActions): void {
  for (const [name, action] of Object.entries(manifest.actions)) {
    const pointer = `/actions/${name}`;
    const parameters = known.get(name);
    if (parameters === undefined) {
      const hint = didYouMean(name, known.keys());
      invalid(`the component has no action "${name}".${hint}`, pointer);
    }
    checkParameters(action, parameters, name, pointer);
  }
}

function checkParameters(
  { pipe, paths = {}, urls = [] }: ActionManifest,
  parameters: ReadonlyMap<string, WitType>,
  action: string,
  pointer: string,
): void {
  const typeOf = (name: string, where: string): WitType =>
    parameters.get(name) ??
    invalid(`${action} has no parameter "${name}".${didYouMean(name, parameters.keys())}`, `${pointer}/${where}`);
  if (pipe !== undefined) typeOf(pipe, "pipe");
  for (const name of Object.keys(paths)) checkText(typeOf(name, "paths"), name, `${pointer}/paths/${name}`);
  for (const name of urls) checkText(typeOf(name, "urls"), name, `${pointer}/urls`);
}

function checkText(type: WitType, name: string, pointer: string): void {
  const inner = type.kind === "option" ? type.value : type;
  const element = inner.kind === "list" ? inner.element : inner;
  if (element.kind !== "string") invalid(`"${name}" is declared a path or URL, but it is not text`, pointer);
}
