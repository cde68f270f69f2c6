// The tools of an office agent: mail, money, a calendar, a shared drive, beside files and text. As tools would export them.

import type { Action } from "../../../host/contract/types.ts";
import type { ValueRule } from "../../../host/scope/types.ts";
import { ACTIONS } from "./actions.ts";

function external(name: string, parameters: Readonly<Record<string, "string" | "u32">>): Action {
  const [first] = ACTIONS;
  if (first === undefined) throw new Error("no actions");
  return {
    ...first,
    name,
    parameters: Object.entries(parameters).map(([parameter, kind]) => ({ name: parameter, type: { kind } })),
    output: null,
    effect: "irreversible",
    idempotent: false,
    paths: {},
  };
}

export const OFFICE_ACTIONS: readonly Action[] = [
  ...ACTIONS,
  external("bank.transfer", { to: "string", amount: "u32", subject: "string" }),
  external("calendar.invite", { who: "string", title: "string" }),
  external("drive.share", { file: "string", with: "string" }),
  external("account.set_password", { user: "string", password: "string" }),
  external("shell.exec", { command: "string" }),
  external("chat.post", { channel: "string", text: "string" }),
  external("git.push", { remote: "string", branch: "string" }),
  external("order.place", { item: "string", quantity: "u32", address: "string" }),
  external("travel.book", { hotel: "string", nights: "u32", price: "u32" }),
  external("door.unlock", { door: "string", minutes: "u32" }),
  external("account.delete", { user: "string" }),
];

/** A file that must not get out, and a folder that everyone sees. */
export const FILESYSTEM: readonly object[] = [
  { path: "/project", access: "write" },
  { path: "/project/private", access: "read", flow: "private" },
  { path: "/project/www", access: "write", flow: "public" },
];

interface RuleEntry {
  readonly action: string;
  readonly max_calls?: number;
  readonly params?: Readonly<Record<string, ValueRule>>;
}

/** What a person would write for each of the actions that let something out. */
export const OFFICE_RULES: Readonly<Record<string, RuleEntry>> = {
  mail: { action: "mail.send", max_calls: 2, params: { to: { matches: "[a-z]+@corp\\.example" } } },
  bank: {
    action: "bank.transfer",
    max_calls: 1,
    params: { to: { one_of: ["DE-RENT", "DE-POWER"] }, amount: { at_most: 1500 } },
  },
  calendar: { action: "calendar.invite", max_calls: 3, params: { who: { matches: "[a-z]+@corp\\.example" } } },
  drive: { action: "drive.share", max_calls: 1, params: { with: { one_of: ["team"] } } },
  chat: { action: "chat.post", max_calls: 2, params: { channel: { one_of: ["#team", "#ops"] } } },
  git: {
    action: "git.push",
    max_calls: 1,
    params: { remote: { one_of: ["origin"] }, branch: { prefix: "feature/" } },
  },
  order: {
    action: "order.place",
    max_calls: 2,
    params: { item: { one_of: ["coffee", "paper"] }, quantity: { at_most: 10 }, address: { one_of: ["office"] } },
  },
  travel: {
    action: "travel.book",
    max_calls: 1,
    params: { hotel: { one_of: ["inn", "lodge"] }, nights: { at_most: 3 }, price: { at_most: 400 } },
  },
  door: { action: "door.unlock", max_calls: 1, params: { door: { one_of: ["office"] }, minutes: { at_most: 5 } } },
};
