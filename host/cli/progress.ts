// One line on a terminal that says which step is running, and that is gone when the run has ended.
// It must not know how steps run.

import type { Listener, RunEvent } from "../index.ts";
import type { Output } from "./io.ts";
import { cut, oneLine } from "./render/text.ts";

const CLEAR_LINE = "\r\u001b[2K";

/** Follows one run on a terminal. */
export function progressListener({ write, view }: Output): Listener {
  let steps = 0;
  let started = 0;
  const show = (text: string): void => write(CLEAR_LINE + view.paint("dim", cut(oneLine(text), view.width - 1)));
  return {
    onEvent(event: RunEvent) {
      switch (event.type) {
        case "plan.started":
          steps = event.steps;
          break;
        case "step.started":
          started += 1;
          show(`${started}/${steps} ${event.step} ${event.action}`);
          break;
        case "compensation.started":
          show(`undoing ${event.step} ${event.action}`);
          break;
        case "plan.ended":
          write(CLEAR_LINE);
          break;
      }
    },
  };
}
