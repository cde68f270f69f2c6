// Where private data goes in a plan: from what is read, through results and files, to what lets it out. The check and the run use the same rule.
// It must not know when it is asked.

import type { Action } from "../contract/types.ts";
import type { PrivateFile } from "../report.ts";
import { quote } from "../scope/document/quote.ts";
import { grantFor, isWithin, normalisePath } from "../scope/paths.ts";
import type { NetworkGrant, Scope } from "../scope/types.ts";
import { grantCovers, targetOf } from "../scope/urls.ts";
import { isExternal } from "./effects.ts";
import { type Breach, roleOf, stringsIn } from "./rules.ts";
import type { Params } from "./types.ts";

/** Where private data came from. `certain` is false when that depends on a value that is not known yet. */
export interface Origin {
  readonly what: string;
  readonly certain: boolean;
}

/** A call as far as it matters here. Null among its paths and URLs stands for one that is not known yet. */
export interface FlowCall {
  readonly step: string;
  /** The number of the step. */
  readonly index: number;
  readonly action: Action;
  readonly paths: readonly { readonly path: string | null; readonly use: "read" | "write" }[];
  readonly urls: readonly (string | null)[];
  /** The steps whose results or outcomes it takes. */
  readonly takes: readonly string[];
  /** Whether it sees what the step of that number changed. */
  readonly sees: (step: number) => boolean;
}

/** A call that lets private data out, surely or perhaps. */
export interface FlowBreach extends Breach {
  readonly certain: boolean;
}

/** A file that holds private data; null for one that is not known yet. */
interface Written {
  /** Null for an earlier plan's. */
  readonly step: number | null;
  readonly path: string | null;
  readonly origin: Origin;
}

/** Follows private data from call to call, in the order in which they are made. */
export class FlowTracker {
  readonly #scope: Scope;
  readonly #tracks: boolean;
  readonly #steps = new Map<string, Origin>();
  readonly #files: Written[] = [];

  /** `before` are files that earlier plans filled with private data. */
  constructor(scope: Scope, before: readonly PrivateFile[] = []) {
    this.#scope = scope;
    this.#tracks = before.length > 0 || [...scope.filesystem, ...scope.network].some(({ flow }) => flow === "private");
    for (const { path, from } of before) {
      const what = `${quote(path)}, which an earlier plan filled from ${from}`;
      this.#files.push({ step: null, path, origin: { what, certain: true } });
    }
  }

  /** The files that hold private data now, sorted. */
  get written(): readonly PrivateFile[] {
    const known = new Map<string, string>();
    for (const { step, path, origin } of this.#files)
      if (step !== null && path !== null) known.set(path, known.get(path) ?? origin.what);
    return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, from]) => ({ path, from }));
  }

  /** What is wrong with a call, given those before it; null when it lets nothing private out. */
  judge(call: FlowCall): FlowBreach | null {
    if (!this.#tracks) return null;
    const origin = this.#originOf(call);
    if (origin === null) return null;
    this.#remember(call, origin);
    return this.#wayOut(call, origin);
  }

  #originOf({ action, paths, urls, takes, sees }: FlowCall): Origin | null {
    const taken = takes.map((step) => this.#steps.get(step));
    const read = paths.filter(({ use }) => use === "read").map(({ path }) => this.#readFrom(path, sees));
    const fetched = urls.map((url) => this.#fetchedFrom(url));
    // A tool that works on files and names none of them in its parameters may read any.
    const anyFile =
      Object.keys(action.paths).length === 0 && (action.effect === "read" || action.effect === "reversible");
    const everywhere =
      anyFile && action.urls.length === 0 ? [{ what: "files that it does not name", certain: true }] : [];
    const origins = [...taken, ...read, ...fetched, ...everywhere].filter((one) => one !== undefined && one !== null);
    return origins.find(({ certain }) => certain) ?? origins[0] ?? null;
  }

  #fetchedFrom(url: string | null): Origin | null {
    if (this.#hosts(url).every((grant) => grant.flow !== "private")) return null;
    return url === null ? { what: "a URL that is not known yet", certain: false } : { what: quote(url), certain: true };
  }

  /** The grants that a request to this URL may use. */
  #hosts(url: string | null): readonly NetworkGrant[] {
    const target = url === null ? null : targetOf(url);
    if (url === null) return this.#scope.network;
    return target === null ? [] : this.#scope.network.filter((grant) => grantCovers(grant, target, null));
  }

  #readFrom(path: string | null, sees: FlowCall["sees"]): Origin | null {
    if (path === null) return { what: "a path that is not known yet", certain: false };
    const normal = normalisePath(path);
    if (normal === null) return null;
    const { filesystem } = this.#scope;
    const isPrivate = grantFor(filesystem, normal)?.flow === "private";
    const within = filesystem.some((grant) => grant.flow === "private" && isWithin(grant.path, normal));
    if (isPrivate || within) return { what: quote(path), certain: true };
    const written = this.#files.filter(
      (file) => (file.step === null || sees(file.step)) && (file.path === null || overlap(file.path, normal)),
    );
    const sure = written.find((file) => file.path !== null && file.origin.certain) ?? written[0];
    return sure === undefined ? null : { what: sure.origin.what, certain: sure.path !== null && sure.origin.certain };
  }

  #remember({ step, index, paths }: FlowCall, origin: Origin): void {
    const known = this.#steps.get(step);
    if (known === undefined || !known.certain) this.#steps.set(step, origin);
    for (const { path, use } of paths) {
      if (use === "write") this.#files.push({ step: index, path: path === null ? null : normalisePath(path), origin });
    }
  }

  #wayOut({ action, paths, urls }: FlowCall, origin: Origin): FlowBreach | null {
    const from = `data read from ${origin.what}, which is private`;
    const hosts = urls.flatMap((url) => this.#hosts(url));
    const inside = hosts.length > 0 && hosts.every(({ flow }) => flow === "private");
    if (!inside && (action.urls.length > 0 || isExternal(action))) {
      const known = hosts.every(({ flow }) => flow !== "private") || !urls.includes(null);
      return this.#breach(`${from}, would leave through ${action.name}`, origin.certain && known);
    }
    const written = paths.filter(({ use }) => use === "write");
    const open = written.find(({ path }) => path !== null && this.#isPublic(path));
    if (open !== undefined) {
      return this.#breach(`${from}, would be written to ${quote(open.path)}, which is public`, origin.certain);
    }
    const anyPublic = this.#scope.filesystem.some(({ flow }) => flow === "public");
    if (!anyPublic || !written.some(({ path }) => path === null)) return null;
    return this.#breach(`${from}, is written to a path that is not known yet and may be public`, false);
  }

  #isPublic(path: string): boolean {
    const normal = normalisePath(path);
    return normal !== null && grantFor(this.#scope.filesystem, normal)?.flow === "public";
  }

  #breach(message: string, certain: boolean): FlowBreach {
    const hint =
      "Remove this step, or use what is not private in it; what has been read cannot be made public by a plan.";
    return { code: "FLOW_DENIED", message: `${message} (scope "${this.#scope.name}")`, hint, certain };
  }
}

function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** The paths and URLs that a call names. `read` gives what a string says, and null where that is not known yet. */
export function namedIn(
  action: Action,
  params: Params,
  read: (text: string) => string | null,
): Pick<FlowCall, "paths" | "urls"> {
  const named = Object.entries(params).flatMap(([name, value]) => {
    const role = roleOf(action, name);
    return role === null ? [] : stringsIn(value).map(({ text }) => ({ role, text: read(text) }));
  });
  return {
    paths: named.flatMap(({ role, text }) => (role.kind === "path" ? [{ path: text, use: role.use }] : [])),
    urls: named.flatMap(({ role, text }) => (role.kind === "url" ? [text] : [])),
  };
}
