// From the source of a scope to a complete, frozen one. It must not read files: host paths stay as they are written.

import { type ErrorDetails, GloveboxError } from "../errors.ts";
import { CALL_LIMITS, defaultLimits, PLAN_LIMITS } from "../limits.ts";
import { type ActionEntry, callRules } from "./call-rules.ts";
import { child } from "./document/pointer.ts";
import { printable, quote } from "./document/quote.ts";
import { readDocument } from "./document/read.ts";
import { shape } from "./document/shape.ts";
import type { Problem, Source, SourceDocument } from "./document/types.ts";
import { deepFreeze } from "./freeze.ts";
import { grantFor, normalisePath } from "./paths.ts";
import { type FileGrantEntry, type NetworkGrantEntry, type ScopeFile, scopeSchema, VARIABLE_NAME } from "./schema.ts";
import { tcpGrant, tcpProblems } from "./tcp-grants.ts";
import { levelsOf, trustProblems } from "./trust.ts";
import type { FileGrant, HostPath, NetworkGrant, Scope } from "./types.ts";
import { canonicalHost } from "./urls.ts";

/** One thing that is wrong with a scope. */
export interface ScopeProblem {
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** A scope cannot be used; `problems` has everything that is wrong with it, in source order. */
export class ScopeError extends GloveboxError {
  override readonly name = "ScopeError";
  readonly problems: readonly ScopeProblem[];

  constructor(problems: readonly ScopeProblem[], details: ErrorDetails = {}) {
    const [only, ...others] = problems.map(problemText);
    const listed = problems.map((problem) => `${problemText(problem)}. ${problem.hint}`).join("\n");
    super("SCOPE_INVALID", others.length === 0 ? (only ?? "the scope is invalid") : listed, {
      ...details,
      data: { problems },
    });
    this.problems = problems;
  }
}

/**
 * The scope that a source describes, with defaults for what it leaves out.
 * Errors: ScopeError (SCOPE_INVALID), with all problems at once.
 */
export function parseScope(source: Source): Scope {
  const document = readDocument(source, PLAN_LIMITS);
  const shaped = document.value === undefined ? null : shape(scopeSchema, document.value, "", "the scope");
  const file = shaped?.ok === true ? shaped.value : null;
  const problems = [
    ...document.problems,
    ...(shaped?.ok === false ? shaped.problems : []),
    ...(file === null ? [] : conflicts(file)),
  ];
  if (problems.length > 0 || file === null) throw invalid(document, problems);
  return complete(file);
}

function invalid(document: SourceDocument, problems: readonly Problem[]): ScopeError {
  const shown = problems.slice(0, PLAN_LIMITS.findings);
  const located = document.locate(shown);
  const entries = shown.map(({ pointer, message, hint }, index) => {
    const { line = null, column = null, order = 0 } = located[index] ?? {};
    const said = { message: printable(message), hint: printable(hint) };
    return { order, problem: { pointer, ...said, file: document.file, line, column } };
  });
  entries.sort((a, b) => a.order - b.order);
  const [only] = entries;
  const details = entries.length === 1 && only !== undefined ? { hint: only.problem.hint } : {};
  return new ScopeError(
    entries.map((entry) => entry.problem),
    details,
  );
}

function problemText({ file, line, column, pointer, message }: ScopeProblem): string {
  const place = line === null ? pointer : `${file}:${line}:${column}`;
  return place === "" ? message : `${place}: ${message}`;
}

/** What is wrong only when entries are seen together. */
function conflicts(file: ScopeFile): Problem[] {
  return [
    ...trustProblems(file.trust ?? []),
    ...repeatedPaths(file.filesystem ?? []),
    ...tcpProblems(file.network ?? []),
    ...environmentProblems(file.environment ?? {}),
  ];
}

function repeatedPaths(entries: readonly FileGrantEntry[]): Problem[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const path = normalisePath(entry.path) ?? entry.path;
    if (!seen.has(path)) {
      seen.add(path);
      return [];
    }
    const message = `the scope: filesystem has two grants for ${quote(path)}`;
    const pointer = `/filesystem/${index}/path`;
    return [{ pointer, on: "value", message, hint: "Keep the one that is meant." } satisfies Problem];
  });
}

function environmentProblems(environment: Readonly<Record<string, string>>): Problem[] {
  const entries = Object.entries(environment);
  const badNames = entries.filter(([name]) => !VARIABLE_NAME.test(name));
  const problems: Problem[] = badNames.map(([name]) => ({
    pointer: child("/environment", name),
    on: "key",
    message: `the scope: environment has the name ${quote(name)}, which must be letters, digits and underscores`,
    hint: "Write for example LANG: C.",
  }));
  const bytes = entries.reduce((sum, [name, value]) => sum + utf8Length(name) + utf8Length(value) + 2, 0);
  if (bytes > CALL_LIMITS.environmentBytes) {
    const message = `the scope: environment is ${bytes} bytes, and at most ${CALL_LIMITS.environmentBytes} are allowed`;
    problems.push({ pointer: "/environment", on: "value", message, hint: "Hand large texts over in files." });
  }
  return problems;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function complete(file: ScopeFile): Scope {
  const name = file.scope ?? "unnamed";
  const entries = file.actions ?? [];
  return deepFreeze({
    name,
    actions: [{ from: `the scope "${name}"`, patterns: entries.map(patternOf) }],
    calls: callRules(entries),
    approve: file.approve ?? [],
    trust: levelsOf(file.trust ?? []),
    filesystem: fileGrants(file.filesystem ?? []),
    network: (file.network ?? []).map(networkGrant),
    environment: file.environment ?? {},
    limits: { ...defaultLimits(), ...file.limits },
  });
}

function patternOf(entry: ActionEntry): string {
  return typeof entry === "string" ? entry : entry.action;
}

/** Widest first, so that a grant without a host finds the grant that it lies in. */
function fileGrants(entries: readonly FileGrantEntry[]): FileGrant[] {
  const normal = entries.map((entry) => ({ ...entry, path: normalisePath(entry.path) ?? entry.path }));
  const resolved: FileGrant[] = [];
  for (const { path, host, access, flow } of normal.toSorted((a, b) => a.path.length - b.path.length)) {
    const place = host === undefined ? hostWithin(resolved, path) : { base: "scope" as const, path: host };
    resolved.push({ path, host: place, access, flow: flow ?? grantFor(resolved, path)?.flow ?? null });
  }
  return resolved;
}

function hostWithin(wider: readonly FileGrant[], path: string): HostPath {
  const grant = grantFor(wider, path);
  if (grant === null) return { base: "workspace", path: "" };
  const rest = grant.path === "/" ? path.slice(1) : path.slice(grant.path.length + 1);
  return { base: grant.host.base, path: grant.host.path === "" ? rest : `${grant.host.path}/${rest}` };
}

/** Left out, ports are 443 alone, methods those that only read, paths all. */
function networkGrant(entry: NetworkGrantEntry): NetworkGrant {
  if (entry.protocol === "tcp") return tcpGrant(entry);
  return {
    host: canonicalHost(entry.host) ?? entry.host,
    ports: entry.ports ?? [443],
    methods: (entry.methods ?? ["GET", "HEAD"]).map((method) => method.toUpperCase()),
    paths: entry.paths ?? ["/*"],
    ...(entry.headers === undefined ? {} : { headers: entry.headers }),
    ...(entry.flow === undefined ? {} : { flow: entry.flow }),
  };
}
