import { Listed } from "../../shared/catalog/model.ts";
import { CURRENCIES } from "../../shared/kernel/currencies.ts";
import type { Command, Given, Options } from "./command.ts";
import { MONEY, moneyOf } from "./money.ts";
import { productCommands } from "./product-commands.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";

const page: Options = { limit: { about: "items on a page" }, cursor: { about: "nextCursor of the page before" } };
const pageOf = ({ options: { limit, cursor } }: Given): Record<string, string> => ({
  ...(limit === undefined ? {} : { limit }),
  ...(cursor === undefined ? {} : { cursor }),
});

const ofProduct = (id: string | undefined, rest: string): string =>
  `/admin/v1/products/${encodeURIComponent(id ?? "")}/${rest}`;
const syncsOf = (id: string): string => `/admin/v1/suppliers/${encodeURIComponent(id)}/syncs`;

/** The fields of a rule that the options name. The API keeps all others as they are; a new rule needs all but `--off`. */
function restockIn(given: Given): object {
  const { options } = given;
  if (options["on"] !== undefined && options["off"] !== undefined)
    throw new WrongUsage("--on and --off contradict each other.");
  const amount = (name: string) => (options[name] === undefined ? undefined : moneyOf(given, name));
  if (options["currency"] === undefined && (amount("max-cost") ?? amount("daily-budget")) !== undefined)
    throw new WrongUsage("Missing: --currency, of the amount.");
  return {
    below: wholeNumber("below", options["below"]),
    quantity: wholeNumber("quantity", options["quantity"]),
    supplierId: options["supplier"],
    supplierProductId: options["supplier-product"],
    maxCost: amount("max-cost"),
    dailyBudget: amount("daily-budget"),
    closes: options["closes"],
    isOn: options["on"] === undefined ? (options["off"] === undefined ? undefined : false) : true,
  };
}

/** What an operator does with products, what suppliers sell, and the rates between. */
export const catalogueCommands: Record<string, Command> = {
  ...productCommands,
  "products list": {
    options: page,
    call: (given) => ({ method: "GET", path: "/admin/v1/products", query: pageOf(given) }),
  },
  "products listing": {
    argument: "PRODUCT",
    options: {
      is: { required: true, about: "listed, paused or draft", choices: Listed.options, fields: ["/listing"] },
    },
    call: ({ argument, options }) => ({
      method: "POST",
      path: ofProduct(argument, "listing"),
      json: { listing: options["is"] },
    }),
  },
  "restock set": {
    argument: "PRODUCT",
    options: {
      below: { about: "fewer codes than this left, and it buys" },
      quantity: { about: "so many at a time" },
      supplier: { about: "the supplier's id", fields: ["/supplierId"] },
      "supplier-product": { about: "what the supplier calls it", fields: ["/supplierProductId"] },
      "max-cost": { about: `${MONEY}: it stops while a piece costs more` },
      "daily-budget": { about: MONEY },
      currency: {
        choices: CURRENCIES,
        about: "ISO 4217, of both; needed beside an amount",
        fields: ["/maxCost/currency", "/dailyBudget/currency"],
      },
      off: { flag: true, about: "keep the rule, and buy nothing" },
      closes: { about: "the reference of a stuck purchase that you have settled with the supplier" },
      on: { flag: true, about: "buy again" },
    },
    amounts: (given) => [moneyOf(given, "max-cost"), moneyOf(given, "daily-budget")],
    call: (given) => ({
      method: "POST",
      path: ofProduct(given.argument, "restock"),
      json: restockIn(given),
    }),
  },
  "restock show": {
    argument: "PRODUCT",
    options: {},
    call: ({ argument }) => ({ method: "GET", path: ofProduct(argument, "restock") }),
  },
  "rates set": {
    options: {
      from: { required: true, choices: CURRENCIES, about: "ISO 4217: what suppliers ask" },
      to: { required: true, choices: CURRENCIES, about: "ISO 4217: what we sell in" },
      rate: { required: true, about: "what one unit costs, as in 7.1234" },
    },
    call: ({ options: { from, to, rate } }) => ({
      method: "POST",
      path: "/admin/v1/rates",
      json: { from, to, rate },
    }),
  },
  "rates list": { options: {}, call: () => ({ method: "GET", path: "/admin/v1/rates" }) },
  "suppliers sync": {
    argument: "SUPPLIER",
    options: {},
    call: ({ argument }) => ({ method: "POST", path: syncsOf(argument) }),
  },
  "suppliers changes": {
    argument: "SUPPLIER",
    options: page,
    call: (given) => ({ method: "GET", path: syncsOf(given.argument), query: pageOf(given) }),
  },
};
