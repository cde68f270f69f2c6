// Reports made by hand, as a run would make them: what the renderers under test are given.

import type { Finding, Inspection, RunReport, StepResult } from "../../../host/index.ts";

const usage = { fuel: 0, cpu_ms: 0, memory_mb: 0, io_operations: 0, io_bytes: 0, host_calls: 0 };

function step(id: string, action: string, more: Partial<StepResult>): StepResult {
  return {
    id,
    action,
    status: "ran",
    attempts: 1,
    duration_ms: 3.25,
    resource_usage: { ...usage, fuel: 81_234, memory_mb: 0.25 },
    changes: [],
    scope_violations: [],
    ...more,
  };
}

function report(steps: readonly StepResult[], more: Partial<RunReport>): RunReport {
  return {
    plan_id: "analyze_logs_001",
    status: "completed",
    steps,
    fuel: 1_234_567,
    resource_usage: { ...usage, fuel: 1_234_567, cpu_ms: 20, memory_mb: 1.5, io_operations: 9, io_bytes: 8192 },
    duration_ms: 1234,
    changes: [],
    committed: true,
    dry_run: false,
    rollback: null,
    findings: [],
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    ...more,
  };
}

const line = (number: number, text: string, matched = false) => ({ number, text, matched });

const write = step("write", "file.write", {
  reason: "the operator asked for more detail",
  output: null,
  changes: [{ path: "/project/config.yaml", kind: "modified", type: "file", size: 60 }],
});

const configDiff = [
  "--- a/config.yaml",
  "+++ b/config.yaml",
  "@@ -1,3 +1,3 @@",
  " service: orders",
  "-log_level: info",
  "+log_level: debug",
  " workers: 4",
  "",
].join("\n");

export const findings: readonly Finding[] = [
  {
    code: "PATH_DENIED",
    severity: "error",
    pointer: "/steps/0/params/path",
    message: 'Step "secrets" reads /etc/passwd, which no grant of the scope contains.',
    hint: "Read a path below /project.",
    evidence: "proved",
    file: "plan.yaml",
    line: 6,
    column: 21,
  },
  {
    code: "ACTION_DENIED",
    severity: "error",
    pointer: "/steps/1/action",
    message: 'Step "cover-tracks" calls file.remove, which the scope does not list.',
    hint: "",
    evidence: "proved",
    file: null,
    line: null,
    column: null,
  },
  {
    code: "PATH_DENIED",
    severity: "note",
    pointer: "/steps/2/params/path",
    message: 'The path of step "send" is known when step "pick" has ended; it is held against the scope then.',
    hint: "",
    evidence: "runtime",
    file: "plan.yaml",
    line: 12,
    column: null,
  },
];

export const completed: RunReport = report(
  [
    step("1", "file.read", { output: Array.from({ length: 100 }, (_, at) => `line ${at + 1}`) }),
    step("2", "process.filter", {
      duration_ms: 12.5,
      attempts: 2,
      output: [
        line(3, "before"),
        line(4, "ERROR payment failed", true),
        line(5, "after"),
        line(9, "before"),
        line(10, "ERROR again", true),
      ],
    }),
  ],
  {},
);

export const dryRun: RunReport = report([write], {
  dry_run: true,
  committed: false,
  changes: [
    { path: "/project/config.yaml", kind: "modified", type: "file", size: 60, diff: configDiff },
    { path: "/project/old.txt", kind: "deleted", type: "file" },
    { path: "/project/b.txt", from: "/project/a.txt", kind: "renamed", type: "file", size: 4096 },
    { path: "/project/new", kind: "added", type: "directory" },
  ],
});

const notFound = { code: "ACTION_FAILED", message: "file.read: not-found /project/overrides.yaml" } as const;

export const failed: RunReport = report(
  [
    { ...write, status: "rolled_back" },
    step("verify", "file.read", {
      status: "failed",
      error: notFound,
      scope_violations: [{ code: "PATH_DENIED", message: "read of /etc/shadow" }],
    }),
    step("last", "file.list", { status: "not_run", attempts: 0, resource_usage: usage, duration_ms: 0 }),
  ],
  {
    status: "failed",
    committed: false,
    rollback: "full",
    error: { ...notFound, hint: "Give a file that exists." },
  },
);

export const cancelled: RunReport = report([], {
  status: "cancelled",
  committed: false,
  rollback: "partial",
  error: { code: "CANCELLED", message: "the run was cancelled" },
  compensations: [
    { step: "pay", action: "bank.refund", status: "ran", input: {}, duration_ms: 1, resource_usage: usage },
    {
      step: "mail",
      action: "mail.recall",
      status: "failed",
      input: {},
      error: { code: "TRAP", message: "unreachable" },
      duration_ms: 1,
      resource_usage: usage,
    },
  ],
  trace_id: null,
});

export const rejectedRun: RunReport = report([], { status: "rejected", committed: false, findings });

const HOSTILE = "\u001b]52;c;aGk=\u0007\u001b[2J\r\u009b31m\u202egnp.exe\u200b\u{e0041}";

/** Everything in it that a guest, a plan or a tool's author could choose tries to take over the terminal. */
export const hostile: RunReport = report(
  [
    step(`a${HOSTILE}`, `b${HOSTILE}`, {
      reason: `c${HOSTILE}`,
      output: [`fake\n✔ completed  ${HOSTILE}`],
      changes: [],
      scope_violations: [{ code: "PATH_DENIED", message: HOSTILE }],
    }),
    step("numbered", "x.y", { output: [line(1, HOSTILE, true)] }),
    step("records", "x.y", { output: [{ [`key${HOSTILE}`]: HOSTILE }] }),
    step("nested", "x.y", { output: { deep: [[HOSTILE]] } }),
    step("text", "x.y", { output: HOSTILE }),
    step("broken", "x.y", { status: "failed", error: { code: "TRAP", message: HOSTILE, hint: HOSTILE } }),
  ],
  {
    plan_id: `p${HOSTILE}`,
    changes: [{ path: `/x${HOSTILE}`, from: HOSTILE, kind: "renamed", type: "file", diff: `@@\n+${HOSTILE}` }],
    compensations: [
      { step: HOSTILE, action: HOSTILE, status: "ran", input: {}, duration_ms: 1, resource_usage: usage },
    ],
    trace_id: HOSTILE,
  },
);

export const hostileFindings: readonly Finding[] = findings.map((finding) => ({
  ...finding,
  message: HOSTILE,
  hint: HOSTILE,
  file: HOSTILE,
}));

export const tool: Inspection = {
  name: "glovebox-file",
  version: "0.1.0",
  title: "Files",
  description: "Reads, writes, lists and removes files.",
  digest: `sha256:${"ab".repeat(32)}`,
  bytes: 5432,
  capabilities: ["files"],
  imports: ["wasi:filesystem/types@0.2.3", "wasi:io/streams@0.2.3"],
  actions: [
    {
      name: "file.read",
      title: "Read lines",
      description: "Gives the lines of a text file.",
      signature: "file.read(path: string, lines?: u32) -> list<string> ! file-error",
      errors: ["not_found(string)", "not_utf8"],
      effect: "read",
      idempotent: true,
      fuel: 1_000_000,
      max_execution_seconds: 5,
      pipe: "path",
      paths: { path: "read" },
      urls: ["source"],
    },
    {
      name: "plain.add",
      title: null,
      description: null,
      signature: "plain.add(a: s32, b: s32) -> s32",
      errors: [],
      effect: "pure",
      idempotent: false,
      fuel: null,
      max_execution_seconds: null,
      pipe: null,
      paths: {},
      urls: [],
    },
  ],
  types: { "file-error": "variant { not_found(string), not_utf8 }" },
  skipped: [{ interface: "x:y/z@1.0.0", function: "open", reason: "it takes a resource" }],
};

/** A tool whose author tries to take over the terminal of whoever looks at it. */
export const hostileTool: Inspection = {
  ...tool,
  name: HOSTILE,
  title: HOSTILE,
  description: HOSTILE.repeat(1000),
  imports: [HOSTILE],
  actions: tool.actions.map((action) => ({
    ...action,
    title: HOSTILE,
    description: HOSTILE,
    signature: HOSTILE,
    errors: [HOSTILE],
    paths: { [HOSTILE]: "read" as const },
    urls: [HOSTILE],
  })),
  types: { [HOSTILE]: HOSTILE },
  skipped: [{ interface: HOSTILE, function: HOSTILE, reason: HOSTILE }],
};
