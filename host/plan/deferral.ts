// Which effects that nothing can take back wait until everything else of their plan has succeeded. It must not know when it is asked.

/** What of a step decides whether its effect can wait. */
export interface Deferrable {
  readonly id: string;
  /** Nothing can take its effect back. */
  readonly isFinal: boolean;
  /** A person has agreed that its effect may stand where it is in the plan. */
  readonly isConsented: boolean;
  /** It changes files that its arguments name. */
  readonly writesFiles: boolean;
  /** The steps that it, or its compensation, refers to. */
  readonly refersTo: readonly string[];
}

/**
 * The numbers of the steps that run after all others, right before the commit: effects that are final, that no step refers to, and that
 * would otherwise stand while a later step can still fail; and all such effects after the first of these, so that they keep their order.
 */
export function deferredAmong(steps: readonly (Deferrable | null)[]): ReadonlySet<number> {
  const referredTo = new Set(steps.flatMap((step) => step?.refersTo.filter((id) => id !== step.id) ?? []));
  const lastFallible = steps.findLastIndex((step) => step !== null && !step.isFinal);
  const able = [...steps.entries()].filter(
    ([, step]) => step?.isFinal === true && !step.isConsented && !step.writesFiles && !referredTo.has(step.id),
  );
  const first = able.findIndex(([index]) => index < lastFallible);
  return new Set(first < 0 ? [] : able.slice(first).map(([index]) => index));
}
