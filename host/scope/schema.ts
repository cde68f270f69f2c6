// The shape of a scope file: every key, its rule in words, an example. It must not know where the text came from.

import { z } from "zod";
import { isConnectionField, isFieldName, isFieldValue } from "../contract/http.ts";
import { CALL_LIMITS, SCOPE_LIMITS, type ScopeLimitName, type ScopeLimits } from "../limits.ts";
import { type ActionEntry, actionEntry, actionPattern } from "./call-rules.ts";
import { ruled } from "./document/shape.ts";
import { normalisePath } from "./paths.ts";
import { type TrustLevelEntry, trustLevels } from "./trust.ts";
import type { Access, Flow } from "./types.ts";
import { canonicalHost } from "./urls.ts";

/** Where a header of a grant takes a variable of the host: `${{ env.API_TOKEN }}`. */
export const SECRET: RegExp = /\$\{\{\s*env\.([A-Za-z_][A-Za-z0-9_]{0,199})\s*\}\}/g;

/** A scope as it is written; everything may be left out. */
export interface ScopeFile {
  readonly scope?: string | undefined;
  readonly version?: "glovebox/v1" | undefined;
  readonly actions?: readonly ActionEntry[] | undefined;
  readonly approve?: readonly string[] | undefined;
  readonly trust?: readonly TrustLevelEntry[] | undefined;
  readonly filesystem?: readonly FileGrantEntry[] | undefined;
  readonly network?: readonly NetworkGrantEntry[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly limits?: Partial<ScopeLimits> | undefined;
}

export interface FileGrantEntry {
  readonly path: string;
  readonly host?: string | undefined;
  readonly access: Access;
  readonly flow?: Flow | undefined;
}

export interface NetworkGrantEntry {
  readonly host: string;
  readonly ports?: readonly number[] | undefined;
  readonly protocol?: "http" | "tcp" | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly flow?: "private" | undefined;
}

const MOST_ENTRIES = 1000;

function listOf<T extends z.ZodType>(item: T, rule: string, example: string): z.ZodArray<T> {
  return ruled(z.array(item).max(MOST_ENTRIES), rule, example);
}

const guestPath = ruled(
  z
    .string()
    .max(4096)
    .refine((path) => path.startsWith("/") && !path.split("/").includes("..") && normalisePath(path) !== null),
  'an absolute path without ".."',
  "/project",
);

const fileGrant = ruled(
  z.strictObject({
    path: guestPath,
    host: ruled(
      z
        .string()
        .min(1)
        .max(4096)
        .refine((path) => !path.includes("\0")),
      "a path, relative to the scope file",
      "./logs",
    ).optional(),
    access: ruled(z.enum(["read", "write"]), '"read" or "write"', "read"),
    flow: ruled(z.enum(["private", "public"]), '"private" or "public"', "private").optional(),
  }),
  "an object with a path and an access",
  "{ path: /project, access: read }",
);

const port = ruled(z.int().min(1).max(65_535), "a port number from 1 to 65535", "443");
const method = ruled(z.string().regex(/^[A-Za-z]{1,20}$/), "the name of an HTTP method", "GET");
const urlPath = ruled(
  z
    .string()
    .max(1000)
    .regex(/^\/[^?#\s]*$/),
  'a URL path that starts with "/", in which "*" stands for any characters',
  '"/api/*"',
);

const header = ruled(
  z
    .string()
    .max(8192)
    .refine((value) => isFieldValue(value.replaceAll(SECRET, "")) && !value.replaceAll(SECRET, "").includes("${{")),
  `the value of a header, in which \${{ env.NAME }} stands for a variable of the host's environment`,
  `"Bearer \${{ env.API_TOKEN }}"`,
);

const headers = ruled(
  z.record(
    z
      .string()
      .refine((name) => isFieldName(name) && !isConnectionField(name.toLowerCase()) && !/^content-/i.test(name)),
    header,
  ),
  "an object of headers that are about the request and not about the connection or the body",
  `{ authorization: "Bearer \${{ env.API_TOKEN }}" }`,
);

const networkGrant = ruled(
  z.strictObject({
    host: ruled(
      z
        .string()
        .max(253)
        .refine((host) => canonicalHost(host) !== null),
      'the name of a host, or "*." and a domain, without scheme, port or path',
      '"*.example.com"',
    ),
    ports: listOf(port, "a list of port numbers", "[443]").optional(),
    protocol: ruled(
      z.enum(["http", "tcp"]),
      '"http", or "tcp" for connections whose bytes are not looked at',
      "tcp",
    ).optional(),
    methods: listOf(method, "a list of HTTP methods", "[GET]").optional(),
    paths: listOf(urlPath, "a list of URL paths", '["/api/*"]').optional(),
    headers: headers.optional(),
    flow: ruled(z.literal("private"), '"private"; hosts without it are public', "private").optional(),
  }),
  "an object with a host",
  '{ host: "*.example.com" }',
);

const COUNTS: ReadonlySet<string> = new Set(["fuel", "elements", "operations", "requests"]);

function limitSchema(name: ScopeLimitName): z.ZodType<number | undefined> {
  const { floor, ceiling, unit, about, default: fallback } = SCOPE_LIMITS[name];
  const number = COUNTS.has(unit) ? z.int() : z.number();
  const kind = COUNTS.has(unit) ? "a whole number" : "a number";
  const of = unit === name ? "" : ` of ${unit === "s" ? "seconds" : unit}`;
  const rule = `${kind}${of} from ${floor} to ${ceiling} (${about}; default ${fallback})`;
  return ruled(number.min(floor).max(ceiling), rule, `${name}: ${fallback}`).optional();
}

const limitNames = Object.keys(SCOPE_LIMITS) as ScopeLimitName[];
const limits = ruled(
  z.strictObject(Object.fromEntries(limitNames.map((name) => [name, limitSchema(name)]))),
  "an object of limits",
  "{ memory_mb: 64 }",
) as z.ZodType<Partial<ScopeLimits>>;

const variableValue = ruled(
  z.string().refine((value) => !value.includes("\0")),
  "a string without NUL",
  '"C"',
);

/** Environment names: no `=` and no NUL can be in them. */
export const VARIABLE_NAME: RegExp = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;

const environment = ruled(
  z.record(z.string(), variableValue),
  `an object of strings, in all at most ${CALL_LIMITS.environmentBytes} bytes`,
  "{ LANG: C }",
);

/** The schema of a scope file. */
export const scopeSchema: z.ZodType<ScopeFile> = ruled(
  z.strictObject({
    scope: ruled(
      z.string().regex(/^[\w][\w .:/-]{0,127}$/),
      "a name of letters, digits, dashes and dots, at most 128",
      "log-analysis",
    ).optional(),
    version: ruled(z.literal("glovebox/v1"), '"glovebox/v1"', "glovebox/v1").optional(),
    actions: listOf(actionEntry, "a list of action names", '[file.read, "process.*"]').optional(),
    approve: listOf(actionPattern, "a list of action names", '["mail.*"]').optional(),
    trust: trustLevels.optional(),
    filesystem: listOf(fileGrant, "a list of grants", "[{ path: /project, access: read }]").optional(),
    network: listOf(networkGrant, "a list of grants", '[{ host: "*.example.com" }]').optional(),
    environment: environment.optional(),
    limits: limits.optional(),
  }),
  "an object with actions, filesystem, network, environment and limits",
  '{ "scope": "log-analysis", "actions": ["file.read"] }',
);
