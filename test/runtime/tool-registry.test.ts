// Which tools may stand beside each other, and which tool is still the one that someone looked at.

import { expect, test } from "vitest";
import { type Glovebox, openGlovebox, type ToolLock } from "../../host/index.ts";
import { parseToolLock } from "../../host/tool-lock.ts";
import { skeleton } from "../../host/tool-names.ts";
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

test("a tool may not offer more of what the standard library is called, since a scope's file.* would grant it", async () => {
  await expect(open([await tool("acme:x", "file", ["shred"])])).rejects.toMatchObject({ code: "TOOL_DUPLICATE" });
});

test("P7: a name that can be taken for one of the standard library's, or for another tool's, is refused", async () => {
  await expect(open([await tool("acme:x", "fi1e", ["read"])])).rejects.toMatchObject({
    code: "TOOL_NAME_REFUSED",
    message: expect.stringContaining("fi1e.read"),
  });
  const [plain, alike] = [await tool("acme:x", "modern", ["go"]), await tool("acme:y", "modem", ["go"])];
  await expect(open([plain, alike])).rejects.toMatchObject({ code: "TOOL_NAME_REFUSED" });
  expect((await open([alike])).actions.map(({ name }) => name)).toContain("modem.go");
});

test("a tool may not say that it is of the standard library's package", async () => {
  await expect(open([await tool("glovebox:std", "other", ["go"])])).rejects.toMatchObject({
    code: "TOOL_NAME_REFUSED",
  });
});

test("what looks alike has one skeleton, and other names have not", () => {
  expect(skeleton("file.read")).toBe(skeleton("fi1e.read"));
  expect(skeleton("to0l_box.go")).toBe(skeleton("toolbox.go"));
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
        "action gone: sums.mean",
        expect.stringMatching(/^new action: sums\.median\(\) -> u16/),
        expect.stringMatching(/^action changed: sums\.total\(\) -> u8.* => sums\.total\(\) -> u16/),
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
