// Collects what a check finds, and puts it in source order with file, line and column.
// It must not know what the findings are about.

import { PLAN_LIMITS } from "../../limits.ts";
import type { Finding } from "../../report.ts";
import { printable } from "../../scope/document/quote.ts";
import type { Place, SourceDocument } from "../../scope/document/types.ts";

export interface Draft extends Place {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly severity: "error" | "note";
  readonly evidence: "proved" | "runtime";
  readonly offset?: number;
}

export type Complaint = Pick<Draft, "code" | "pointer" | "message" | "hint"> & Partial<Pick<Draft, "on" | "offset">>;

export class Findings {
  readonly #drafts: Draft[] = [];
  #errors = 0;

  /** Something that is wrong: the plan is rejected. */
  error(complaint: Complaint): void {
    this.#errors += 1;
    this.#drafts.push({ on: "value", ...complaint, severity: "error", evidence: "proved" });
  }

  /** Something that is decided when the plan runs, by the same rule. */
  atRunTime(complaint: Complaint): void {
    this.#drafts.push({ on: "value", ...complaint, severity: "note", evidence: "runtime" });
  }

  /** Something that is known to be so and that the reader should know. */
  note(complaint: Complaint): void {
    this.#drafts.push({ on: "value", ...complaint, severity: "note", evidence: "proved" });
  }

  get accepted(): boolean {
    return this.#errors === 0;
  }

  /** So many errors that looking for more helps nobody. */
  get full(): boolean {
    return this.#errors >= PLAN_LIMITS.findings;
  }

  /** All of them, located, in source order; at most as many as the limit, and then one that says how many more there are. */
  report(document: SourceDocument): readonly Finding[] {
    const errorsFirst = this.#drafts.toSorted(
      (a, b) => Number(b.severity === "error") - Number(a.severity === "error"),
    );
    const shown = errorsFirst.slice(0, PLAN_LIMITS.findings);
    const located = shown.length === 0 ? [] : document.locate(shown);
    const findings = shown.map((draft, index) => {
      const { order, line, column } = located[index] ?? { order: 0, line: null, column: null };
      const { code, severity, pointer, evidence } = draft;
      const [message, hint] = [printable(draft.message), printable(draft.hint)];
      return {
        order,
        finding: { code, severity, pointer, message, hint, evidence, file: document.file, line, column },
      };
    });
    findings.sort((a, b) => a.order - b.order);
    const rest = this.#drafts.length - shown.length;
    return [
      ...findings.map((entry) => entry.finding),
      ...(rest === 0 ? [] : [tooMany(rest, this.accepted, document.file)]),
    ];
  }
}

function tooMany(rest: number, accepted: boolean, file: string | null): Finding {
  return {
    code: "PLAN_INVALID",
    severity: accepted ? "note" : "error",
    pointer: "",
    message: `there are at least ${rest} more findings, which are not listed`,
    hint: accepted ? "Nothing needs to change." : "Correct the ones above and check again.",
    evidence: "proved",
    file,
    line: null,
    column: null,
  };
}
