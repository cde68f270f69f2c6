// The executor of tests, the edge and trusted tools: calls run in this thread. Fuel bounds them; a deadline is only noticed when a call ends,
// or waits for the network.
// It must not import Node.

import type { CallRequest, CallResponse, NetworkSender, Session } from "./protocol.ts";
import { type AskNetwork, type CallContext, runCall } from "./run-call.ts";
import { cancelled, deadlineExceeded } from "./stopped.ts";

/** Why what a call still waits for is ended. A constant, since the reason that is made otherwise costs more than a short call. */
const OVER = "the call is over";

/** Opens a session whose calls run here. `now` is monotonic, in milliseconds. */
export function openInlineSession(context: CallContext, now: () => number, send: NetworkSender): Session {
  return {
    call: async (request, signal) => {
      const ended = new AbortController();
      const end = (): void => ended.abort(OVER);
      const { timeoutMs } = request.budget;
      const startedAt = now();
      let rang = false;
      const timer = setTimeout(() => {
        rang = true;
        end();
      }, timeoutMs);
      const isLate = (): boolean => rang || now() - startedAt > timeoutMs;
      signal.addEventListener("abort", end, { once: true });
      try {
        const network: AskNetwork = (asked) => send(asked, ended.signal, request.sequence);
        return await callInline(request, signal, { ...context, network }, isLate);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        end();
      }
    },
    close: async () => undefined,
  };
}

async function callInline(
  request: CallRequest,
  signal: AbortSignal,
  context: CallContext,
  isLate: () => boolean,
): Promise<CallResponse> {
  if (signal.aborted) throw cancelled();
  const outer = context.files.writable?.savepoint();
  const response = await runCall(request, context, false);
  const late = isLate();
  if (late || signal.aborted) outer?.rollback();
  else outer?.release();
  if (signal.aborted) throw cancelled();
  return late
    ? {
        ...response,
        reply: { ...response.reply, outcome: { kind: "critical", error: deadlineExceeded(request).toJSON() } },
      }
    : response;
}
