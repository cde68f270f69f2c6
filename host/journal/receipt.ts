// The receipt of a run: what it was given and what it came to, in a few hashes. Whoever has the journal can hold one against the other, and
// replay the run to see that it is true. It must not know who asks for it.

import { canonicalJson } from "../plan/canonical.ts";
import type { Chain, Sha256 } from "./chain.ts";
import type { RunHeader } from "./entries.ts";
import type { Past } from "./past.ts";

/** What a run was given and came to. All hashes are `sha256:` and hex. */
export interface Receipt {
  readonly version: 1;
  readonly run_id: string;
  readonly plan_id: string;
  readonly plan_hash: string;
  /** Of the scope's source. */
  readonly scope_hash: string;
  readonly tools: RunHeader["tools"];
  readonly seed: string;
  readonly start_ns: string;
  readonly status: string;
  readonly committed: boolean;
  readonly calls: number;
  /** Of the outcome: statuses, outputs, fuel, and each change with the digest of its content. Null for a run without an end. */
  readonly outcome: string | null;
  /** Of the last line of the journal, and so of all of it. */
  readonly journal: string;
}

/** The receipt that a journal gives. */
export function receiptOf({ hash }: Chain, { header, calls, ended, standing }: Past, sha256: Sha256): Receipt {
  const { run_id, plan_id, plan_hash, scope, tools, seed, start_ns } = header;
  const text = "text" in scope ? scope.text : canonicalJson(scope.value);
  return {
    version: 1,
    ...{ run_id, plan_id, plan_hash, scope_hash: `sha256:${sha256(text)}`, tools, seed, start_ns },
    status: ended?.status ?? standing,
    committed: ended?.committed ?? false,
    calls: calls.size,
    outcome: ended?.outcome ?? null,
    journal: `sha256:${hash}`,
  };
}
