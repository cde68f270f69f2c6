import { expect, test } from "vitest";
import { SCOPE_LIMITS } from "../../host/limits.ts";
import { parseScope, ScopeError } from "../../host/scope/parse.ts";
import type { Scope } from "../../host/scope/types.ts";

const DESIGN = `scope: log-analysis
actions: [file.read, "process.*"]
filesystem:
  - { path: /var/log, host: ./logs, access: read }        # what the tool sees <- where it is, relative to this file
  - { path: /project, access: write }                      # host defaults to the workspace
network:
  - { host: "*.example.com", ports: [443], methods: [GET], paths: ["/api/*"] }
environment: { LANG: C }
limits:
  duration_seconds: 300        # the whole plan, wall clock
  step_seconds: 30
  fuel: 10_000_000_000         # the whole plan, deterministic
  memory_mb: 64
  io_operations: 100_000
  io_mb: 256
  written_mb: 64
  output_mb: 8
  network_requests: 0
  network_mb: 16
`;

const fromYaml = (text: string): Scope => parseScope({ file: "scope.yaml", text });

function failure(parse: () => unknown): ScopeError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ScopeError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

test("the scope of the design reads as it stands, and the same as JSON", () => {
  const scope = fromYaml(DESIGN);
  expect(scope).toMatchSnapshot();
  expect(scope.limits.fuel).toBe(10_000_000_000);
  const json = {
    scope: "log-analysis",
    actions: ["file.read", "process.*"],
    filesystem: [
      { path: "/var/log", host: "./logs", access: "read" },
      { path: "/project", access: "write" },
    ],
    network: [{ host: "*.example.com", ports: [443], methods: ["GET"], paths: ["/api/*"] }],
    environment: { LANG: "C" },
    limits: { duration_seconds: 300, step_seconds: 30, fuel: 10_000_000_000 },
  };
  expect(parseScope({ value: json })).toEqual(scope);
  expect(parseScope({ file: "scope.json", text: JSON.stringify(json) })).toEqual(scope);
});

test("an empty scope denies everything and has every default", () => {
  const scope = parseScope({ value: {} });
  expect(scope).toMatchObject({ filesystem: [], network: [], environment: {} });
  expect(scope.actions[0]?.patterns).toEqual([]);
  for (const [name, { default: value }] of Object.entries(SCOPE_LIMITS))
    expect(scope.limits).toHaveProperty(name, value);
});

test("a grant without a host lies in the wider grant that contains it, else in the workspace", () => {
  const scope = parseScope({
    value: {
      filesystem: [
        { path: "/data/in/secret/", access: "read" },
        { path: "/data", host: "./shared", access: "write" },
        { path: "/work", access: "write" },
        { path: "/work/sub", access: "read" },
      ],
    },
  });
  const hosts = Object.fromEntries(scope.filesystem.map(({ path, host }) => [path, host]));
  expect(hosts).toEqual({
    "/data": { base: "scope", path: "./shared" },
    "/data/in/secret": { base: "scope", path: "./shared/in/secret" },
    "/work": { base: "workspace", path: "" },
    "/work/sub": { base: "workspace", path: "sub" },
  });
});

test("a scope is frozen all the way down", () => {
  const scope = fromYaml(DESIGN);
  expect(() => (scope.filesystem as unknown[]).push(1)).toThrow(TypeError);
  expect(() => Object.assign(scope.filesystem[0] ?? {}, { access: "write" })).toThrow(TypeError);
  expect(() => Object.assign(scope.limits, { fuel: 1 })).toThrow(TypeError);
  expect(() => Object.assign(scope.network[0]?.methods ?? {}, { 0: "PUT" })).toThrow(TypeError);
});

test("everything that is wrong is said at once, in source order, with file, line and column", () => {
  const text = `scope: x
actions: [file.read, "a b"]
filesystm: []
limits:
  memory_mb: 99999
  fuel: 10_000.5
  step_secnds: 4
network:
  - { host: "http://x", ports: [0], methods: ["G T"], paths: [api] }
environment: { A: 1, "B=C": x }
filesystem:
  - { path: ../x, access: reed }
  - { path: /a/../b, access: read }
  - { path: /ok, host: "", access: read, mode: 7 }
`;
  const error = failure(() => fromYaml(text));
  expect(error.code).toBe("SCOPE_INVALID");
  expect(error.message).toMatchSnapshot();
  expect(error.problems.map((problem) => problem.line)).toEqual([2, 3, 5, 6, 7, 9, 9, 9, 9, 10, 12, 12, 13, 14, 14]);
});

test.each(Object.entries(SCOPE_LIMITS))(
  "%s outside of its floor and ceiling is refused, and they are named",
  (name, limit) => {
    for (const value of [limit.floor - 0.001, limit.ceiling + 1]) {
      const error = failure(() => parseScope({ value: { limits: { [name]: value } } }));
      expect(error.message).toContain(`limits.${name} must be`);
      expect(error.message).toContain(`from ${limit.floor} to ${limit.ceiling}`);
    }
    for (const value of [limit.floor, limit.ceiling]) {
      expect(parseScope({ value: { limits: { [name]: value } } }).limits).toHaveProperty(name, value);
    }
  },
);

test.each([
  [
    {
      filesystem: [
        { path: "/a", access: "read" },
        { path: "/a/", access: "write" },
      ],
    },
    /two grants for "\/a"/,
  ],
  [{ environment: { "A B": "x" } }, /the name "A B"/],
  [{ environment: { A: "x\0y" } }, /without NUL/],
  [{ environment: { A: "x".repeat(70_000) } }, /at most 65536/],
  [{ network: [{ host: "*" }] }, /host must be/],
  [{ network: [{ host: "*.1.2.3.4" }] }, /host must be/],
  [{ network: [{ host: "user@host" }] }, /host must be/],
  [{ network: [{ host: "a.example.com." }] }, /host must be/],
  [{ scope: "a\nb" }, /a name of letters/],
  [[], /the scope must be an object/],
  [null, /the scope must be an object/],
])("B15: %j is refused", (value, message) => {
  expect(failure(() => parseScope({ value })).message).toMatch(message);
});

test("text that is no YAML is refused with its place", () => {
  const error = failure(() => fromYaml("scope: x\nactions: [file.read\nlimits: {}\n"));
  expect(error.message).toMatch(/^scope\.yaml:\d+:\d+: /m);
});
