// Does a step's own `validation` mean anything for its action?

import type { CallSite, Context } from "./context.ts";

/** Reports a validation of files for an action that names none. */
export function checkValidation(context: Context, site: CallSite): void {
  const { action, step } = site;
  if (action === null || Object.keys(action.paths).length > 0) return;
  const keys = Object.keys(step.validation);
  if (keys.length === 0) return;
  context.findings.error({
    code: "PLAN_INVALID",
    pointer: `${site.pointer}/validation`,
    on: "key",
    message: `${site.label}: validation has ${keys.join(" and ")}, and the action takes no file path`,
    hint: "Remove validation, or put it on the step that names the file.",
  });
}
