// Runs an example some times in this process, over one runtime, and prints the reports as JSON.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openGlovebox } from "../../host/index.ts";

const [example = "", cacheDirectory = "", times = "1"] = process.argv.slice(2);
const source = (name: string): { file: string; text: string } => ({
  file: join(example, name),
  text: readFileSync(join(example, name), "utf8"),
});
const glovebox = await openGlovebox({ workspace: example, cacheDirectory });
const reports = [];
for (let run = 0; run < Number(times); run++)
  reports.push(await glovebox.run(source("plan.json"), source("scope.yaml")));
await glovebox.close();
process.stdout.write(JSON.stringify(reports));
