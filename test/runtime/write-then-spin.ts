// A host to be killed: runs a plan that writes files and then loops for as long as it lives.

import { openGlovebox } from "../../host/index.ts";

const [workspace = "", tools = "", cacheDirectory = ""] = process.argv.slice(2);
const glovebox = await openGlovebox({ workspace, tools: [tools], cacheDirectory });
const steps = [
  { action: "file.write", params: { path: "/project/kept/a.txt", text: "changed\n" } },
  { action: "test/hostile.write_then_spin", params: { path: "/project/new.txt", text: "new\n" } },
];
const limits = { fuel: 100_000_000_000_000 };
const scope = { scope: "test", actions: ["*"], filesystem: [{ path: "/project", access: "write" }], limits };
await glovebox.run({ value: { plan_id: "killed", steps } }, { value: scope, directory: workspace });
