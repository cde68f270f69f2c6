import { expect, test } from "vitest";
import type { CheckReport } from "../../host/report.ts";
import { parseScope } from "../../host/scope/parse.ts";
import { accepted, checkPlan, ref, scopeWith, wordsOf } from "./support/documents.ts";
import { ok, run } from "./support/fake-caller.ts";

const scope = scopeWith({
  filesystem: [
    { path: "/project", access: "write" },
    { path: "/project/secret", access: "write", flow: "private" },
    { path: "/project/www", access: "write", flow: "public" },
  ],
});
const file = (id: string, path: string): object => ({ id, action: "file.read", params: { path } });
const write = (path: string, text: string): object => ({ id: "write", action: "file.write", params: { path, text } });
const mail = (text: string): object => ({ id: "mail", action: "mail.send", params: { to: "a@b", text } });
const get = (url: string): object => ({ id: "get", action: "http.get", params: { url } });
const first = (step: string): string => ref(`steps.${step}.output[0]`);

function flow(...steps: object[]): string[] {
  return brief(checkPlan({ steps }, scope).report);
}

function brief({ findings }: CheckReport): string[] {
  const shown = findings.filter(({ code }) => code === "FLOW_DENIED");
  return shown.map(({ severity, pointer }) => `${severity} ${pointer}`);
}

test.each<[string, object[]]>([
  ["sent", [file("a", "/project/secret/key"), mail(first("a"))]],
  ["put into a URL", [file("a", "/project/secret/key"), get(`https://x.example.com/api/${first("a")}`)]],
  ["written where it is public", [file("a", "/project/secret/key"), write("/project/www/x", first("a"))]],
  [
    "sent by way of another step",
    [
      file("a", "/project/secret/key"),
      { id: "j", action: "process.join", params: { text: ref("steps.a.output") } },
      mail(ref("steps.j.output")),
    ],
  ],
  [
    "sent by way of a pipe",
    [file("a", "/project/secret/key"), { id: "j", action: "process.join" }, mail(ref("steps.j.output"))],
  ],
  [
    "sent by way of a file",
    [
      file("a", "/project/secret/key"),
      write("/project/copy", first("a")),
      file("b", "/project/copy"),
      mail(first("b")),
    ],
  ],
  [
    "sent by way of a list of the directory above it",
    [{ id: "l", action: "file.list", params: { path: "/project" } }, mail(ref("steps.l.output[0].name"))],
  ],
  [
    "sent bit by bit, by what happens or not",
    [
      { ...file("a", "/project/secret/key"), on_error: "continue" },
      { ...mail("1"), when: { step: "a", status: "ran" } },
    ],
  ],
  [
    "sent item by item",
    [
      file("a", "/project/secret/key"),
      { ...get(`https://x.example.com/api/${ref("item")}`), for_each: { items: ref("steps.a.output"), at_most: 9 } },
    ],
  ],
])("P3: private data that would be %s is refused", (_how, steps) => {
  const { report } = checkPlan({ steps }, scope);
  expect(brief(report)).toEqual([`error /steps/${steps.length - 1}`]);
  expect(wordsOf(report)).toMatchSnapshot();
  expect(report.findings.find(({ code }) => code === "FLOW_DENIED")?.message).toMatch(
    /"\/project(\/secret\/key)?", which is private/,
  );
});

test.each<[string, object[]]>([
  ["is kept within the workspace", [file("a", "/project/secret/key"), write("/project/copy", first("a"))]],
  [
    "has nothing to do with what is sent",
    [file("a", "/project/secret/key"), file("b", "/project/notes"), mail(first("b"))],
  ],
  ["is overwritten only later", [file("b", "/project/copy"), file("a", "/project/secret/key"), mail(first("b"))]],
])("private data that %s is no concern", (_how, steps) => {
  expect(flow(...steps)).toEqual([]);
});

test("P3: a path that is known only when the plan runs is followed then, by the same rule", async () => {
  const steps = [file("names", "/project/notes"), file("a", `/project/${first("names")}`), mail(first("a"))];
  expect(flow(...steps)).toEqual(["note /steps/2"]);
  const tools = (name: string): object => ({
    "file.read": ({ path }: Record<string, unknown>) => ok([path === "/project/notes" ? name : "x"]),
  });
  const evil = await run(accepted({ steps }, scope), { tools: { ...tools("secret/key") } });
  expect(evil.report).toMatchObject({ status: "failed", error: { code: "FLOW_DENIED" } });
  expect(evil.calls.map(({ action }) => action.name)).toEqual(["file.read", "file.read"]);
  const fine = await run(accepted({ steps }, scope), { tools: { ...tools("public") } });
  expect(fine.report.status).toBe("completed");
});

test("a narrower grant keeps the mark of the wider one, unless it has its own", () => {
  const marked = parseScope({
    value: {
      filesystem: [
        { path: "/a", access: "read", flow: "private" },
        { path: "/a/b", access: "read" },
        { path: "/a/b/c", access: "read", flow: "public" },
      ],
    },
  });
  expect(marked.filesystem.map(({ flow: mark }) => mark)).toEqual(["private", "private", "public"]);
});

test("a scope without private marks follows nothing", () => {
  const steps = [file("a", "/project/secret/key"), mail(first("a"))];
  expect(brief(checkPlan({ steps }, scopeWith()).report)).toEqual([]);
});

const hosts = scopeWith({
  network: [
    { host: "*.example.com", paths: ["/api/*"] },
    { host: "vault.example.net", flow: "private" },
  ],
});

test.each<[string, object[], string[]]>([
  ["sent on", [get("https://vault.example.net/key"), mail(ref("steps.get.output"))], ["error /steps/1"]],
  [
    "put into a public URL",
    [
      get("https://vault.example.net/key"),
      { ...get(`https://x.example.com/api/${ref("steps.get.output")}`), id: "out" },
    ],
    ["note /steps/1"],
  ],
  [
    "put into a URL of a host that is private, too",
    [
      get("https://vault.example.net/key"),
      { ...get(`https://vault.example.net/${ref("steps.get.output")}`), id: "out" },
    ],
    ["note /steps/1"],
  ],
  [
    "asked for twice",
    [get("https://vault.example.net/key"), { ...get("https://vault.example.net/other"), id: "out" }],
    [],
  ],
])("P3: what a private host answers is private: %s", (_how, steps, expected) => {
  expect(brief(checkPlan({ steps }, hosts).report)).toEqual(expected);
});

test("P3: a URL that holds private data is judged by its host when it is known", async () => {
  const steps = [get("https://vault.example.net/key"), { ...get(ref("steps.get.output")), id: "out" }];
  const outcome = async (answer: string): Promise<object> => {
    const { report, calls } = await run(accepted({ steps }, hosts), { tools: { "http.get": () => ok(answer) } });
    return { code: report.error?.code, calls: calls.length };
  };
  expect(await outcome("https://x.example.com/api/1")).toEqual({ code: "FLOW_DENIED", calls: 1 });
  expect(await outcome("https://vault.example.net/1")).toEqual({ code: undefined, calls: 2 });
});
