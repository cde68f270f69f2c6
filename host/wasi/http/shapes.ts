// The variants of wasi:http/types, as generated glue hands them over and takes them.

import type { HttpErrorCode } from "../../contract/http.ts";

export type Method =
  | { readonly tag: "get" | "head" | "post" | "put" | "delete" | "connect" | "options" | "trace" | "patch" }
  | { readonly tag: "other"; readonly val: string };

export type Scheme = { readonly tag: "HTTP" | "HTTPS" } | { readonly tag: "other"; readonly val: string };

export type HeaderError = { readonly tag: "invalid-syntax" | "forbidden" | "immutable" };

export interface ErrorCode {
  readonly tag: HttpErrorCode;
  readonly val?: object | undefined;
}

export type Result<T, E> = { readonly tag: "ok"; readonly val: T } | { readonly tag: "err"; readonly val: E };

/** The variant for an error; its payload says nothing. */
export function errorCode(code: HttpErrorCode): ErrorCode {
  return code === "DNS-error" ? { tag: code, val: {} } : { tag: code, val: undefined };
}

const METHODS: ReadonlySet<string> = new Set([
  ...["get", "head", "post", "put", "delete", "connect", "options", "trace", "patch"],
]);

/** `{ tag: "get" }` for `GET`. */
export function methodOf(name: string): Method {
  const tag = name.toLowerCase();
  return METHODS.has(tag) ? ({ tag } as Method) : { tag: "other", val: name };
}

/** `GET` for `{ tag: "get" }`. */
export function methodName(method: Method): string {
  return method.tag === "other" ? method.val : method.tag.toUpperCase();
}
