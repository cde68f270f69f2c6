import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Glovebox, openGlovebox } from "../../host/index.ts";
import { buildStandardTools } from "../../tools-wasm/build.ts";

let folder: string;
let glovebox: Glovebox;

beforeAll(async () => {
  await buildStandardTools(join(import.meta.dirname, "..", ".."));
  folder = mkdtempSync(join(tmpdir(), "glovebox-fuel-"));
  glovebox = await openGlovebox({ workspace: folder, executor: "inline" });
});

afterAll(async () => {
  await glovebox.close();
  rmSync(folder, { recursive: true });
});

/** The fuel that `process.filter` takes. */
async function fuelOf(text: readonly string[], pattern: string): Promise<number> {
  const plan = { plan_id: "fuel", steps: [{ action: "process.filter", params: { text, pattern } }] };
  const scope = { scope: "fuel", actions: ["process.*"], limits: { fuel: 100_000_000_000 } };
  const { status, steps } = await glovebox.run({ value: plan }, { value: scope });
  expect(status).toBe("completed");
  return steps[0]?.resource_usage.fuel ?? Number.NaN;
}

test("the same text and pattern take the same fuel", async () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index} of a text`);
  expect(await fuelOf(lines, "(?i)LINE [0-9]+5")).toBe(await fuelOf(lines, "(?i)LINE [0-9]+5"));
});

test("a literal in 10,000 lines takes less than 1,000 fuel a line", async () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, index) => `2026-11-22T10:11:12.${index} INFO request ${index} took 12 ms`,
  );
  expect(await fuelOf(lines, "ERROR")).toBeLessThan(10_000 * 1000);
});

test.each([
  "(a+)+$",
  "(a|a)*b",
  "(a*)*b",
  "(a|aa)+$",
  "(.*)*=x",
  "(a?){50}a{50}b",
  "(.*a){12}b",
  "a.*a.*a.*b",
  "[ab]*a[ab]{9}c",
])("P5: on twice the text, %s takes no more than twice the fuel", async (pattern) => {
  const text = (length: number): string[] => [`${"a".repeat(length)}!`];
  const [once, twice] = [await fuelOf(text(20_000), pattern), await fuelOf(text(40_000), pattern)];
  expect(twice).toBeLessThan(2 * once);
});

const ideographs = Array.from({ length: 2000 }, (_, index) => String.fromCodePoint(0x4e00 + 3 * index));

test.each([
  ["an alternation of 2,000 characters", ideographs.join("|")],
  ["a sequence of 4,000 characters in either case", `(?i)${ideographs.join("").repeat(2).slice(0, 4000)}`],
  ["2,000 characters in one class", `[${ideographs.join("")}]{3}`],
  [
    "800 classes",
    ideographs
      .slice(0, 800)
      .map((point) => `[^${point}]`)
      .join(""),
  ],
  ["repetitions that fill the program", "(?:[a-f]{1,9}x){1000}"],
])(
  "P5: %s: a pattern as large as is allowed takes a fraction of the default fuel and memory",
  async (_title, pattern) => {
    expect(await fuelOf(["a line that does not match"], pattern)).toBeLessThan(1_000_000_000);
  },
);
