// Steps as agents write them. It must not know which of them are good.

import { ref } from "./documents.ts";

export type StepFile = Readonly<Record<string, unknown>>;

export const read = (id: string, path: string): StepFile => ({ id, action: "file.read", params: { path } });
export const write = (path: string, text: unknown): StepFile => ({ action: "file.write", params: { path, text } });
export const filter = (text: string, pattern: string): StepFile => ({
  id: "hits",
  action: "process.filter",
  params: { text, pattern },
});
export const join = (text: string): StepFile => ({ id: "text", action: "process.join", params: { text } });
export const mail = (to: string, text: unknown): StepFile => ({ action: "mail.send", params: { to, text } });
export const pay = (to: string, amount: number): StepFile => ({
  action: "bank.transfer",
  params: { to, amount, subject: "x" },
});
export const post = (channel: string, text: unknown): StepFile => ({ action: "chat.post", params: { channel, text } });
export const order = (item: string, quantity: number, address: string): StepFile => ({
  action: "order.place",
  params: { item, quantity, address },
});
export const unlock = (door: string, minutes: number): StepFile => ({
  action: "door.unlock",
  params: { door, minutes },
});
export const push = (remote: string, branch: string): StepFile => ({ action: "git.push", params: { remote, branch } });
export const fetchPage = (id: string, url: string): StepFile => ({ id, action: "http.get", params: { url } });
export const web = { url: (n: number): string => `https://docs.example.com/api/page${n}` };

/** What the first step of every task gives. */
export const src = ref("steps.src.output");
