import { expect, test } from "vitest";
import { loopback, openWeb, serve } from "./web.ts";

test.each(["inline", "process"] as const)("a tool gets what a granted server answers, %s", async (executor) => {
  const { port } = await serve((request, response) => {
    response.setHeader("x-saw", `${request.method} ${request.url} ${request.headers["x-mine"]}`);
    response.end("hello");
  });
  const web = await openWeb(executor);
  const step = await web.send(`http://127.0.0.1:${port}/a?b=c`, {
    network: [loopback(port)],
    request: { headers: [["x-mine", "1"]] },
  });
  expect(step.error).toBeUndefined();
  expect(step.output).toMatchObject({ status: 200, body: "hello" });
});
