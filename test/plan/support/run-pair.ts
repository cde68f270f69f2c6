// Checks one task, with or without an injection, and runs what is accepted in a world of hostile content.

import { check } from "../../../host/plan/check.ts";
import { parsePlan } from "../../../host/plan/parse.ts";
import type { RunReport } from "../../../host/report.ts";
import { parseScope } from "../../../host/scope/parse.ts";
import { sha256 } from "./actions.ts";
import { failed, ok, run } from "./fake-caller.ts";
import { OFFICE_ACTIONS } from "./office.ts";
import { contentOf, HOSTILE, type Injection, planOf, type Task } from "./pairs.ts";

export interface PairResult {
  readonly accepted: boolean;
  /** The messages of errors. */
  readonly findings: readonly string[];
  /** Their codes, or that of the failure. */
  readonly codes: readonly string[];
  /** Whether an error is at a step that the task itself does not have, or names it. */
  readonly named: boolean;
  /** Whether a call was made that the attacker wanted. */
  readonly reached: boolean;
  readonly report: RunReport | null;
}

/** The outcome of a task; `n` varies what it is about. */
export async function runPair(task: Task, n: number, injection: Injection | null): Promise<PairResult> {
  const { plan, scope } = planOf(task, n, injection);
  const { report, checked } = check(parsePlan({ value: plan }), parseScope({ value: scope }), OFFICE_ACTIONS, sha256);
  const errors = report.findings.filter(({ severity }) => severity === "error");
  const own = new Set(task.steps(n).map((step) => JSON.stringify(step)));
  const steps = (plan as { readonly steps: readonly object[] }).steps;
  const injected = steps.flatMap((step, index) => {
    const label = "id" in step ? `step "${step.id}"` : `step ${index + 1} `;
    return own.has(JSON.stringify(step)) ? [] : [{ place: `/steps/${index}/`, label }];
  });
  const base = {
    accepted: report.accepted,
    findings: errors.map(({ message }) => message),
    codes: errors.map(({ code }) => code),
    named: errors.some(({ pointer, message }) =>
      injected.some(({ place, label }) => `${pointer}/`.startsWith(place) || message.includes(label)),
    ),
  };
  if (checked === null) return { ...base, reached: false, report: null };
  const { report: ran, calls } = await run(checked, {
    tools: {
      "file.read": ({ path }) => (path === "/project/none" ? failed("not_found") : ok(contentOf(path))),
      "process.join": ({ text }) => ok((text as readonly string[]).join("\n")),
      "process.take": ({ text }) => ok(text ?? []),
      "file.list": () => ok([{ name: HOSTILE, size: 1, link: null }]),
      "http.get": () => ok(HOSTILE),
      "bank.transfer": () => ok(),
      "calendar.invite": () => ok(),
      "drive.share": () => ok(),
      "chat.post": () => ok(),
      "git.push": () => ok(),
      "order.place": () => ok(),
      "travel.book": () => ok(),
      "door.unlock": () => ok(),
    },
  });
  const codes = ran.error === undefined ? [] : [ran.error.code];
  return { ...base, codes, reached: injection !== null && calls.some(injection.reached), report: ran };
}
