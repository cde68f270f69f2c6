import fc from "fast-check";
import { expect, test } from "vitest";
import { actionAllowed } from "../../host/scope/actions.ts";
import { callBudget } from "../../host/scope/budget.ts";
import { narrow } from "../../host/scope/narrow.ts";
import { parseScope } from "../../host/scope/parse.ts";
import { pathAccess } from "../../host/scope/paths.ts";
import type { Constraints } from "../../host/scope/types.ts";
import { urlAllowed } from "../../host/scope/urls.ts";

const pattern = fc.constantFrom("file.read", "file.*", "*", "process.*", "*.read", "net.get");
const limit = fc.integer({ min: 1, max: 1000 });
const scopes = fc
  .record({
    actions: fc.array(pattern, { maxLength: 3 }),
    filesystem: fc.uniqueArray(
      fc.record({ path: fc.constantFrom("/a", "/a/b", "/c"), access: fc.constantFrom("read", "write") }),
      { selector: ({ path }) => path },
    ),
    network: fc.array(fc.record({ host: fc.constantFrom("x.test", "*.x.test") }), { maxLength: 2 }),
    limits: fc.record({ fuel: limit, duration_seconds: limit, memory_mb: limit, network_requests: limit }),
  })
  .map((value) => parseScope({ value }));
const constraints: fc.Arbitrary<Constraints> = fc.record(
  {
    allowed_actions: fc.array(pattern, { maxLength: 3 }),
    network_access: fc.boolean(),
    max_duration_seconds: limit,
    max_fuel: limit,
    max_memory_mb: limit,
  },
  { requiredKeys: [] },
);

const ACTIONS = ["file.read", "file.write", "process.filter", "net.get", "x.read"];
const PATHS = ["/a", "/a/b/c", "/c/d", "/e"];
const URLS = ["https://x.test/", "https://a.x.test/", "https://y.test/"];

test("P4: narrowing never widens: not actions, not paths, not URLs, not limits", () => {
  fc.assert(
    fc.property(scopes, constraints, (scope, asked) => {
      const narrowed = narrow(scope, asked, "the plan's allowed_actions");
      for (const action of ACTIONS)
        if (actionAllowed(narrowed, action)) expect(actionAllowed(scope, action)).toBe(true);
      for (const path of PATHS) expect(pathAccess(narrowed, path)).toBe(pathAccess(scope, path));
      for (const url of URLS) if (urlAllowed(narrowed, url, "GET")) expect(urlAllowed(scope, url, "GET")).toBe(true);
      for (const [name, value] of Object.entries(narrowed.limits))
        expect(value).toBeLessThanOrEqual(scope.limits[name as keyof typeof scope.limits]);
    }),
  );
});

test("narrowing does what it is asked, and twice is as once", () => {
  fc.assert(
    fc.property(scopes, constraints, (scope, asked) => {
      const narrowed = narrow(scope, asked, "the plan's allowed_actions");
      if (asked.network_access === false) {
        expect(narrowed.network).toEqual([]);
        expect(narrowed.limits.network_requests).toBe(0);
      }
      if (asked.allowed_actions?.length === 0)
        expect(ACTIONS.some((name) => actionAllowed(narrowed, name))).toBe(false);
      if (asked.max_fuel !== undefined) expect(narrowed.limits.fuel).toBeLessThanOrEqual(asked.max_fuel);
      const twice = narrow(narrowed, asked, "the plan's allowed_actions");
      expect(twice.limits).toEqual(narrowed.limits);
      for (const name of ACTIONS) expect(actionAllowed(twice, name)).toBe(actionAllowed(narrowed, name));
    }),
  );
});

test("a call's budget is the least of what scope, rest of the plan, step and tool allow", () => {
  const { limits } = parseScope({ value: { limits: { step_seconds: 10, memory_mb: 2, io_operations: 50 } } });
  const remaining = { fuel: 900.7, ioOperations: 7, ioBytes: -3, ms: 60_000 };
  const budget = callBudget(limits, remaining, { fuel: [null, 1000], seconds: [4, null] });
  expect(budget).toMatchObject({
    fuel: 900,
    memoryBytes: 2 * 1024 * 1024,
    ioOperations: 7,
    ioBytes: 0,
    timeoutMs: 4000,
  });
  const late = callBudget(limits, { ...remaining, ms: 0.4 }, { fuel: [10], seconds: [null] });
  expect(late).toMatchObject({ fuel: 10, timeoutMs: 1 });
});
