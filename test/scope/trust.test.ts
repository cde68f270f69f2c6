import fc from "fast-check";
import { expect, test } from "vitest";
import { actionAllowed } from "../../host/scope/actions.ts";
import { needsApproval } from "../../host/scope/approve.ts";
import { parseScope, type ScopeError } from "../../host/scope/parse.ts";
import { atLevel } from "../../host/scope/trust.ts";
import type { Scope, TrustLevel } from "../../host/scope/types.ts";

const SCOPE = {
  scope: "deploy",
  actions: ["file.*", "package.install"],
  network: [{ host: "registry.example.com" }],
  limits: { fuel: 1_000_000, network_requests: 10 },
  trust: [
    { level: "new", allowed_actions: ["file.read", "mail.*"], network_access: false, max_fuel: 5_000_000 },
    { level: "known", after: 10, approve: ["package.*"] },
    { level: "trusted", after: 50 },
  ],
};

function scopeAt(index: number): Scope {
  const scope = parseScope({ value: SCOPE });
  return atLevel(scope, scope.trust[index] as TrustLevel);
}

test("a level is the scope, held to what it says, and never more", () => {
  const lowest = scopeAt(0);
  expect(actionAllowed(lowest, "file.read")).toBe(true);
  expect(actionAllowed(lowest, "file.write")).toBe(false);
  expect(actionAllowed(lowest, "mail.send")).toBe(false); // the scope does not have it
  expect(lowest.network).toEqual([]);
  expect(lowest.limits).toMatchObject({ fuel: 1_000_000, network_requests: 0 });
  expect(lowest.actions.map(({ from }) => from)).toEqual(['the scope "deploy"', 'the trust level "new"']);
});

test("a level can want approvals, and the highest has the scope as it is", () => {
  expect(needsApproval(scopeAt(1), "package.install")).toBe(true);
  expect(needsApproval(scopeAt(2), "package.install")).toBe(false);
  expect(scopeAt(2)).toEqual(parseScope({ value: SCOPE }));
});

test("whatever a level says, it allows no action that the scope does not", () => {
  const pattern = fc.constantFrom("*", "file.*", "file.read", "mail.*", "package.install", "acme/*");
  const action = fc.constantFrom("file.read", "mail.send", "package.install", "acme/file.read");
  fc.assert(
    fc.property(fc.array(pattern), fc.array(pattern), action, (actions, allowed, name) => {
      const scope = parseScope({ value: { actions, trust: [{ level: "only", allowed_actions: allowed }] } });
      const left = atLevel(scope, scope.trust[0] as TrustLevel);
      if (actionAllowed(left, name)) expect(actionAllowed(scope, name)).toBe(true);
    }),
  );
});

test.each([
  [[], /trust must be a list of 1 to 20 levels/],
  [[{ level: "new", after: 3 }], /the first level, new, is where every agent begins/],
  [[{ level: "new" }, { level: "known" }], /the level known does not say after how many clean runs/],
  [[{ level: "new" }, { level: "new", after: 1 }], /trust has two levels named new/],
  [[{ level: "new", actions: ["*"] }], /"actions"/],
])("levels that make no sense are refused: %j", (trust, message) => {
  expect(() => parseScope({ value: { trust } })).toThrow(expect.objectContaining({ code: "SCOPE_INVALID" }));
  try {
    parseScope({ value: { trust } });
  } catch (error) {
    expect((error as ScopeError).message).toMatch(message);
  }
});
