// Plans, and what is wrong with each: `CODE /pointer` per finding, notes with a `?` before.

import type { PlanLike } from "./documents.ts";
import { ref } from "./documents.ts";

export interface Case {
  readonly title: string;
  readonly plan: PlanLike;
  readonly scope?: Readonly<Record<string, unknown>>;
  readonly findings: readonly string[];
}

const read = { id: "read", action: "file.read", params: { path: "/var/log/app.log" } };
const list = { id: "list", action: "file.list", params: { path: "/project" } };
const write = { action: "file.write", params: { path: "/project/a", text: "x" } };
const open = { id: "open", action: "ticket.open", params: { title: "x" } };
const mail = { id: "mail", action: "mail.send", params: { to: "a@b", text: "x" } };

function steps(...all: unknown[]): PlanLike {
  return { steps: all };
}

function params(action: string, values: unknown): PlanLike {
  return steps({ action, params: values });
}

const SHAPE: readonly Case[] = [
  { title: "no steps", plan: { steps: [] }, findings: ["PLAN_INVALID /steps"] },
  { title: "steps that are no list", plan: { steps: {} }, findings: ["PLAN_INVALID /steps"] },
  { title: "a step that is no object", plan: steps("file.read"), findings: ["PLAN_INVALID /steps/0"] },
  { title: "a step without an action", plan: steps({ params: {} }), findings: ["PLAN_INVALID /steps/0"] },
  { title: "an unknown key of the plan", plan: { ...steps(read), step: [] }, findings: ["PLAN_INVALID /step"] },
  {
    title: "an unknown key of a step",
    plan: steps({ ...read, timout_seconds: 3 }),
    findings: ["PLAN_INVALID /steps/0/timout_seconds"],
  },
  {
    title: "an unknown key without a near one",
    plan: steps({ ...read, zzz: 3 }),
    findings: ["PLAN_INVALID /steps/0/zzz"],
  },
  {
    title: "an unknown constraint",
    plan: { ...steps(read), constraints: { network: false } },
    findings: ["PLAN_INVALID /constraints/network"],
  },
  {
    title: "a constraint of the wrong type",
    plan: { ...steps(read), constraints: { network_access: "no" } },
    findings: ["PLAN_INVALID /constraints/network_access"],
  },
  {
    title: "an unknown validation",
    plan: steps({ ...read, validation: { max_size: 3 } }),
    findings: ["PLAN_INVALID /steps/0/validation/max_size"],
  },
  {
    title: "an extension without its dot",
    plan: steps({ ...read, validation: { allowed_extensions: ["log"] } }),
    findings: ["PLAN_INVALID /steps/0/validation/allowed_extensions/0"],
  },
  { title: "a plan_id of the wrong type", plan: { ...steps(read), plan_id: 7 }, findings: ["PLAN_INVALID /plan_id"] },
  {
    title: "a timeout that is text",
    plan: steps({ ...read, timeout_seconds: "soon" }),
    findings: ["PLAN_INVALID /steps/0/timeout_seconds"],
  },
  {
    title: "a timeout of zero",
    plan: steps({ ...read, timeout_seconds: 0 }),
    findings: ["PLAN_INVALID /steps/0/timeout_seconds"],
  },
  { title: "fuel with a fraction", plan: steps({ ...read, fuel: 1.5 }), findings: ["PLAN_INVALID /steps/0/fuel"] },
  { title: "too many retries", plan: steps({ ...read, retries: 11 }), findings: ["PLAN_INVALID /steps/0/retries"] },
  {
    title: "an on_error that does not exist",
    plan: steps({ ...read, on_error: "ignore" }),
    findings: ["PLAN_INVALID /steps/0/on_error"],
  },
  { title: "an id with a blank", plan: steps({ ...read, id: "a b" }), findings: ["PLAN_INVALID /steps/0/id"] },
  {
    title: "a compensation without an action",
    plan: steps({ ...open, compensate: { params: {} } }),
    findings: ["PLAN_INVALID /steps/0/compensate"],
  },
  {
    title: "a broken step beside a forbidden one",
    plan: steps({ action: 7 }, { ...read, params: { path: "/etc/passwd" } }),
    findings: ["PLAN_INVALID /steps/0/action", "PATH_DENIED /steps/1/params/path"],
  },
];

const ORDER: readonly Case[] = [
  { title: "P5: two steps with one id", plan: steps(read, { ...read }), findings: ["PLAN_INVALID /steps/1/id"] },
  {
    title: "an id that is another step's number",
    plan: steps({ ...read, id: "2" }, write),
    findings: ["PLAN_INVALID /steps/1"],
  },
  {
    title: "a need that does not exist",
    plan: steps(read, { ...write, needs: ["raed"] }),
    findings: ["REFERENCE_INVALID /steps/1/needs/0"],
  },
  {
    title: "P5: a step that needs itself",
    plan: steps({ ...read, needs: ["read"] }),
    findings: ["REFERENCE_INVALID /steps/0/needs/0"],
  },
  {
    title: "P5: a cycle of needs",
    plan: steps({ ...read, needs: ["list"] }, { ...list, needs: ["read"] }),
    findings: ["REFERENCE_INVALID /steps/0/needs/0"],
  },
  {
    title: "G5: an irreversible step before one that may fail waits until the end",
    plan: steps(mail, read),
    findings: ["?IRREVERSIBLE_DEFERRED /steps/0"],
  },
  {
    title: "G5: an irreversible step before one that may fail and needs it",
    plan: steps(mail, { ...read, needs: ["mail"] }),
    findings: ["IRREVERSIBLE_ORDER /steps/0"],
  },
  {
    title: "G5: an irreversible step before one that asks how it ended",
    plan: steps({ ...mail, on_error: "continue" }, { ...read, when: { step: "mail", status: "failed" } }),
    findings: ["IRREVERSIBLE_ORDER /steps/0"],
  },
  {
    title: "G5: an irreversible step stays one, whatever its plan offers to take it back",
    plan: steps(
      { ...mail, compensate: { action: "mail.send", params: { to: "a@b", text: "sorry" } } },
      { ...read, needs: ["mail"] },
    ),
    findings: ["IRREVERSIBLE_ORDER /steps/0"],
  },
  {
    title: "G5: two irreversible steps at the end",
    plan: steps(read, mail, { ...mail, id: "again" }),
    findings: ["?IRREVERSIBLE_ORDER /steps/1"],
  },
  { title: "an irreversible step at the end", plan: steps(read, mail), findings: [] },
  {
    title: "G5: an effect that nothing can take back, before another step",
    plan: steps({ action: "ticket.label", params: { id: "1", label: "x" } }, { ...read, needs: ["1"] }),
    findings: ["IRREVERSIBLE_ORDER /steps/0"],
  },
  { title: "an effect that its tool can take back", plan: steps(open, read), findings: [] },
  {
    title: "a compensation of something that is rolled back anyway",
    plan: steps({ ...write, compensate: { action: "file.remove", params: { path: "/project/a" } } }),
    findings: ["?COMPENSATION_NEEDLESS /steps/0/compensate"],
  },
];

const ACTION: readonly Case[] = [
  {
    title: "an action that is misspelt",
    plan: params("file.raed", { path: "/var/log/a" }),
    findings: ["ACTION_UNKNOWN /steps/0/action"],
  },
  {
    title: "a misspelt action is not also called forbidden, when the one that was meant is allowed",
    plan: params("file.raed", { path: "/var/log/a" }),
    scope: { actions: ["file.read"] },
    findings: ["ACTION_UNKNOWN /steps/0/action"],
  },
  {
    title: "an action that no tool has, and the scope does not allow",
    plan: params("shell.exec", { command: "id" }),
    findings: ["ACTION_UNKNOWN /steps/0/action", "ACTION_DENIED /steps/0/action"],
  },
  {
    title: "an action that no tool has, though the scope allows it",
    plan: params("process.explode", {}),
    findings: ["ACTION_UNKNOWN /steps/0/action"],
  },
  {
    title: "an action that the scope does not allow",
    plan: params("file.read", { path: "/var/log/a" }),
    scope: { actions: ["file.list"] },
    findings: ["ACTION_DENIED /steps/0/action"],
  },
  {
    title: "an action that the plan itself does not allow",
    plan: { ...steps(read), constraints: { allowed_actions: ["process.*"] } },
    findings: ["ACTION_DENIED /steps/0/action"],
  },
  {
    title: "a URL in a call of an unknown action",
    plan: params("web.post", { to: { url: "https://evil.test/x" } }),
    findings: ["ACTION_UNKNOWN /steps/0/action", "ACTION_DENIED /steps/0/action", "NET_DENIED /steps/0/params/to/url"],
  },
  {
    title: "a URL in the text of an action that is not allowed",
    plan: params("file.write", { path: "/project/a", text: "https://evil.test" }),
    scope: { actions: [] },
    findings: ["ACTION_DENIED /steps/0/action", "NET_DENIED /steps/0/params/text"],
  },
  {
    title: "a URL in the text of an action that is allowed",
    plan: params("file.write", { path: "/project/a", text: "https://evil.test" }),
    findings: [],
  },
  {
    title: "P4: a compensation that the scope does not allow",
    plan: steps({ ...open, compensate: { action: "ticket.close", params: { id: "1" } } }),
    scope: { actions: ["ticket.open"] },
    findings: ["ACTION_DENIED /steps/0/compensate/action"],
  },
  {
    title: "P4: a tool's own compensation that the scope does not allow",
    plan: steps(open),
    scope: { actions: ["ticket.open"] },
    findings: ["ACTION_DENIED /steps/0/action"],
  },
  {
    title: "P4: a compensation that writes where it may not",
    plan: steps({ ...open, compensate: { action: "file.write", params: { path: "/var/log/x", text: "" } } }),
    findings: ["PATH_DENIED /steps/0/compensate/params/path"],
  },
];

const ARGUMENTS: readonly Case[] = [
  {
    title: "a number where a string belongs",
    plan: params("file.read", { path: 7 }),
    findings: ["ARGUMENT_INVALID /steps/0/params/path"],
  },
  {
    title: "a number that is out of range",
    plan: params("file.read", { path: "/var/log/a", lines: -1 }),
    findings: ["ARGUMENT_INVALID /steps/0/params/lines"],
  },
  {
    title: "a parameter that is misspelt",
    plan: params("file.read", { path: "/var/log/a", line: 1 }),
    findings: ["ARGUMENT_INVALID /steps/0/params/line"],
  },
  { title: "a parameter that is missing", plan: params("file.read", {}), findings: ["ARGUMENT_INVALID /steps/0"] },
  { title: "an option that is null", plan: params("file.read", { path: "/var/log/a", lines: null }), findings: [] },
  {
    title: "an enum case that does not exist",
    plan: params("process.mode", { level: "verry_loud" }),
    findings: ["ARGUMENT_INVALID /steps/0/params/level"],
  },
  {
    title: "fields of a record, three wrong at once",
    plan: params("process.mode", { level: "very_loud", options: { retries: "x", tags: [1], tag: 2 } }),
    findings: [
      "ARGUMENT_INVALID /steps/0/params/options/retries",
      "ARGUMENT_INVALID /steps/0/params/options/tags/0",
      "ARGUMENT_INVALID /steps/0/params/options/tag",
    ],
  },
  {
    title: "a pipe parameter with nothing before it",
    plan: params("process.filter", { pattern: "x" }),
    findings: ["ARGUMENT_INVALID /steps/0"],
  },
  {
    title: "a pipe parameter after a step without a result",
    plan: steps(write, { action: "process.filter", params: { pattern: "x" } }),
    findings: ["ARGUMENT_INVALID /steps/1"],
  },
  {
    title: "a pipe whose type does not fit",
    plan: steps(list, { action: "process.filter", params: { pattern: "x" } }),
    findings: ["ARGUMENT_INVALID /steps/1"],
  },
  {
    title: "a pipe that fits",
    plan: steps(read, { action: "process.filter", params: { pattern: "x" } }),
    findings: [],
  },
  {
    title: "a pipe parameter that is given",
    plan: params("process.filter", { text: ["a"], pattern: "x" }),
    findings: [],
  },
  {
    title: "a pipe after a step that is broken says nothing more",
    plan: steps({ action: 7 }, { action: "process.count" }),
    findings: ["PLAN_INVALID /steps/0/action"],
  },
  {
    title: "a pipe after an unknown action says nothing more",
    plan: steps({ action: "file.raed" }, { action: "process.count" }),
    findings: ["ACTION_UNKNOWN /steps/0/action"],
  },
];

const REFERENCES: readonly Case[] = [
  {
    title: "a reference to a step that does not exist",
    plan: steps(read, { ...write, params: { path: "/project/a", text: ref("steps.raed.output") } }),
    findings: ["REFERENCE_INVALID /steps/1/params/text"],
  },
  {
    title: "a reference to a later step",
    plan: steps({ ...write, params: { path: "/project/a", text: ref("steps.read.output") } }, read),
    findings: ["REFERENCE_INVALID /steps/0/params/text"],
  },
  {
    title: "P5: a reference to itself",
    plan: steps({ ...read, params: { path: ref("steps.read.output[0]") } }),
    findings: ["REFERENCE_INVALID /steps/0/params/path", "?PATH_DENIED /steps/0/params/path"],
  },
  {
    title: "a field that does not exist",
    plan: steps(open, { action: "ticket.close", params: { id: ref("steps.open.output.idd") } }),
    findings: ["REFERENCE_INVALID /steps/1/params/id"],
  },
  {
    title: "a field of a list",
    plan: steps(list, { action: "mail.send", params: { to: "x", text: ref("steps.list.output.name") } }),
    findings: ["REFERENCE_INVALID /steps/1/params/text"],
  },
  {
    title: "an item of a list",
    plan: steps(list, { ...mail, params: { to: "x", text: ref("steps.list.output[0].name") } }),
    findings: ["?REFERENCE_INVALID /steps/1/params/text"],
  },
  {
    title: "a field behind an option",
    plan: steps(list, { ...mail, params: { to: "x", text: ref("steps.list.output[3].link.path") } }),
    findings: ["?REFERENCE_INVALID /steps/1/params/text"],
  },
  {
    title: "a field in snake_case of a name in kebab-case",
    plan: steps(open, {
      action: "process.take",
      params: { text: ["a"], count: ref("steps.open.output.queue_number") },
    }),
    findings: [],
  },
  {
    title: "the payload of a case",
    plan: steps(
      read,
      { action: "process.join" },
      { id: "guess", action: "process.guess" },
      { ...mail, params: { to: "x", text: ref("steps.guess.output.text") } },
    ),
    findings: ["?REFERENCE_INVALID /steps/3/params/text"],
  },
  {
    title: "a case without a payload",
    plan: steps(
      { id: "guess", action: "process.guess", params: { text: "x" } },
      { ...mail, params: { to: "x", text: ref("steps.guess.output.none") } },
    ),
    findings: ["REFERENCE_INVALID /steps/1/params/text"],
  },
  {
    title: "a reference of the wrong type",
    plan: steps(read, { ...write, params: { path: "/project/a", text: ref("steps.read.output") } }),
    findings: ["ARGUMENT_INVALID /steps/1/params/text"],
  },
  {
    title: "an integer that may not fit",
    plan: steps(
      read,
      { id: "count", action: "process.count" },
      { action: "process.take", params: { text: ["a"], count: ref("steps.count.output") } },
    ),
    findings: ["?ARGUMENT_INVALID /steps/2/params/count"],
  },
  {
    title: "a number in text",
    plan: steps(
      read,
      { id: "count", action: "process.count" },
      { ...mail, params: { to: "x", text: `${ref("steps.count.output")} lines` } },
    ),
    findings: [],
  },
  {
    title: "a list in text",
    plan: steps(read, { ...mail, params: { to: "x", text: `all: ${ref("steps.read.output")}` } }),
    findings: ["ARGUMENT_INVALID /steps/1/params/text"],
  },
  {
    title: "text where a number belongs",
    plan: steps(
      read,
      { id: "count", action: "process.count" },
      { action: "process.take", params: { text: ["a"], count: `1${ref("steps.count.output")}` } },
    ),
    findings: ["ARGUMENT_INVALID /steps/2/params/count"],
  },
  {
    title: "a result of a step that has none",
    plan: steps({ ...write, id: "write" }, { ...mail, params: { to: "x", text: ref("steps.write.output") } }),
    findings: ["REFERENCE_INVALID /steps/1/params/text"],
  },
  {
    title: "a reference that is not closed",
    plan: params("mail.send", { to: "x", text: "${{ steps.read.output" }),
    findings: ["REFERENCE_INVALID /steps/0/params/text"],
  },
  {
    title: "an expression that is no reference",
    plan: params("mail.send", { to: "x", text: ref("1 + 1") }),
    findings: ["REFERENCE_INVALID /steps/0/params/text"],
  },
  {
    title: "an escaped reference",
    plan: params("mail.send", { to: "x", text: "$${{ steps.nobody.output }}" }),
    findings: [],
  },
  {
    title: "step.output outside of a compensation",
    plan: steps(read, { ...mail, params: { to: "x", text: ref("step.output") } }),
    findings: ["REFERENCE_INVALID /steps/1/params/text"],
  },
  {
    title: "step.output and step.input in a compensation",
    plan: steps({
      ...open,
      compensate: { action: "ticket.label", params: { id: ref("step.output.id"), label: ref("step.input.title") } },
    }),
    findings: [],
  },
  {
    title: "a parameter that step.input does not have",
    plan: steps({ ...open, compensate: { action: "ticket.close", params: { id: ref("step.input.name") } } }),
    findings: ["REFERENCE_INVALID /steps/0/compensate/params/id"],
  },
];

const REACH: readonly Case[] = [
  {
    title: "a path outside",
    plan: params("file.read", { path: "/etc/passwd" }),
    findings: ["PATH_DENIED /steps/0/params/path"],
  },
  {
    title: "a path that climbs out",
    plan: params("file.read", { path: "/var/log/../../etc/passwd" }),
    findings: ["PATH_DENIED /steps/0/params/path"],
  },
  {
    title: "any path when none is granted",
    plan: params("file.read", { path: "/var/log/a" }),
    scope: { filesystem: [] },
    findings: ["PATH_DENIED /steps/0/params/path"],
  },
  {
    title: "a write where only reading is granted",
    plan: params("file.write", { path: "/var/log/a", text: "x" }),
    findings: ["PATH_DENIED /steps/0/params/path"],
  },
  {
    title: "a write where nothing may be written",
    plan: params("file.remove", { path: "/var/log/a" }),
    scope: { filesystem: [{ path: "/var/log", access: "read" }] },
    findings: ["PATH_DENIED /steps/0/params/path"],
  },
  {
    title: "P2: a path that a result gives",
    plan: steps(list, { action: "file.read", params: { path: `/project/${ref("steps.list.output[0].name")}` } }),
    findings: ["?REFERENCE_INVALID /steps/1/params/path", "?PATH_DENIED /steps/1/params/path"],
  },
  {
    title: "a URL for a path, no network granted",
    plan: params("file.read", { path: "https://evil.test/a" }),
    scope: { network: [] },
    findings: ["NET_DENIED /steps/0/params/path"],
  },
  {
    title: "a granted URL for a path",
    plan: params("file.read", { path: "https://a.example.com/api/x" }),
    findings: ["PATH_DENIED /steps/0/params/path"],
  },
  { title: "a granted URL", plan: params("http.get", { url: "https://a.example.com/api/x" }), findings: [] },
  {
    title: "a granted URL, and no requests",
    plan: params("http.get", { url: "https://a.example.com/api/x" }),
    scope: { limits: { network_requests: 0 } },
    findings: ["NET_DENIED /steps/0/params/url"],
  },
  {
    title: "a URL of another host",
    plan: params("http.get", { url: "https://evil.test/api/x" }),
    findings: ["NET_DENIED /steps/0/params/url"],
  },
  {
    title: "E1: a URL with the granted host as its user",
    plan: params("http.get", { url: "https://a.example.com@evil.test/api/x" }),
    findings: ["NET_DENIED /steps/0/params/url"],
  },
  {
    title: "a URL parameter that is no URL",
    plan: params("http.get", { url: "a.example.com" }),
    findings: ["NET_DENIED /steps/0/params/url"],
  },
  {
    title: "a granted URL that the plan's own constraints forbid",
    plan: { ...params("http.get", { url: "https://a.example.com/api/x" }), constraints: { network_access: false } },
    findings: ["NET_DENIED /steps/0/params/url"],
  },
  {
    title: "a URL that a result gives",
    plan: steps(open, { action: "http.get", params: { url: ref("steps.open.output.id") } }),
    findings: ["?NET_DENIED /steps/1/params/url"],
  },
  {
    title: "a file with another extension than allowed",
    plan: steps({ ...read, validation: { allowed_extensions: [".txt", ".md"] } }),
    findings: ["VALIDATION_FAILED /steps/0/params/path"],
  },
  {
    title: "a file that is nothing but an extension",
    plan: steps({
      action: "file.read",
      params: { path: "/var/log/.log" },
      validation: { allowed_extensions: [".log"] },
    }),
    findings: ["VALIDATION_FAILED /steps/0/params/path"],
  },
  {
    title: "a validation of an action without files",
    plan: steps(read, { action: "process.count", validation: { max_size_mb: 1 } }),
    findings: ["PLAN_INVALID /steps/1/validation"],
  },
];

const BUDGETS: readonly Case[] = [
  {
    title: "a timeout above step_seconds",
    plan: steps({ ...read, timeout_seconds: 31 }),
    findings: ["BUDGET_EXCEEDED /steps/0/timeout_seconds"],
  },
  {
    title: "a timeout above the plan's own duration",
    plan: { ...steps({ ...read, timeout_seconds: 6 }), constraints: { max_duration_seconds: 5 } },
    findings: ["BUDGET_EXCEEDED /steps/0/timeout_seconds"],
  },
  {
    title: "fuel above the scope's",
    plan: steps({ ...read, fuel: 1_000_001 }),
    findings: ["BUDGET_EXCEEDED /steps/0/fuel"],
  },
  {
    title: "fuel above the plan's own",
    plan: { ...steps({ ...read, fuel: 11 }), constraints: { max_fuel: 10 } },
    findings: ["BUDGET_EXCEEDED /steps/0/fuel"],
  },
  {
    title: "timeouts that add up to too much",
    plan: steps(...["a", "b", "c", "d"].map((id) => ({ ...read, id, timeout_seconds: 26 }))),
    findings: ["BUDGET_EXCEEDED /steps"],
  },
  {
    title: "timeouts that add up to too much once they are retried",
    plan: steps({ ...read, timeout_seconds: 30, retries: 3 }),
    findings: ["BUDGET_EXCEEDED /steps"],
  },
  {
    title: "fuel that adds up to too much",
    plan: steps({ ...read, fuel: 600_000 }, { ...list, fuel: 600_000 }),
    findings: ["BUDGET_EXCEEDED /steps"],
  },
  {
    title: "fuel that leaves nothing for compensations",
    plan: steps({ ...read, fuel: 500_000 }, { ...open, fuel: 450_000 }),
    findings: ["BUDGET_EXCEEDED /steps"],
  },
  {
    title: "budgets that just add up",
    plan: steps({ ...read, fuel: 500_000, timeout_seconds: 30 }, { ...list, fuel: 500_000, timeout_seconds: 30 }),
    findings: [],
  },
];

export const CASES: readonly Case[] = [
  ...SHAPE,
  ...ORDER,
  ...ACTION,
  ...ARGUMENTS,
  ...REFERENCES,
  ...REACH,
  ...BUDGETS,
];
