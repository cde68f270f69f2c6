#!/usr/bin/env node
// Starts the command line, or says in one line why it cannot. Plain JavaScript, so that an old Node can read it and say so too.
const NEEDED = 24;

const USAGE = 64; // as host/cli/exit-codes.ts has it

const explain = (line) => {
  process.stderr.write(`glovebox: ${line}\n`);
  process.exitCode = USAGE;
};

const found = process.versions.node;
if (Number.parseInt(found, 10) < NEEDED) {
  explain(`this is Node ${found}, and Node ${NEEDED} or newer is needed (https://nodejs.org)`);
} else {
  import("../dist/host/cli/main.js").then(
    (cli) => cli.runProcess(),
    (error) => {
      const unbuilt = error.code === "ERR_MODULE_NOT_FOUND" && String(error.url).includes("/dist/host/cli/main.js");
      if (unbuilt) explain("it is not built yet: run `npm run build` first");
      else if (process.env.GLOVEBOX_DEBUG) explain(error.stack);
      else explain(`it could not be loaded: ${error.message.split("\n")[0]} (set GLOVEBOX_DEBUG=1 for details)`);
    },
  );
}
