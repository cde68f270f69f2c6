// Appends entries for one agent, each counting on from the last: `node append.ts STATE_DIRECTORY AGENT COUNT`.

import { TrustLedger } from "../../host/trust/ledger-node.ts";

const [state = "", agent = "", count = "0"] = process.argv.slice(2);
const ledger = new TrustLedger(state);
for (let times = 0; times < Number(count); times++) {
  ledger.append(agent, "s", (latest) => ({
    at: "2026-11-22T00:00:00.000Z",
    agent,
    scope: "s",
    plan_id: "p",
    outcome: "clean",
    why: "",
    from: "new",
    to: "new",
    streak: (latest?.streak ?? 0) + 1,
  }));
}
