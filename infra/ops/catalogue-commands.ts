import type { Command, Given, Options } from "./command.ts";
import { moneyOf } from "./money.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";

const content: Options = {
  kind: { required: true, about: "code, topup, link or booking" },
  name: { required: true, about: "what buyers see" },
  price: { required: true, about: "in minor units" },
  currency: { required: true, about: "ISO 4217" },
  stock: { flag: true, about: "sell from our own stock too, before the supplier" },
  supplier: { about: "the supplier's id; several: comma-separated, with as many --supplier-product" },
  "supplier-product": { about: "what the supplier calls it" },
  unguarded: { flag: true, about: "buy from these suppliers also while nobody knows what it costs" },
  strategy: { about: "priority, cheapest or weighted" },
  "limit-order": { about: "pieces in one order" },
  "limit-buyer": { about: "pieces for each buyer, as in 2/day; or /hour, /week, /month, /ever" },
  "limit-channel": { about: "pieces for each channel, likewise" },
  "limit-total": { about: "pieces in all, likewise" },
  "limit-clock": { about: "by which clocks periods begin, as an offset from UTC: +08:00" },
  hold: { about: "how long an order that is paid later keeps its codes, in seconds; 900" },
  "deliver-within": { about: "the promise to buyers, in seconds after payment" },
  "when-late": { about: "wait, or review at once" },
};

/** As in `2/day`. */
function counted(name: string, text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const [quantity = "", per] = text.split("/");
  return { quantity: wholeNumber(name, quantity), per };
}

function limitsIn({ options }: Given): object | undefined {
  const limits = {
    perOrder: wholeNumber("limit-order", options["limit-order"]),
    perBuyer: counted("limit-buyer", options["limit-buyer"]),
    perChannel: counted("limit-channel", options["limit-channel"]),
    total: counted("limit-total", options["limit-total"]),
    utcOffset: options["limit-clock"],
  };
  return Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined;
}

function suppliersIn({ options: { supplier, "supplier-product": theirs, unguarded } }: Given): object[] {
  const [suppliers = [], products = []] = [supplier?.split(","), theirs?.split(",")];
  if (suppliers.length !== products.length)
    throw new WrongUsage("--supplier and --supplier-product must name as many of each.");
  const guard = unguarded === undefined ? {} : { unguarded: true };
  return suppliers.map((supplierId, index) => ({ supplierId, supplierProductId: products[index], ...guard }));
}

/** A product as the options describe it. */
function product(given: Given): object {
  const { kind, name, strategy, "when-late": whenLate } = given.options;
  const stock = given.options["stock"] === undefined ? [] : [{ stock: true }];
  const sources = [...stock, ...suppliersIn(given)];
  return {
    kind,
    name,
    price: moneyOf(given, "price"),
    ...(sources.length === 0 ? {} : { sources }),
    strategy,
    limits: limitsIn(given),
    holdSeconds: wholeNumber("hold", given.options["hold"]),
    deliverWithinSeconds: wholeNumber("deliver-within", given.options["deliver-within"]),
    whenLate,
  };
}

const page: Options = { limit: { about: "items on a page" }, cursor: { about: "nextCursor of the page before" } };
const pageOf = ({ options: { limit, cursor } }: Given): Record<string, string> => ({
  ...(limit === undefined ? {} : { limit }),
  ...(cursor === undefined ? {} : { cursor }),
});

const ofProduct = (id: string | undefined, rest: string): string =>
  `/admin/v1/products/${encodeURIComponent(id ?? "")}/${rest}`;
const syncsOf = (id: string): string => `/admin/v1/suppliers/${encodeURIComponent(id)}/syncs`;

/** What an operator does with products, what suppliers sell, and the rates between. */
export const catalogueCommands: Record<string, Command> = {
  "products create": {
    options: content,
    call: (given) => ({ method: "POST", path: "/admin/v1/products", json: product(given) }),
  },
  "products list": {
    options: page,
    call: (given) => ({ method: "GET", path: "/admin/v1/products", query: pageOf(given) }),
  },
  "products change": {
    argument: "PRODUCT",
    options: content,
    call: (given) => ({ method: "POST", path: ofProduct(given.argument, "versions"), json: product(given) }),
  },
  "products listing": {
    argument: "PRODUCT",
    options: { is: { required: true, about: "listed, paused or draft" } },
    call: ({ argument, options }) => ({
      method: "POST",
      path: ofProduct(argument, "listing"),
      json: { listing: options["is"] },
    }),
  },
  "restock set": {
    argument: "PRODUCT",
    options: {
      below: { required: true, about: "fewer codes than this left, and it buys" },
      quantity: { required: true, about: "so many at a time" },
      supplier: { required: true, about: "the supplier's id" },
      "supplier-product": { required: true, about: "what the supplier calls it" },
      "max-cost": { required: true, about: "in minor units: it stops while a piece costs more" },
      "daily-budget": { required: true, about: "in minor units" },
      currency: { required: true, about: "ISO 4217, of both" },
      off: { flag: true, about: "keep the rule, and buy nothing" },
      closes: { about: "the reference of a stuck purchase that you have settled with the supplier" },
    },
    call: (given) => ({
      method: "POST",
      path: ofProduct(given.argument, "restock"),
      json: {
        below: wholeNumber("below", given.options["below"]),
        quantity: wholeNumber("quantity", given.options["quantity"]),
        supplierId: given.options["supplier"],
        supplierProductId: given.options["supplier-product"],
        maxCost: moneyOf(given, "max-cost"),
        dailyBudget: moneyOf(given, "daily-budget"),
        isOn: given.options["off"] === undefined,
        ...(given.options["closes"] === undefined ? {} : { closes: given.options["closes"] }),
      },
    }),
  },
  "restock show": {
    argument: "PRODUCT",
    options: {},
    call: ({ argument }) => ({ method: "GET", path: ofProduct(argument, "restock") }),
  },
  "rates set": {
    options: {
      from: { required: true, about: "ISO 4217: what suppliers ask" },
      to: { required: true, about: "ISO 4217: what we sell in" },
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
