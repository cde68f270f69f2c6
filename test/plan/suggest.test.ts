import { expect, test } from "vitest";
import type { Action } from "../../host/contract/types.ts";
import type { NetworkExchange } from "../../host/hooks.ts";
import { type Audit, suggestScope } from "../../host/plan/suggest.ts";
import { parseScope } from "../../host/scope/parse.ts";
import { ACTIONS } from "./support/actions.ts";

const httpGet = ACTIONS.find(({ name }) => name === "http.get") as Action;

function exchange(method: string, url: string): NetworkExchange {
  const sizes = { request_bytes: 0, request_digest: null, response_bytes: 0, response_digest: null };
  return { method, url, address: "192.0.2.1", outcome: "response", error: null, status: 200, ...sizes };
}

function suggested(audit: Partial<Audit>): ReturnType<typeof suggestScope> {
  const usage = { fuel: 1, cpu_ms: 1, memory_mb: 1, io_operations: 0, io_bytes: 0, host_calls: 0 };
  const ceiling = parseScope({ value: { actions: ["*"] } });
  return suggestScope({ name: "tried", ceiling, calls: [], exchanges: [], usage, ...audit });
}

test("the network that is suggested is what was asked of it, with its methods, and not what parameters name", () => {
  const { network } = suggested({
    calls: [{ action: httpGet, params: { url: "https://registry.example.com/" }, made: true }],
    exchanges: [
      exchange("GET", "https://registry.example.com/left-pad/-/left-pad-1.0.0.tgz"),
      exchange("POST", "https://registry.example.com/hooks"),
      exchange("GET", "http://files.example.com:8080/a?b=c"),
      exchange("CONNECT", "tcp://192.0.2.1:5432"),
    ],
  });
  expect(network).toEqual([
    {
      host: "registry.example.com",
      ports: [443],
      methods: ["GET", "POST"],
      paths: ["/hooks", "/left-pad/-/left-pad-1.0.0.tgz"],
    },
    { host: "files.example.com", ports: [8080], methods: ["GET"], paths: ["/a"] },
  ]);
});

test("of a call that was not made, the plan is all that tells", () => {
  const calls = [{ action: httpGet, params: { url: "https://example.com/a" }, made: false }];
  expect(suggested({ calls }).network).toEqual([{ host: "example.com", ports: [443], paths: ["/a"] }]);
});
