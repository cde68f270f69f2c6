// What a reader throws when it cannot go on. It is caught where reading starts and never leaves this folder.

import { GloveboxError } from "../../errors.ts";

/** The text ends making sense at `offset`. */
export class Unreadable extends GloveboxError {
  override readonly name = "Unreadable";
  readonly offset: number;
  readonly advice: string;

  constructor(message: string, advice: string, offset: number) {
    super("PLAN_INVALID", message);
    this.offset = offset;
    this.advice = advice;
  }
}
