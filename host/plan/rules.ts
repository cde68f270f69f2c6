// The rules about what a call may reach, and what its files must be like: one wording and one decision, used by the check and again at run time.
// It must not know where a value came from.

import type { Action, JsonValue } from "../contract/types.ts";
import type { ErrorCode } from "../errors.ts";
import { ruleBroken } from "../scope/call-rules.ts";
import { quote } from "../scope/document/quote.ts";
import { grantFor, normalisePath } from "../scope/paths.ts";
import type { Access, CallRule, Scope } from "../scope/types.ts";
import { looksLikeUrl, urlAllowed } from "../scope/urls.ts";
import type { Validation } from "./types.ts";

/** A rule that a value breaks. */
export interface Breach {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** What a parameter's strings are to the scope; null when they are just text. */
export type ParameterRole = { readonly kind: "path"; readonly use: Access } | { readonly kind: "url" } | null;

/** The role of a parameter, as the tool's manifest says. */
export function roleOf(action: Action, parameter: string): ParameterRole {
  if (action.urls.includes(parameter)) return { kind: "url" };
  const use = Object.hasOwn(action.paths, parameter) ? action.paths[parameter] : undefined;
  return use === undefined ? null : { kind: "path", use };
}

/** What is wrong with a path that a call names; null when the scope grants it. */
function pathBreach(scope: Scope, path: string, use: Access): Breach | null {
  if (looksLikeUrl(path)) return urlBreach(scope, path) ?? notAPath(path);
  const normal = normalisePath(path);
  const grant = normal === null ? null : grantFor(scope.filesystem, normal);
  if (grant === null) return outside(scope, path, use);
  if (use === "read" || grant.access === "write") return null;
  const writable = scope.filesystem.filter((one) => one.access === "write").map((one) => one.path);
  const instead = writable.length === 0 ? "Leave the file alone" : `Write below ${writable.slice(0, 10).join(" or ")}`;
  return {
    code: "PATH_DENIED",
    message: `${quote(path)} may be read but not written: the scope "${scope.name}" grants ${grant.path} for reading only`,
    hint: `${instead}, or have ${grant.path} granted with access: write.`,
  };
}

function outside(scope: Scope, path: string, use: Access): Breach {
  const granted = scope.filesystem.map((grant) => grant.path).slice(0, 10);
  const message = `${quote(path)} is outside of every path that the scope "${scope.name}" grants`;
  const folder = grantable(path);
  if (folder === null) {
    const below = granted.length === 0 ? "" : `, below ${granted.join(" or ")}`;
    return { code: "PATH_DENIED", message, hint: `Name the file by its absolute path${below}.` };
  }
  const grant = `{ path: ${quote(folder)}, access: ${use} }`;
  const instead = granted.length === 0 ? "Have" : `Use a path below ${granted.join(" or ")}, or have`;
  return { code: "PATH_DENIED", message, hint: `${instead} it granted: ${grant}.` };
}

/** What a person could grant so that a path lies in it: its folder; null when that is the whole machine, or nobody knows what is meant. */
function grantable(path: string): string | null {
  const normal = path.startsWith("/") ? normalisePath(path) : null;
  if (normal === null || normal === "/") return null;
  return normal.replace(/\/[^/]*$/, "") || normal;
}

function notAPath(path: string): Breach {
  const message = `${quote(path)} is a URL, and a path is expected`;
  return { code: "PATH_DENIED", message, hint: "Name a file of the scope's filesystem." };
}

/** What is wrong with a URL that a call names; null when the scope grants it. */
export function urlBreach(scope: Scope, url: string): Breach | null {
  if (urlAllowed(scope, url, null)) return scope.limits.network_requests > 0 ? null : noRequests(scope, url);
  const why =
    scope.network.length === 0 ? "no network is granted" : `no network grant of the scope "${scope.name}" covers it`;
  const hosts = scope.network.map((grant) => grant.host).slice(0, 10);
  const hint =
    hosts.length === 0
      ? "Remove the URL; use files instead."
      : `Use a URL that a grant covers; there are grants for ${hosts.join(", ")}.`;
  return { code: "NET_DENIED", message: `the URL ${quote(url)} is not allowed: ${why}`, hint };
}

function noRequests(scope: Scope, url: string): Breach {
  const message = `the URL ${quote(url)} is not allowed: network_requests of the scope "${scope.name}" is 0`;
  return { code: "NET_DENIED", message, hint: "Have network_requests set in the limits of the scope." };
}

/** What is wrong with one string of a parameter that has a role. */
export function stringBreach(scope: Scope, role: NonNullable<ParameterRole>, text: string): Breach | null {
  return role.kind === "path" ? pathBreach(scope, text, role.use) : urlBreach(scope, text);
}

/** What is wrong with one argument, by the scope's rules about calls of its action. */
export function argumentBreach(
  scope: Scope,
  rule: CallRule,
  name: string,
  value: JsonValue | undefined,
): Breach | null {
  const values = rule.params[name];
  const broken = values === undefined ? null : ruleBroken(values, value);
  if (broken === null) return null;
  const found = value === undefined ? "it is missing" : `it is ${quote(value)}`;
  return {
    code: "ARGUMENT_DENIED",
    message: `the scope "${scope.name}" says for ${rule.pattern} that "${name}" must ${broken}, and ${found}`,
    hint: `Give "${name}" a value that keeps to this, or have the rule changed in the scope.`,
  };
}

/** What is wrong with the name of a file that a step names. */
export function extensionBreach(validation: Validation, path: string): Breach | null {
  const allowed = validation.allowed_extensions;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (allowed === undefined || allowed.some((one) => name.length > one.length && name.endsWith(one))) return null;
  return {
    code: "VALIDATION_FAILED",
    message: `${quote(path)} has none of the allowed extensions ${allowed.join(", ")}`,
    hint: "Name a file with one of them, or extend allowed_extensions.",
  };
}

/** What is wrong with the size of a file that a step names. */
export function sizeBreach(validation: Validation, path: string, bytes: number): Breach | null {
  const most = validation.max_size_mb;
  if (most === undefined || bytes <= most * 1024 * 1024) return null;
  return {
    code: "VALIDATION_FAILED",
    message: `${quote(path)} is ${bytes} bytes, and max_size_mb is ${most}`,
    hint: "Choose a smaller file, or raise max_size_mb.",
  };
}

/** All strings in a value, with their places, in order. */
export function stringsIn(value: JsonValue): readonly { readonly text: string; readonly path: readonly string[] }[] {
  if (typeof value === "string") return [{ text: value, path: [] }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    stringsIn(inner).map(({ text, path }) => ({ text, path: [key, ...path] })),
  );
}
