// Does private data stay where it is, as far as the plan shows? What depends on values of the run is followed again then.

import type { PrivateFile } from "../../report.ts";
import { FlowTracker, namedIn } from "../flow.ts";
import { literalText } from "../template.ts";
import type { CallSite, Context } from "./context.ts";

/** Reports calls that let private data out: errors where it is proved, notes where it depends on the run. */
export class FlowCheck {
  readonly #context: Context;
  readonly #tracker: FlowTracker;

  constructor(context: Context, before: readonly PrivateFile[]) {
    this.#context = context;
    this.#tracker = new FlowTracker(context.authority, before);
  }

  /** `takes` are the steps whose results or outcomes the call takes. */
  check(site: CallSite, takes: readonly string[]): void {
    const { action } = site;
    if (action === null) return;
    const named = namedIn(action, site.params, literalText);
    const breach = this.#tracker.judge({
      step: site.step.id,
      index: site.step.index,
      action,
      ...named,
      takes,
      sees: () => true, // whatever the order turns out to be
    });
    if (breach === null) return;
    const { certain, code, message } = breach;
    const complaint = { code, pointer: site.pointer, message: `${site.label}: ${message}` };
    if (certain) this.#context.findings.error({ ...complaint, hint: breach.hint });
    else
      this.#context.findings.atRunTime({
        ...complaint,
        hint: "Nothing needs to change; the step fails if it would let private data out.",
      });
  }
}
