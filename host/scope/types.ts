// What a plan may reach and spend, as values. It must not know plans, tools, or where host paths lead.

import type { ScopeLimits } from "../limits.ts";

/** A scope as the rest of Glovebox uses it: complete, normalised, deep-frozen. What is not in it is denied. */
export interface Scope {
  readonly name: string;
  /** An action is allowed when every one of these lists has a pattern for it. */
  readonly actions: readonly ActionList[];
  /** What calls of some actions must be like. Every rule whose pattern fits an action applies to it. */
  readonly calls: readonly CallRule[];
  /** Patterns of actions that a person is asked about before each call. */
  readonly approve: readonly string[];
  /** What agents may earn, the lowest level first; empty where all have the whole scope. */
  readonly trust: readonly TrustLevel[];
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

/** What calls of an action must be like. */
export interface CallRule {
  /** The actions that it is about; `*` stands for any characters. */
  readonly pattern: string;
  /** By parameter; a parameter that has a rule must be given. */
  readonly params: Readonly<Record<string, ValueRule>>;
  /** Calls in one run, retries and items included; null for any number. */
  readonly maxCalls: number | null;
  /** A person has agreed that its effect may stand though the plan fails afterwards. */
  readonly consent: boolean;
}

/** What a value must be like; for a list, each of its items. */
export interface ValueRule {
  readonly at_least?: number | undefined;
  readonly at_most?: number | undefined;
  readonly one_of?: readonly (string | number | boolean)[] | undefined;
  readonly prefix?: string | undefined;
  /** A regular expression in RE2's syntax, for the whole text. */
  readonly matches?: string | undefined;
}

/** `private`: what is read there must not reach the network, external effects, or what is `public`. */
export type Flow = "private" | "public";

export type Access = "read" | "write";

export interface FileGrant {
  /** What tools see: absolute, normalised. */
  readonly path: string;
  /** Where that is. */
  readonly host: HostPath;
  /** `write` includes reading. */
  readonly access: Access;
  /** Its own mark, or that of the nearest wider grant that has one. */
  readonly flow: Flow | null;
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
  /** Bytes over TCP, which are not looked at; such a grant has no methods, paths or headers. Left out: HTTP requests. */
  readonly protocol?: "tcp";
  /** Upper case. */
  readonly methods: readonly string[];
  /** Path patterns, in which `*` stands for any characters. */
  readonly paths: readonly string[];
  /** Headers that are put into requests on their way out; in their values, `${{ env.NAME }}` stands for a variable of the host. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What it answers is private, and private data may go there. */
  readonly flow?: "private";
}

/** A level that agents may earn: the scope, held to constraints. */
export interface TrustLevel {
  readonly name: string;
  /** The clean runs in a row, at the level below, that earn it; 0 for the first. */
  readonly after: number;
  readonly constraints: Constraints;
  /** Patterns of the actions that wait for a person at this level, besides those of the scope. */
  readonly approve: readonly string[];
}

/** What a plan asks to be held to besides its scope. It can only narrow it. */
export interface Constraints {
  readonly max_duration_seconds?: number | undefined;
  readonly allowed_actions?: readonly string[] | undefined;
  readonly network_access?: boolean | undefined;
  readonly max_fuel?: number | undefined;
  readonly max_memory_mb?: number | undefined;
}
