// From what a run did to the smallest scope that lets it do so again. It only describes: a person decides.

import type { Action } from "../contract/types.ts";
import type { NetworkExchange, ResourceUsage } from "../hooks.ts";
import { BYTES_PER_MB, SCOPE_LIMITS, type ScopeLimitName } from "../limits.ts";
import type { RunReport } from "../report.ts";
import { grantFor, isWithin, normalisePath } from "../scope/paths.ts";
import type { FileGrantEntry, NetworkGrantEntry, ScopeFile } from "../scope/schema.ts";
import type { Access, Scope } from "../scope/types.ts";
import type { CheckedCall, CheckedContent } from "./checked-plan.ts";
import { roleOf, stringsIn } from "./rules.ts";
import { escapeText, literalText } from "./template.ts";
import type { StepCall } from "./tool-caller.ts";
import type { Params } from "./types.ts";

/** A call that a plan made, or would make. */
export interface AuditedCall {
  readonly action: Action;
  readonly params: Params;
  /** Whether it was made: what it asked of the network is known then. */
  readonly made: boolean;
}

export interface Audit {
  readonly name: string;
  /** Under which it ran: nothing beyond it is suggested. */
  readonly ceiling: Scope;
  readonly calls: readonly AuditedCall[];
  /** What went over the network. */
  readonly exchanges: readonly NetworkExchange[];
  readonly usage: ResourceUsage;
}

/** The smallest scope that a plan needs, as far as trying it shows. */
export interface Suggestion {
  /** Null when the plan did not come to its end under the scope that it was tried with. */
  readonly scope: ScopeFile | null;
  /** What has to be looked at by a person. */
  readonly notes: readonly string[];
  readonly report: RunReport;
}

/** The calls of a plan: those that were made, and what the plan says of those that were not. */
export function auditedCalls(
  { steps }: CheckedContent,
  made: readonly StepCall[],
): { readonly calls: readonly AuditedCall[]; readonly notes: readonly string[] } {
  const ran = new Set(made.map(({ step }) => step));
  const planned = steps.flatMap((checked) => {
    const { step, compensation } = checked;
    return [
      ...(ran.has(step.id) ? [] : [{ step, call: checked }]),
      ...(compensation === null ? [] : [{ step, call: compensation }]),
    ];
  });
  const open = planned.filter(({ call, step }) => step.for_each !== null || namesUnknown(call));
  return {
    calls: [
      ...made.map(({ action, arguments: params }) => ({ action, params: asWritten(params), made: true })),
      ...planned.map(({ call: { action, params } }) => ({ action, params, made: false })),
    ],
    notes: open.map(
      ({ step, call }) =>
        `step ${step.id}: ${call.action.name} was not called, and what it reaches is not in the plan; add it by hand`,
    ),
  };
}

/** Arguments are data: as text of a plan, they refer to nothing. */
function asWritten(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "string" ? escapeText(value) : value]),
  );
}

function namesUnknown({ action, params }: CheckedCall): boolean {
  const named = Object.keys(params).filter((name) => roleOf(action, name) !== null);
  return named.some((name) => stringsIn(params[name] ?? null).some(({ text }) => literalText(text) === null));
}

/** The limits that a run says something about, with what it took of each. Times are not: they are not the same twice. */
const TAKEN: Readonly<Partial<Record<ScopeLimitName, (audit: Audit) => number>>> = {
  fuel: ({ usage }) => usage.fuel,
  memory_mb: ({ usage }) => usage.memory_mb,
  io_operations: ({ usage }) => usage.io_operations,
  io_mb: ({ usage }) => usage.io_bytes / BYTES_PER_MB,
};

/** The scope for what was done, with twice the resources that it took. */
export function suggestScope(audit: Audit): ScopeFile {
  const { ceiling, calls } = audit;
  const network = requestsOf(calls, audit.exchanges);
  return {
    version: "glovebox/v1",
    scope: audit.name,
    actions: [...new Set(calls.map(({ action }) => action.name))].sort(),
    ...(ceiling.approve.length === 0 ? {} : { approve: ceiling.approve }),
    filesystem: grantsOf(ceiling, calls),
    ...(network.length === 0 ? {} : { network }),
    limits: {
      ...limitsOf(audit),
      ...(network.length === 0 ? {} : { network_requests: ceiling.limits.network_requests }),
    },
  };
}

function grantsOf(ceiling: Scope, calls: readonly AuditedCall[]): readonly FileGrantEntry[] {
  const wanted = new Map<string, Access>();
  for (const { action, params } of calls) {
    for (const { path, use } of pathsOf(action, params)) {
      if (use === "write" || !wanted.has(path)) wanted.set(path, use);
    }
  }
  const covered = (path: string, access: Access): boolean =>
    [...wanted].some(
      ([wider, has]) => wider !== path && isWithin(path, wider) && (has === "write" || access === "read"),
    );
  const needed = [...wanted].filter(([path, access]) => !covered(path, access)).sort(([a], [b]) => (a < b ? -1 : 1));
  return needed.map(([path, access]) => entryFor(ceiling, path, access));
}

/** A file that is written is granted by itself; its directory must be there. */
function entryFor(ceiling: Scope, path: string, access: Access): FileGrantEntry {
  const grant = grantFor(ceiling.filesystem, path);
  if (grant === null) return { path, access };
  const rest = path.slice(grant.path === "/" ? 1 : grant.path.length + 1);
  const host = [grant.host.path || ".", rest].filter((part) => part !== "").join("/");
  const flow = grant.flow === null ? {} : { flow: grant.flow };
  return { path, host, access, ...flow };
}

function pathsOf(action: Action, params: Params): { readonly path: string; readonly use: Access }[] {
  return Object.entries(params).flatMap(([name, value]) => {
    const role = roleOf(action, name);
    if (role?.kind !== "path") return [];
    return stringsIn(value).flatMap(({ text }) => {
      const literal = literalText(text);
      const path = literal === null ? null : normalisePath(literal);
      return path === null ? [] : [{ path, use: role.use }];
    });
  });
}

interface Request {
  readonly url: URL;
  /** Null where only the plan tells of it, and so no method is known. */
  readonly method: string | null;
}

function requestsOf(
  calls: readonly AuditedCall[],
  exchanges: readonly NetworkExchange[],
): readonly NetworkGrantEntry[] {
  const sent = exchanges.flatMap(({ url, method }): Request[] => {
    const parsed = url === null ? null : URL.parse(url);
    return parsed === null || !/^https?:$/.test(parsed.protocol) ? [] : [{ url: parsed, method }];
  });
  const byHost = Map.groupBy(
    [...sent, ...calls.filter(({ made }) => !made).flatMap(requestsPlanned)],
    ({ url }) => `${url.hostname} ${url.port || (url.protocol === "http:" ? 80 : 443)}`,
  );
  return [...byHost].map(([key, all]) => {
    const [host = "", port = "443"] = key.split(" ");
    const methods = [...new Set(all.flatMap(({ method }) => method ?? []))].sort();
    const paths = [...new Set(all.map(({ url }) => url.pathname))].sort();
    return { host, ports: [Number(port)], ...(methods.length === 0 ? {} : { methods }), paths };
  });
}

function requestsPlanned({ action, params }: AuditedCall): readonly Request[] {
  return action.urls.flatMap((name) =>
    stringsIn(params[name] ?? null).flatMap(({ text }) => {
      const url = URL.parse(text);
      return url === null ? [] : [{ url, method: null }];
    }),
  );
}

function limitsOf(audit: Audit): Readonly<Partial<Record<ScopeLimitName, number>>> {
  const names = Object.keys(TAKEN) as ScopeLimitName[];
  return Object.fromEntries(
    names.map((name) => {
      const { floor } = SCOPE_LIMITS[name];
      const taken = roundUp(2 * (TAKEN[name]?.(audit) ?? 0));
      return [name, Math.min(audit.ceiling.limits[name], Math.max(floor, taken, 1))];
    }),
  );
}

/** To two digits, so that small differences between runs make no other scope. */
function roundUp(value: number): number {
  if (value <= 1) return Math.ceil(value);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
