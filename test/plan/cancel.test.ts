import { expect, test } from "vitest";
import { accepted } from "./support/documents.ts";
import { failed, ok, run, type World } from "./support/fake-caller.ts";

const STEPS = [
  { id: "write", action: "file.write", params: { path: "/project/new", text: "x" } },
  { id: "open", action: "ticket.open", params: { title: "x" } },
  { id: "read", action: "file.read", params: { path: "/var/log/a.log" }, retries: 1, validation: { max_size_mb: 1 } },
  { id: "count", action: "process.count" },
];

const tools: NonNullable<World["tools"]> = { "file.read": (_args, attempt) => (attempt === 1 ? failed() : ok(["a"])) };

/** Everything that an undisturbed run asks the world for. */
async function moments(): Promise<readonly string[]> {
  return (await run(accepted({ steps: STEPS }), { tools })).log;
}

test("a run asks the world for these things, each a moment to be cancelled at", async () => {
  expect(await moments()).toEqual([
    "call file.write",
    "call ticket.open",
    "stat /var/log/a.log",
    "call file.read",
    "sleep 100",
    "call file.read",
    "call process.count",
    "diff",
    "commit",
  ]);
});

test("H2: cancelled at any moment before the commit, a run ends cancelled and nothing of it remains", async () => {
  const all = await moments();
  for (let moment = 0; moment < all.length - 1; moment += 1) {
    const controller = new AbortController();
    let asked = 0;
    const onAsk = (): void => {
      if (asked === moment) controller.abort();
      asked += 1;
    };
    const { report, log, files } = await run(accepted({ steps: STEPS }), { tools, onAsk, signal: controller.signal });
    // In the middle of an external effect nobody can say whether it happened, and that is said.
    const code = all[moment] === "call ticket.open" ? "COMPENSATION_INCOMPLETE" : "CANCELLED";
    expect(report, all[moment]).toMatchObject({ status: "cancelled", committed: false, error: { code } });
    expect(report.changes).toEqual([]);
    expect([...files.keys()]).toEqual(["/project/kept"]);
    const afterwards = log.slice(moment + 1);
    expect(
      afterwards.filter((what) => what !== "call ticket.close"),
      all[moment],
    ).toEqual(["discard"]);
    expect(log.at(-1)).toBe("discard");
    const opened = report.steps[1];
    expect(opened?.status, all[moment]).toBe(moment < 1 ? "not_run" : moment === 1 ? "unknown" : "rolled_back");
  }
});

test("cancelled before it starts, a run calls nothing", async () => {
  const { report, log } = await run(accepted({ steps: STEPS }), { signal: AbortSignal.abort() });
  expect(report).toMatchObject({ status: "cancelled", rollback: null });
  expect(report.steps.every(({ status }) => status === "not_run")).toBe(true);
  expect(log).toEqual(["discard"]);
});

test("H2: cancelled during the commit, a run is committed whole", async () => {
  const controller = new AbortController();
  const onAsk = (what: string): void => {
    if (what === "commit") controller.abort();
  };
  const { report, files } = await run(accepted({ steps: STEPS }), { tools, onAsk, signal: controller.signal });
  expect(report).toMatchObject({ status: "completed", committed: true });
  expect(files.get("/project/new")).toBe("new");
});
