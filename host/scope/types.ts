// What a plan may reach and spend, as values. It must not know plans, tools, or where host paths lead.

import type { ScopeLimits } from "../limits.ts";

/** A scope as the rest of Glovebox uses it: complete, normalised, deep-frozen. What is not in it is denied. */
export interface Scope {
  readonly name: string;
  /** An action is allowed when every one of these lists has a pattern for it. */
  readonly actions: readonly ActionList[];
  readonly filesystem: readonly FileGrant[];
  readonly network: readonly NetworkGrant[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: ScopeLimits;
}

export interface ActionList {
  /** Who says so, for messages: `the scope "log-analysis"`, `the plan's allowed_actions`. */
  readonly from: string;
  /** Action names, in which `*` stands for any characters. */
  readonly patterns: readonly string[];
}

export type Access = "read" | "write";

export interface FileGrant {
  /** What tools see: absolute, normalised. */
  readonly path: string;
  /** Where that is. */
  readonly host: HostPath;
  /** `write` includes reading. */
  readonly access: Access;
}

/** A path of the host, relative to the folder of the scope file or to the workspace; "" is that folder itself. It may be absolute when `base` is `scope`. */
export interface HostPath {
  readonly base: "scope" | "workspace";
  readonly path: string;
}

export interface NetworkGrant {
  /** As WHATWG URL writes it, or `*.` and the domain that it must be below. */
  readonly host: string;
  readonly ports: readonly number[];
  /** Upper case. */
  readonly methods: readonly string[];
  /** Path patterns, in which `*` stands for any characters. */
  readonly paths: readonly string[];
  /** Headers that are put into requests on their way out; in their values, `${{ env.NAME }}` stands for a variable of the host. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a plan asks to be held to besides its scope. It can only narrow it. */
export interface Constraints {
  readonly max_duration_seconds?: number | undefined;
  readonly allowed_actions?: readonly string[] | undefined;
  readonly network_access?: boolean | undefined;
  readonly max_fuel?: number | undefined;
  readonly max_memory_mb?: number | undefined;
}
