import { Scope } from "../../shared/channels/table.ts";
import { protocolNames } from "../../shared/suppliers/registry.ts";
import { catalogueCommands } from "./catalogue-commands.ts";
import { CURRENCY } from "./choices.ts";
import { clockCommands } from "./clock-commands.ts";
import type { Command, Given } from "./command.ts";
import { deadLetterCommands } from "./dead-letter-commands.ts";
import { DURATION, secondsOf } from "./duration.ts";
import { findCommands } from "./find-commands.ts";
import { importCommands } from "./import-commands.ts";
import { migrateCommands } from "./migrate-commands.ts";
import { MONEY, moneyOf, moneyText } from "./money.ts";
import { readJson } from "./read-file.ts";
import { reviewCommands } from "./review-commands.ts";
import { settingsCommands } from "./settings-commands.ts";
import { stockCommands } from "./stock-commands.ts";
import { wholeNumber } from "./whole-number.ts";

const payIn = (given: Given): string => {
  const { channel, reference } = given.options;
  return `It pays ${moneyText(moneyOf(given, "amount"))} in to ${channel}, as ${reference}.`;
};

/** Every command of the operator's command line. */
export const commands: Record<string, Command> = {
  ...catalogueCommands,
  ...stockCommands,
  ...importCommands,
  "suppliers create": {
    takesKey: true,
    options: {
      name: { required: true, about: "what we call it" },
      protocol: { required: true, about: protocolNames.join(", "), choices: protocolNames },
      url: { required: true, about: "base URL of its API", fields: ["/baseUrl"] },
      credentials: { required: true, about: "JSON file: the protocol's secrets, as apiKey and webhookSecret" },
      "callback-url": { about: "for protocols that name it with each order" },
      "timeout-ms": { about: "for one call" },
      "answer-within": { about: `until a missing answer is reviewed, ${DURATION}`, fields: ["/answerWithinSeconds"] },
    },
    call: async ({ options }) => {
      const { name, protocol, url: baseUrl, "callback-url": callbackUrl } = options;
      const credentials = await readJson(options["credentials"]);
      const timeoutMs = wholeNumber("timeout-ms", options["timeout-ms"]);
      const answerWithinSeconds = secondsOf("answer-within", options["answer-within"]);
      return {
        method: "POST",
        path: "/admin/v1/suppliers",
        json: { name, protocol, baseUrl, credentials, callbackUrl, timeoutMs, answerWithinSeconds },
      };
    },
  },
  "channels create": {
    takesKey: true,
    options: { name: { required: true, about: "what we call it" } },
    call: ({ options }) => ({ method: "POST", path: "/admin/v1/channels", json: { name: options["name"] } }),
  },
  "channels deposit": {
    asks: { effect: payIn },
    amounts: (given) => [moneyOf(given, "amount")],
    options: {
      channel: { required: true, about: "the channel's id" },
      amount: { required: true, about: MONEY, fields: ["/money"] },
      currency: { required: true, ...CURRENCY, fields: ["/money/currency"] },
      reference: { required: true, about: "of the payment; each counts once" },
    },
    call: (given) => ({
      method: "POST",
      path: `/admin/v1/channels/${encodeURIComponent(given.options["channel"] ?? "")}/deposits`,
      json: { money: moneyOf(given, "amount"), reference: given.options["reference"] },
    }),
  },
  "channels lanes": {
    options: {
      channel: { required: true, about: "the channel's id" },
      currency: { required: true, ...CURRENCY },
      lanes: { required: true, about: "some fifty sales a second each; they never become fewer" },
    },
    call: ({ options }) => ({
      method: "POST",
      path: `/admin/v1/channels/${encodeURIComponent(options["channel"] ?? "")}/lanes`,
      json: { currency: options["currency"], lanes: wholeNumber("lanes", options["lanes"]) },
    }),
  },
  "keys create": {
    takesKey: true,
    options: {
      channel: { required: true, about: "the channel's id" },
      scopes: {
        required: true,
        about: `comma-separated: ${Scope.options.join(", ")}`,
        choices: Scope.options,
        many: true,
      },
    },
    call: ({ options }) => ({
      method: "POST",
      path: `/admin/v1/channels/${encodeURIComponent(options["channel"] ?? "")}/keys`,
      json: { scopes: options["scopes"]?.split(",") },
    }),
  },
  "keys revoke": {
    asks: { effect: ({ options }) => `It revokes the key ${options["key"]}: who uses it is refused from now on.` },
    options: { channel: { required: true, about: "the channel's id" }, key: { required: true, about: "the key's id" } },
    call: ({ options }) => ({
      method: "DELETE",
      path: `/admin/v1/channels/${encodeURIComponent(options["channel"] ?? "")}/keys/${encodeURIComponent(options["key"] ?? "")}`,
    }),
  },
  "orders inspect": {
    argument: "ORDER",
    options: {},
    call: ({ argument }) => ({ method: "GET", path: `/admin/v1/orders/${encodeURIComponent(argument)}` }),
  },
  ...findCommands,
  ...reviewCommands,
  ...settingsCommands,
  ...deadLetterCommands,
  ...migrateCommands,
  ...clockCommands,
};
