import { expect, test } from "vitest";
import { renderProtections } from "../../host/cli/render/protections.ts";
import { createView } from "../../host/cli/render/view.ts";
import { inProcess } from "./glovebox.ts";

test("doctor prints one line for each protection, and ends with 0 where all that are promised hold", async () => {
  const { code, stdout } = await inProcess(["doctor"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^no writes {2,}holds {2}/m);
});

test("doctor --json prints one document", async () => {
  const { stdout } = await inProcess(["doctor", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    protections: [{ name: "no reads", holds: true, required: true }, {}, {}, {}, {}, {}, {}],
  });
});

test("a wall that is promised and does not stand is told from one that is only good to have", () => {
  const text = renderProtections(createView(80, false), [
    { name: "no writes", holds: false, required: true, about: "one" },
    { name: "no network, by the kernel", holds: false, required: false, about: "two" },
  ]);
  expect(text).toMatch(/no writes +FAILS +one/);
  expect(text).toMatch(/by the kernel +absent +two/);
  expect(text).toContain("1 of the walls that are promised");
});
