import { expect, test } from "vitest";
import type { Contract, ImportedInterface } from "../../host/component/contract.ts";
import { inspectTool } from "../../host/component/inspect.ts";
import { checkManifest, parseManifest, readManifest } from "../../host/component/manifest.ts";
import { embedManifest } from "../../host/component/manifest-section.ts";
import { describeTool } from "../../host/component/tool.ts";
import { buildEntry } from "../../host/component/tool-entry.ts";
import type { WitType } from "../../host/contract/types.ts";
import { ADMISSION_LIMITS } from "../../host/limits.ts";
import { list, option, t, variant } from "../contract/types.ts";
import { functionComponent } from "./build.ts";
import { DIGEST, Runner } from "./run.ts";

const WHOLE = {
  name: "file",
  version: "1.2.3",
  title: "Files",
  description: "Reads files.",
  actions: {
    "file.read": {
      effect: "read",
      idempotent: true,
      fuel: 1000,
      max_execution_seconds: 1.5,
      pipe: "text",
      paths: { path: "read", more: "write" },
      urls: ["text"],
      compensate: { action: "file.undo", params: { path: "<input.path>" } },
      title: "Read",
      description: "Reads a file.",
    },
  },
} as const;

const KNOWN: ReadonlyMap<string, ReadonlyMap<string, WitType>> = new Map([
  [
    "file.read",
    new Map([
      ["path", t("string")],
      ["more", option(list(t("string")))],
      ["text", t("string")],
      ["lines", t("u32")],
    ]),
  ],
]);

test("a manifest that says everything is read as it was written", () => {
  expect(parseManifest(WHOLE)).toEqual(WHOLE);
  expect(() => checkManifest(parseManifest(WHOLE), KNOWN)).not.toThrow();
});

const wrong: readonly (readonly [what: string, manifest: unknown, pointer: string])[] = [
  ["no name", { version: "1.0.0" }, "/name"],
  ["a name with spaces", { name: "a b", version: "1.0.0" }, "/name"],
  ["a version of two numbers", { name: "a", version: "1.0" }, "/version"],
  ["a key that is not known", { name: "a", version: "1.0.0", extra: 1 }, ""],
  [
    "an effect that does not exist",
    { name: "a", version: "1.0.0", actions: { "a.b": { effect: "none" } } },
    "/actions/a.b/effect",
  ],
  ["an action without an interface", { name: "a", version: "1.0.0", actions: { read: {} } }, "/actions/read"],
  ["fuel of zero", { name: "a", version: "1.0.0", actions: { "a.b": { fuel: 0 } } }, "/actions/a.b/fuel"],
  [
    "a parameter in kebab-case",
    { name: "a", version: "1.0.0", actions: { "a.b": { paths: { "a-b": "read" } } } },
    "/actions/a.b/paths/a-b",
  ],
  ["a list", [], ""],
  ["nothing", null, ""],
];

test.each(wrong)("a manifest with %s is MANIFEST_INVALID, saying where", (_what, manifest, pointer) => {
  expect(() => parseManifest(manifest)).toThrow(
    expect.objectContaining({ code: "MANIFEST_INVALID", data: { pointer } }),
  );
});

const action = (said: object) => parseManifest({ name: "file", version: "1.0.0", actions: { "file.read": said } });

test("a manifest that speaks of what the component does not have is refused with a suggestion", () => {
  const unknown = parseManifest({ name: "file", version: "1.0.0", actions: { "file.raed": {} } });
  expect(() => checkManifest(unknown, KNOWN)).toThrow(
    'the component has no action "file.raed". Did you mean "file.read"?',
  );
  expect(() => checkManifest(action({ pipe: "txt" }), KNOWN)).toThrow(
    'file.read has no parameter "txt". Did you mean "text"?',
  );
  expect(() => checkManifest(action({ paths: { lines: "read" } }), KNOWN)).toThrow(
    '"lines" is declared a path or URL, but it is not text',
  );
  expect(() => checkManifest(action({ urls: ["nothing"] }), KNOWN)).toThrow('file.read has no parameter "nothing"');
});

test("an embedded manifest that is not UTF-8 JSON, or is too large, is MANIFEST_INVALID", () => {
  const invalid = expect.objectContaining({ code: "MANIFEST_INVALID" });
  expect(() => readManifest(Uint8Array.of(0xff, 0xfe))).toThrow(invalid);
  expect(() => readManifest(new TextEncoder().encode("{"))).toThrow(invalid);
  expect(() => readManifest(new Uint8Array(300_000).fill(0x20))).toThrow(invalid);
});

const COMPONENT = functionComponent("f: func(path: string) -> string;", "(param i32 i32) (result i32) (i32.const 0)");

test("a manifest that is embedded into a component is found in it, and the tool goes by its name", async () => {
  const manifest = {
    name: "my-tool",
    version: "1.0.0",
    actions: { "one.f": { effect: "read", paths: { path: "read" } } },
  };
  const { tool } = await Runner.of(embedManifest(await COMPONENT, manifest));
  expect(tool).toMatchObject({ identity: { name: "my-tool" }, version: "1.0.0" });
  expect(tool.actions[0]).toMatchObject({ name: "one.f", effect: "read", idempotent: true, paths: { path: "read" } });
});

test("G3: cases after which an effect is uncertain must be cases of the error", async () => {
  const signature = "f: func() -> result<_, failure>; variant failure { not-sent, no-answer(u8) }";
  const component = await functionComponent(signature, "(result i32) (i32.const 0)");
  const manifest = (uncertain: readonly string[]): object => ({
    name: "a",
    version: "1.0.0",
    actions: { "one.f": { effect: "compensable", uncertain } },
  });
  const { tool } = await Runner.of(embedManifest(component, manifest(["no_answer"])));
  expect(tool.actions[0]?.uncertain).toEqual(["no_answer"]);
  const wrong = embedManifest(component, manifest(["no_anwser"]));
  const building = buildEntry(wrong, { digest: DIGEST, limits: ADMISSION_LIMITS, supportedImports: [] });
  await expect(building).rejects.toMatchObject({
    code: "MANIFEST_INVALID",
    message: expect.stringContaining('Did you mean "no_answer"?'),
    data: { pointer: "/actions/one.f/uncertain" },
  });
});

test("a compensation may be an action of another publisher's tool", () => {
  const manifest = (action: string): object => ({
    name: "a",
    version: "1.0.0",
    actions: { "a.b": { compensate: { action } } },
  });
  expect(parseManifest(manifest("acme-corp/mail.recall")).actions["a.b"]?.compensate?.action).toBe(
    "acme-corp/mail.recall",
  );
  expect(() => parseManifest(manifest("acme/mail"))).toThrow(expect.objectContaining({ code: "MANIFEST_INVALID" }));
});

test("a component whose manifest does not fit is refused before it is compiled", async () => {
  const component = embedManifest(await COMPONENT, { name: "a", version: "1.0.0", actions: { "one.g": {} } });
  const building = buildEntry(component, { digest: DIGEST, limits: ADMISSION_LIMITS, supportedImports: [] });
  await expect(building).rejects.toMatchObject({ code: "MANIFEST_INVALID", data: { pointer: "/actions/one.g" } });
});

const READ = {
  interface: "a:b/file@1.0.0",
  function: "read-it",
  parameters: [],
  output: null,
  error: null,
  fallible: false,
};

const importing = (...imports: ImportedInterface[]): Contract => ({ functions: [READ], skipped: [], imports });

const described = (contract: Contract) =>
  describeTool({ contract, manifest: null, name: "some-tool", digest: DIGEST, bytes: 1 });

test("without a manifest the effect is the worst that the imports allow, and nothing is taken for a path", () => {
  const effects = [
    importing({ name: "wasi:random/random@0.2.0", functions: ["get-random-u64"] }),
    importing({ name: "wasi:filesystem/types@0.2.0", functions: [] }),
    importing({ name: "wasi:filesystem/types@0.2.0", functions: [] }, { name: "wasi:http/types@0.2.0", functions: [] }),
    importing({ name: "wasi:sockets/tcp@0.2.0", functions: [] }),
  ].map((contract) => described(contract).actions[0]);
  expect(effects.map((one) => one?.effect)).toEqual(["pure", "reversible", "irreversible", "irreversible"]);
  expect(effects.map((one) => one?.idempotent)).toEqual([true, false, false, false]);
  expect(effects[1]).toMatchObject({ name: "file.read_it", paths: {}, urls: [], pipe: null });
});

test("a function of the world goes by the name of the tool", () => {
  const contract = { ...importing(), functions: [{ ...READ, interface: null }] };
  expect(described(contract).actions[0]?.name).toBe("some_tool.read_it");
});

test("two interfaces whose actions would have one name are refused", () => {
  const contract = { ...importing(), functions: [READ, { ...READ, interface: "c:d/file" }] };
  expect(() => described(contract)).toThrow(expect.objectContaining({ code: "COMPONENT_NAME_REJECTED" }));
});

test("an inspection names capabilities by what is really imported, actions by signature, and errors by case", () => {
  const output = list({ kind: "record", name: "line", fields: [{ name: "line-number", type: t("u32") }] });
  const error = variant({ "not-found": t("string"), busy: null });
  const contract = {
    ...importing(
      { name: "wasi:filesystem/types@0.2.0", functions: ["[method]descriptor.read"] },
      { name: "wasi:clocks/wall-clock@0.2.0", functions: [] },
      { name: "wasi:cli/stdout@0.2.0", functions: ["get-stdout"] },
    ),
    functions: [{ ...READ, output, error, fallible: true }],
  };
  expect(inspectTool(described(contract))).toMatchObject({
    name: "some-tool",
    digest: DIGEST,
    capabilities: ["files", "standard streams"],
    imports: ["wasi:filesystem/types@0.2.0", "wasi:clocks/wall-clock@0.2.0", "wasi:cli/stdout@0.2.0"],
    actions: [{ signature: "file.read_it() -> list<line> ! shape", errors: ["not_found(string)", "busy"] }],
    types: { line: "record { line_number: u32 }", shape: "variant { not_found(string), busy }" },
  });
});
