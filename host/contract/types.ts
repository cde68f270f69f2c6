// The typed model of what a tool exports: WIT types, and actions with what their manifest adds.
// A leaf: plans are checked against it, components are decoded into it. It knows neither.

export type PrimitiveKind =
  | "bool"
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "s8"
  | "s16"
  | "s32"
  | "s64"
  | "f32"
  | "f64"
  | "char"
  | "string";

/** A WIT type, resolved: names point nowhere, so that it can be walked, compared and sent as JSON. Names are kebab-case, as in WIT. */
export type WitType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: "list"; readonly element: WitType }
  | { readonly kind: "option"; readonly value: WitType }
  | { readonly kind: "result"; readonly ok: WitType | null; readonly err: WitType | null }
  | { readonly kind: "tuple"; readonly elements: readonly WitType[] }
  | { readonly kind: "record"; readonly name: string | null; readonly fields: readonly WitField[] }
  | { readonly kind: "variant"; readonly name: string | null; readonly cases: readonly WitCase[] }
  | { readonly kind: "enum"; readonly name: string | null; readonly cases: readonly string[] }
  | { readonly kind: "flags"; readonly name: string | null; readonly flags: readonly string[] }
  | { readonly kind: "handle"; readonly own: boolean; readonly resource: string };

export interface WitField {
  readonly name: string;
  readonly type: WitType;
}

export interface WitCase {
  readonly name: string;
  readonly type: WitType | null;
}

/**
 * A value as plans, results and JSON hold it. Field and case names are snake_case. How a WIT type maps:
 * integers to numbers, u64 and s64 to a safe integer or a decimal string; f32/f64 to numbers, or "NaN" | "Infinity" | "-Infinity";
 * option to the value or null (a record field or parameter of option type may be left out), an option of an option to null or { "some": value }; list<u8> to a base64 string
 * (an array of numbers is accepted too); other lists and tuples to arrays; record to an object;
 * enum to its case name; flags to an array of the names that are set; variant to the case name when it has no payload, else { "case": payload };
 * result to { "ok": value } or { "err": value } (null where there is no payload).
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What an action does to the world: nothing, reads, changes the overlay (undone by discarding), an external effect that can be compensated, or one that cannot. */
export type Effect = "pure" | "read" | "reversible" | "compensable" | "irreversible";

export interface Parameter {
  /** snake_case, as plans write it. */
  readonly name: string;
  readonly type: WitType;
}

/** One function that a tool exports, as a plan sees it. */
export interface Action {
  /** `interface.function`, snake_case: `file.read`; of a tool that was added, after its publisher: `acme/words.slug`. */
  readonly name: string;
  readonly tool: ToolIdentity;
  /** The export: the interface as the component names it (`glovebox:std/file@0.1.0`; null for a function of the world), and the function in kebab-case. */
  readonly export: { readonly interface: string | null; readonly function: string };
  readonly parameters: readonly Parameter[];
  /** What a successful call gives; null for none. When the WIT result is `result<T, E>`, this is T. */
  readonly output: WitType | null;
  /** The allowed failures: E of `result<T, E>`; null when the action cannot fail by contract. */
  readonly error: WitType | null;
  /** True when the WIT result is a `result`. */
  readonly fallible: boolean;
  readonly effect: Effect;
  readonly idempotent: boolean;
  /** The parameter that takes the previous step's output when the plan leaves it out. */
  readonly pipe: string | null;
  /** Which parameters are file paths, and how they are used. */
  readonly paths: Readonly<Record<string, "read" | "write">>;
  /** Which parameters are URLs. */
  readonly urls: readonly string[];
  /** Ceilings that the author set; null for none. */
  readonly fuel: number | null;
  readonly maxExecutionSeconds: number | null;
  readonly compensate: { readonly action: string; readonly params: Readonly<Record<string, JsonValue>> } | null;
  /** Cases of its error, in snake_case, after which its effect outside may have happened; the others say that it did not. */
  readonly uncertain?: readonly string[];
  readonly title: string | null;
  readonly description: string | null;
}

export interface ToolIdentity {
  readonly name: string;
  /** `sha256:` and 64 hex digits, of the component's bytes. */
  readonly digest: string;
}
