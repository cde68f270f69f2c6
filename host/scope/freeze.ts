// Makes plain data unchangeable, all the way down.

/** Freezes a tree of plain objects and arrays, and returns it. What is frozen already is taken to be so below, too. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
