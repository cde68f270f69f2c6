// Which tools may stand beside each other, and which tool is still the one that someone looked at.

import { expect, onTestFinished, test } from "vitest";
import { type Action, type Glovebox, openGlovebox, type ToolLock } from "../../host/index.ts";
import { parseToolLock } from "../../host/tool-lock.ts";
import { published, skeleton } from "../../host/tool-names.ts";
import { ACTIONS } from "../plan/support/actions.ts";
import { buildInMemory } from "../sdk/echo.ts";
import { testCache } from "../support/runs.ts";
import { temporaryDirectory } from "../support/tree.ts";

/** A tool of one interface, whose functions take nothing and give a number. */
async function tool(
  packageName: string,
  name: string,
  functions: readonly string[],
  result = "u8",
): Promise<Uint8Array> {
  const declared = functions.map((one) => `${one}: func() -> ${result};`).join(" ");
  const wit = `package ${packageName}; interface ${name} { ${declared} } world w { export ${name}; }`;
  const author = functions.map((one) => `export function ${one}(): ${result} { return 1; }`).join("\n");
  return buildInMemory(wit, { [`${name}.ts`]: author });
}

async function open(tools: readonly Uint8Array[], toolLock?: ToolLock): Promise<Glovebox> {
  const sources = tools.map((bytes, index) => ({ name: `tool${index}`, bytes }));
  const lock = toolLock === undefined ? {} : { toolLock };
  const glovebox = await openGlovebox({
    workspace: temporaryDirectory(),
    tools: sources,
    executor: "inline",
    cacheDirectory: testCache,
    ...lock,
  });
  await glovebox.close();
  return glovebox;
}

const namesOf = async (...tools: readonly Uint8Array[]): Promise<readonly string[]> =>
  (await open(tools)).actions.map(({ name }) => name).filter((name) => name.includes("/"));

test("the actions of an added tool are named after its publisher, the namespace of its WIT package", async () => {
  expect(await namesOf(await tool("acme-corp:tools@1.0.0", "file", ["read", "shred"]))).toEqual([
    "acme-corp/file.read",
    "acme-corp/file.shred",
  ]);
  const both = await namesOf(await tool("acme:x", "sums", ["total"]), await tool("bank:x", "sums", ["total"]));
  expect(both).toEqual(["acme/sums.total", "bank/sums.total"]);
});

test("functions of a world, and interfaces of wasi, are published by nobody: they are local", async () => {
  const bare = await buildInMemory("package acme:x; world w { export total: func() -> u8; }", {
    "w.ts": "export function total(): u8 { return 1; }",
  });
  expect(await namesOf(bare, await tool("wasi:sums", "mine", ["total"]))).toEqual([
    "local/echo.total",
    "local/mine.total",
  ]);
});

test("a plan calls file.read and acme/file.read, and a scope that grants file.* grants one of them", async () => {
  const glovebox = await openGlovebox({
    workspace: temporaryDirectory(),
    tools: [{ name: "a", bytes: await tool("acme:x", "file", ["read", "shred"]) }],
    executor: "inline",
    cacheDirectory: testCache,
  });
  onTestFinished(() => glovebox.close());
  const plan = { value: { plan_id: "a", steps: [{ action: "acme/file.read" }] } };
  const bare = { value: { plan_id: "a", steps: [{ action: "file.shred" }] } };
  const [unknown] = glovebox.check(bare, { value: { actions: ["*"] } }).findings;
  expect(unknown).toMatchObject({ code: "ACTION_UNKNOWN", hint: 'Did you mean "acme/file.shred"?' });
  const denied = glovebox.check(plan, { value: { actions: ["file.*"] } });
  expect(denied.findings).toMatchObject([
    { code: "ACTION_DENIED", message: expect.stringContaining("acme/file.read") },
  ]);
  const report = await glovebox.run(plan, { value: { actions: ["acme/file.*"] } });
  expect(report.steps[0]?.output).toBe(1);
});

test("P7: a publisher that can be taken for another, for the standard library or for one of its groups is refused", async () => {
  const refused = async (...names: readonly string[]): Promise<void> => {
    const tools = await Promise.all(names.map((name) => tool(`${name}:x`, "sums", ["total"])));
    await expect(open(tools)).rejects.toMatchObject({ code: "TOOL_NAME_REFUSED" });
  };
  await refused("acme", "acrne");
  await refused("gl0vebox");
  await refused("loca1");
  await refused("file");
  await refused("fi1e");
});

test("P7: an action that can be taken for one of another tool is refused, and the same one twice", async () => {
  const plain = await tool("acme:x", "modern", ["go"]);
  await expect(open([plain, await tool("acme:y", "modem", ["go"])])).rejects.toMatchObject({
    code: "TOOL_NAME_REFUSED",
    message: expect.stringContaining("acme/modem.go, which can be taken for acme/modern.go"),
  });
  await expect(open([plain, await tool("acme:y", "modern", ["go"])])).rejects.toMatchObject({ code: "TOOL_DUPLICATE" });
});

test("a tool may not say that it is of a package of ours", async () => {
  for (const name of ["glovebox:std", "glovebox:more"]) {
    const refused = { code: "TOOL_NAME_REFUSED", message: expect.stringContaining(`${name}/other`) };
    await expect(open([await tool(name, "other", ["go"])])).rejects.toMatchObject(refused);
  }
});

test("a compensation in a manifest is the tool's own action where it has one of that name", () => {
  const exported = { interface: "acme:x/door@1.0.0", function: "f" };
  const [any] = ACTIONS;
  if (any === undefined) throw new Error("there are no actions");
  const undoneBy = (name: string, undo: string): Action => {
    return { ...any, name, export: exported, compensate: { action: undo, params: {} } };
  };
  const { actions } = published({
    actions: [undoneBy("door.open", "door.close"), undoneBy("door.close", "file.remove")],
  });
  expect(actions).toMatchObject([
    { name: "acme/door.open", compensate: { action: "acme/door.close" } },
    { name: "acme/door.close", compensate: { action: "file.remove" } },
  ]);
});

test("what looks alike has one skeleton, and other names have not", () => {
  expect(skeleton("file.read")).toBe(skeleton("fi1e.read"));
  expect(skeleton("to0l_box.go")).toBe(skeleton("tool-box.go"));
  expect(skeleton("file.read")).not.toBe(skeleton("tile.read"));
});

test("A13 P7: a locked tool is loaded as it was, and another of its name is refused with what is different", async () => {
  const before = await tool("acme:x", "sums", ["total", "mean"]);
  const { toolLock } = await open([before]);
  const kept = parseToolLock(JSON.parse(JSON.stringify(toolLock)));
  expect((await open([before], kept)).toolLock).toEqual(toolLock);
  await expect(open([await tool("acme:x", "sums", ["total", "median"], "u16")], kept)).rejects.toMatchObject({
    code: "TOOL_CHANGED",
    data: {
      changes: [
        "action gone: acme/sums.mean",
        expect.stringMatching(/^new action: acme\/sums\.median\(\) -> u16/),
        expect.stringMatching(/^action changed: acme\/sums\.total\(\) -> u8.* => acme\/sums\.total\(\) -> u16/),
      ],
    },
  });
});

test("a tool that is not in the lock is refused, and a lock that is none too", async () => {
  await expect(open([await tool("acme:x", "sums", ["total"])], { tools: {} })).rejects.toMatchObject({
    code: "TOOL_CHANGED",
    message: expect.stringContaining("is not in the lock"),
  });
  expect(() => parseToolLock({ tools: { a: { digest: 1 } } })).toThrow(/not valid: tools\/a\/digest/);
});

test("what a changed tool now needs is part of the difference", async () => {
  const quiet = await tool("acme:x", "sums", ["total"]);
  const wit = `package acme:x; interface sums { total: func() -> u8; } world w { import wasi:clocks/wall-clock@0.2.0; export sums; }
    package wasi:clocks@0.2.0 { interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } now: func() -> datetime; } }`;
  const author =
    'import { now } from "./bindings/wasi-clocks-wall-clock"; export function total(): u8 { return <u8>now().seconds; }';
  const curious = await buildInMemory(wit, { "sums.ts": author });
  const { toolLock } = await open([quiet]);
  await expect(open([curious], toolLock)).rejects.toMatchObject({
    data: { changes: expect.arrayContaining(["now needs wasi:clocks/wall-clock"]) },
  });
});
