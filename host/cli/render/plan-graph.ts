// A plan as a Mermaid flowchart: a pure function from its outline to text.

import type { PlanOutline, StepOutline } from "../../index.ts";
import { oneLine } from "./text.ts";

const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  pure: ["(", ")"],
  read: ["[/", "/]"],
  reversible: ["[", "]"],
  compensable: ["[[", "]]"],
  irreversible: ["{{", "}}"],
};

/** One node for each step, an edge for each result that one takes of another, and a dotted one where only the order or the outcome matters. */
export function renderGraph({ steps }: PlanOutline): string {
  const nodes = new Map(steps.map((step, index) => [step.id, `s${index + 1}`]));
  const lines = steps.flatMap((step, index) => [
    `  ${nodes.get(step.id)}${shaped(step)}`,
    ...edges(step, steps[index - 1], nodes),
  ]);
  return `flowchart TD\n${lines.join("\n")}\n`;
}

function shaped(step: StepOutline): string {
  const [open, close] = SHAPES[step.effect ?? "reversible"] ?? ["[", "]"];
  const times = step.at_most === null ? "" : `<br/>for each, at most ${step.at_most}`;
  const late = step.deferred ? "<br/>right before the commit" : "";
  const reaches = step.reaches.slice(0, 5).map(({ use, target, allowed }) => {
    const mark = allowed === false ? " ✘" : "";
    return `<br/>${use} ${label(target ?? "what a result says")}${mark}`;
  });
  return `${open}"${label(step.id)}: ${label(step.action)}${step.allowed ? "" : " ✘"}${times}${late}${reaches.join("")}"${close}`;
}

function edges(step: StepOutline, previous: StepOutline | undefined, nodes: ReadonlyMap<string, string>): string[] {
  const node = nodes.get(step.id);
  const { when } = step;
  const taken = step.depends_on.filter((id) => nodes.has(id)).map((id) => `  ${nodes.get(id)} --> ${node}`);
  const condition =
    when !== null && nodes.has(when.step)
      ? [`  ${nodes.get(when.step)} -. ${when.status.replace("_", " ")} .-> ${node}`]
      : [];
  const order =
    !step.independent && taken.length + condition.length === 0 && previous !== undefined
      ? [`  ${nodes.get(previous.id)} -.-> ${node}`]
      : [];
  return [...taken, ...condition, ...order];
}

/** Text that Mermaid and a browser take as text. */
function label(text: string): string {
  return oneLine(text)
    .slice(0, 100)
    .replace(/[^\p{L}\p{N} _./:@,*-]/gu, (character) => `#${character.codePointAt(0)};`);
}
