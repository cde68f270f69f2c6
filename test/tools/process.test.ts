import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { buildStandardTools } from "../../tools-wasm/build.ts";
import { CASELESS_PATTERNS, COMMON_PATTERNS, LINES, SCRIPT_PATTERNS } from "./regex-cases.ts";
import { failureOf, loadStock, type StockTool } from "./stock-host.ts";

const ROOT = join(import.meta.dirname, "..", "..");

interface Line {
  readonly number: number;
  readonly text: string;
  readonly matched: boolean;
}

const ASCII_LINES = LINES.filter((line) => Buffer.byteLength(line) === line.length);

let tool: StockTool;

beforeAll(async () => {
  await buildStandardTools(ROOT);
  tool = await loadStock(readFileSync(join(ROOT, "dist/tools/process.wasm")));
});

function filter(text: readonly string[], pattern: string, context?: number): Line[] {
  const call = tool.instantiate()["glovebox:std/process@0.1.0"]?.filter;
  return call?.(text, pattern, context) as Line[];
}

/** The numbers of the lines that match. */
function matches(pattern: string, lines: readonly string[] = LINES): number[] {
  return filter(lines, pattern).map(({ number }) => number);
}

function matchesOf(expression: RegExp, lines: readonly string[] = LINES): number[] {
  return lines.flatMap((line, index) => (expression.test(line) ? [index + 1] : []));
}

/** The output of `grep -n`, `number:text` for a match and `number-text` for context; null where there is no GNU grep. */
function grep(args: readonly string[], lines: readonly string[]): string[] | null {
  const input = lines.map((line) => `${line}\n`).join("");
  const run = spawnSync("grep", ["-n", "-a", "--no-group-separator", ...args], {
    input,
    encoding: "utf8",
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
  });
  if (run.error !== undefined || run.status === null || run.status > 1) return null;
  return run.stdout.split("\n").slice(0, -1);
}

const written = (lines: readonly Line[]): string[] =>
  lines.map(({ number, text, matched }) => `${number}${matched ? ":" : "-"}${text}`);

const hasGrep = spawnSync("grep", ["--version"], { encoding: "utf8" }).stdout?.startsWith("grep (GNU grep)") ?? false;

describe("patterns that ECMAScript reads alike", () => {
  test.each([...COMMON_PATTERNS, ...SCRIPT_PATTERNS])("/%s/su", (pattern) => {
    expect(matches(pattern)).toEqual(matchesOf(new RegExp(pattern, "su")));
  });

  test.each(CASELESS_PATTERNS)("/%s/sui is (?i)", (pattern) => {
    expect(matches(`(?i)${pattern}`)).toEqual(matchesOf(new RegExp(pattern, "sui")));
  });
});

describe.skipIf(!hasGrep)("patterns that GNU grep -E reads alike", () => {
  test.each(COMMON_PATTERNS)("grep -E '%s'", (pattern) => {
    const lines = /\\[wWbB]/.test(pattern) ? ASCII_LINES : LINES;
    expect(written(filter(lines, pattern))).toEqual(grep(["-E", "-e", pattern], lines));
  });

  test.each([
    "[[:alpha:]]+[[:digit:]]",
    "^[[:space:]]",
    "[[:upper:]][[:lower:]]",
    "^[[:alnum:]_]+$",
    "[^[:print:][:space:]]a",
    "^[[:xdigit:]]+$",
    "[[:punct:]]{3}",
    "[[:blank:]]$",
    "[]]",
    "[]a]b",
    "^[^]]*$",
    '{"level"',
    "{}",
    "a{1",
    "]",
    "}",
  ])("grep -E '%s' where ECMAScript differs", (pattern) => {
    expect(written(filter(ASCII_LINES, pattern))).toEqual(grep(["-E", "-e", pattern], ASCII_LINES));
  });
});

test("any pattern of the common syntax matches what ECMAScript matches", () => {
  const atom = fc.constantFrom(
    ..."ab.^$",
    "[ab]",
    "[^a]",
    "\\d",
    "\\w",
    "\\s",
    "\\W",
    "\\b",
    "\\B",
    "é",
    "😀",
    "[α-ω]",
  );
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      atom,
      fc.tuple(tie("pattern"), tie("pattern")).map(([x, y]) => x + y),
      fc.tuple(tie("pattern"), tie("pattern")).map(([x, y]) => `(?:${x}|${y})`),
      fc
        .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"))
        .map(([x, repeat]) => `(?:${x})${repeat}`),
    ),
  }));
  // No character outside of the basic plane: V8 finds \B in the middle of one, where ECMAScript does not look.
  const line = fc.string({
    unit: fc.constantFrom(..."abAB1 _-éÉ", "α", "Σ", "ς", "\t", "\u00a0"),
    maxLength: 10,
  });
  fc.assert(
    fc.property(pattern, fc.array(line, { maxLength: 10 }), fc.boolean(), (source, lines, caseless) => {
      const expected = matchesOf(new RegExp(source, caseless ? "sui" : "su"), lines);
      expect(matches(caseless ? `(?i)${source}` : source, lines)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

describe("the flag i", () => {
  test("holds to the end of its group, and can be taken back", () => {
    const lines = ["ab", "AB", "aB", "Ab"];
    expect(matches("a(?i)b", lines)).toEqual([1, 3]);
    expect(matches("(?:(?i)a)b", lines)).toEqual([1, 4]);
    expect(matches("(?i:a)b", lines)).toEqual([1, 4]);
    expect(matches("(?i)a(?-i:b)", lines)).toEqual([1, 4]);
    expect(matches("(?i)a(?-i)b", lines)).toEqual([1, 4]);
    expect(matches("x|(?i)A|B", lines)).toEqual([1, 2, 3, 4]);
  });

  test("a word border stays one of ASCII words", () => {
    expect(matches("(?i)\\bk", ["\u212a", "k"])).toEqual([2]);
  });
});

describe("context", () => {
  test("each line comes once, in order, with its number", () => {
    expect(filter(["a", "b", "x", "c", "x", "d", "e", "f", "x"], "x", 1)).toEqual([
      { number: 2, text: "b", matched: false },
      { number: 3, text: "x", matched: true },
      { number: 4, text: "c", matched: false },
      { number: 5, text: "x", matched: true },
      { number: 6, text: "d", matched: false },
      { number: 8, text: "f", matched: false },
      { number: 9, text: "x", matched: true },
    ]);
  });

  test("none gives the matching lines only, and so does 0", () => {
    expect(filter(["a", "x"], "x")).toEqual(filter(["a", "x"], "x", 0));
  });

  test("the largest number gives everything, once", () => {
    expect(written(filter(["a", "b", "x", "c", "x"], "x", 0xffff_ffff))).toEqual(["1-a", "2-b", "3:x", "4-c", "5:x"]);
  });

  test.skipIf(!hasGrep)("any text and number agree with grep -C", () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "x"), maxLength: 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(lines, fc.nat({ max: 5 }), (text, context) => {
        expect(written(filter(text, "x", context))).toEqual(grep(["-C", String(context), "x"], text));
      }),
      { numRuns: 60 },
    );
  });
});

describe("text", () => {
  test("a line end inside an element is a character like others", () => {
    expect(matches("^b", ["a\nb"])).toEqual([]);
    expect(matches("a$", ["a\nb", "a\n"])).toEqual([]);
    expect(matches("a.b", ["a\nb"])).toEqual([1]);
  });

  test("a character is a code point, also in front of a skipped one", () => {
    expect(matches("^.$", ["😀", "ab", "é"])).toEqual([1, 3]);
    expect(matches("\\bx", ["😀x", "ax", "x"])).toEqual([1, 3]);
    expect(matches("\\B", ["a😀a", "a😀😀a"])).toEqual([2]);
  });

  test("a match is found wherever it is in a long line", () => {
    const at = (index: number): string => `${"y".repeat(index)}xz${"y".repeat(40 - index)}`;
    const lines = Array.from({ length: 40 }, (_, index) => at(index));
    expect(matches("xz", lines)).toHaveLength(40);
    expect(matches("[x]z", lines)).toHaveLength(40);
    expect(matches("(?i)XZ", lines)).toHaveLength(40);
    expect(matches("\\wz", lines)).toHaveLength(40);
  });

  test("no lines and empty lines are text, too", () => {
    expect(filter([], "x", 3)).toEqual([]);
    expect(matches("", ["", "a"])).toEqual([1, 2]);
  });

  test("10,000 lines and more than a page of results come back whole", () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index} ${index % 7 === 0 ? "ERROR" : "ok"}`);
    const found = filter(lines, "ERROR");
    expect(found).toHaveLength(1429);
    expect(found.at(-1)).toEqual({ number: 9997, text: "line 9996 ERROR", matched: true });
  });
});

describe("patterns that are refused", () => {
  test.each([
    ["(", 0, "not closed"],
    ["x(a", 1, "not closed"],
    ["a)", 1, "no group is open"],
    ["[a", 0, "not closed"],
    ["[]", 0, "not closed"],
    ["*a", 0, "nothing here to repeat"],
    ["a|+", 2, "nothing here to repeat"],
    ["{2}", 0, "nothing here to repeat"],
    ["a**", 2, "repeat a repetition"],
    ["a++", 2, "repeat a repetition"],
    ["a{2}{3}", 4, "repeat a repetition"],
    ["^*", 0, "no text"],
    ["\\b+", 0, "no text"],
    ["a{3,2}", 1, "out of order"],
    ["a{,3}", 1, "{0,n}"],
    ["[z-a]", 1, "out of order"],
    ["[a-\\d]", 1, "single character"],
    ["[[:foo:]]", 1, "POSIX"],
    ["[[.a.]]", 1, "POSIX"],
    ["(a)\\1", 3, "back-references"],
    ["\\k<n>", 0, "back-references"],
    ["(?=a)", 0, "look-around"],
    ["(?!a)", 0, "look-around"],
    ["(?<=a)", 0, "look-around"],
    ["(?<!a)", 0, "look-around"],
    ["(?>a)", 0, "(?:...)"],
    ["(?m)a", 0, "(?:...)"],
    ["(?<name", 0, "not closed"],
    ["\\p{L}", 0, "Unicode properties"],
    ["\\q", 0, "not known"],
    ["\\é", 0, "not known"],
    ["a\\", 1, "backslash"],
    ["\\<a", 0, "\\b"],
    ["\\Aa", 0, "^"],
    ["a\\z", 1, "$"],
    ["\\x4", 0, "\\xHH"],
    ["\\u{110000}", 0, "10FFFF"],
    ["\\ud83d\\u0041", 0, "half"],
    ["\\012", 0, "octal"],
    ["😀(", 1, "not closed"],
  ])("%s", (pattern, position, reason) => {
    const failure = failureOf(() => filter(["a"], pattern)) as {
      tag: string;
      val: { position: number; reason: string };
    };
    expect(failure.tag).toBe("invalid-pattern");
    expect(failure.val.position).toBe(position);
    expect(failure.val.reason).toContain(reason);
  });

  test.each([
    ["(?:x{1000}){1000}", "20,000"],
    ["((x{100}){100}){100}", "20,000"],
    ["x{1000000}", "20,000"],
    ["(".repeat(101) + ")".repeat(101), "100 deep"],
    ["x".repeat(4097), "4096"],
  ])("%j is too complex", (pattern, reason) => {
    const failure = failureOf(() => filter(["a"], pattern)) as { tag: string; val: string };
    expect(failure.tag).toBe("pattern-too-complex");
    expect(failure.val).toContain(reason);
  });
});

describe("P5: patterns on which other engines take exponential time", () => {
  const long = "a".repeat(100_000);
  test.each(["(a+)+$", "(a|a)*b", "(a*)*b", "(a|aa)+$", "(.*)*=x", "(a?){50}a{50}$", "(.*a){12}b", "a.*a.*a.*b"])(
    "%s",
    (pattern) => {
      expect(matches(pattern, [`${long}!`])).toEqual([]);
    },
  );

  test("more states than are kept: they are forgotten, and the answer stays right", () => {
    const text = Array.from({ length: 3000 }, (_, index) => (((index * 2654435761) >>> 7) & 1 ? "a" : "b")).join("");
    const lines = [`${text}c`, `${text}a${"b".repeat(12)}c`, text];
    expect(matches("a[ab]{12}c", lines)).toEqual(matchesOf(/a[ab]{12}c/su, lines));
    expect(matches("\\b[ab]*a[ab]{12}c\\b", lines)).toEqual(matchesOf(/\b[ab]*a[ab]{12}c\b/su, lines));
  });
});

test("an instance that is called again gives back what it took", () => {
  const call = tool.instantiate()["glovebox:std/process@0.1.0"]?.filter;
  const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`);
  // A call takes more than 1 MiB: without giving it back, these would need more than 32 bits can address.
  for (let round = 0; round < 5000; round++) call?.(lines, "e [0-4]", 0);
  expect(call?.(lines, "e [0-4]", 0)).toEqual(filter(lines, "e [0-4]", 0));
});
