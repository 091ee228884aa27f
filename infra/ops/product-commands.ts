import { ProductKind } from "../../shared/catalog/kinds.ts";
import { type ProductVersion, type Source, type SupplierSource, sellsFromStock } from "../../shared/catalog/model.ts";
import { Strategy } from "../../shared/catalog/new-product.ts";
import { CURRENCY } from "./choices.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given, Options } from "./command.ts";
import { DURATION, secondsOf } from "./duration.ts";
import { amountOf, MONEY, moneyOf, type Said } from "./money.ts";
import { details, detailsIn } from "./product-details.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";

const content: Options = {
  kind: { required: true, about: "code, topup, link, booking, licence or qr", choices: ProductKind.options },
  name: { required: true, about: "what buyers see" },
  price: { required: true, about: MONEY },
  currency: { required: true, ...CURRENCY, fields: ["/price/currency"] },
};

/** What a product may have, and be without. */
const rules: Options = {
  "retail-price": { about: `what buyers pay at checkout, ${MONEY}; the price, unless said` },
  stock: { flag: true, about: "sell from our own stock too, before the supplier", fields: ["/sources/stock"] },
  supplier: {
    about: "the supplier's id; several: comma-separated, with as many --supplier-product",
    fields: ["/sources"],
  },
  "supplier-product": { about: "what the supplier calls it", fields: ["/sources/supplierProductId"] },
  unguarded: {
    flag: true,
    about: "buy from these suppliers also while nobody knows what it costs",
    fields: ["/sources/unguarded"],
  },
  strategy: { about: "priority, cheapest or weighted", choices: Strategy.options },
  "limit-order": { about: "pieces in one order", fields: ["/limits/perOrder"] },
  "limit-buyer": {
    about: "pieces for each buyer, as in 2/day; or /hour, /week, /month, /ever",
    fields: ["/limits/perBuyer"],
  },
  "limit-channel": { about: "pieces for each channel, likewise", fields: ["/limits/perChannel"] },
  "limit-total": { about: "pieces in all, likewise", fields: ["/limits/total"] },
  "limit-clock": {
    about: "by which clocks periods begin, as an offset from UTC: +08:00",
    fields: ["/limits/utcOffset"],
  },
  hold: { about: `how long an order that is paid later keeps its codes, ${DURATION}; 15m`, fields: ["/holdSeconds"] },
  "shares-codes": { flag: true, about: "its codes may be in stock of other products too: imports don't compare them" },
  "deliver-within": { about: `the promise to buyers, after payment, ${DURATION}`, fields: ["/deliverWithinSeconds"] },
  "when-late": { about: "wait, or review at once", choices: ["wait", "review"] },
};

/** The rules that a change may take away, by the option that says so. */
const removable = Object.keys(rules).filter((name) => name !== "supplier-product");
const removals: Options = {
  ...Object.fromEntries(removable.map((name) => [`no-${name}`, { flag: true, about: `take --${name} away` }])),
  "no-limits": { flag: true, about: "take all limits away" },
};

const optional = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, required: false }]));

/** As in `2/day`. */
function counted(name: string, text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const [quantity = "", per, ...more] = text.split("/");
  if (more.length > 0) throw new WrongUsage(`--${name} is a quantity and one period, as in 2/day.`);
  return { quantity: wholeNumber(name, quantity), per };
}

/** The value of a rule: null to take it away, undefined when nothing is said of it. */
function ruleIn<T>({ options }: Given, name: string, value: (text: string | undefined) => T): T | null | undefined {
  if (options[`no-${name}`] === undefined) return value(options[name]);
  if (options[name] !== undefined) throw new WrongUsage(`--${name} and --no-${name} contradict each other.`);
  return null;
}

const isSaid = (value: unknown): boolean => value !== undefined;
const text = (said: string | undefined): string | undefined => said;

function limitsIn(given: Given): object | null | undefined {
  const count = (name: string) => ruleIn(given, name, (said) => counted(name, said));
  const limits = {
    perOrder: ruleIn(given, "limit-order", (said) => wholeNumber("limit-order", said)),
    perBuyer: count("limit-buyer"),
    perChannel: count("limit-channel"),
    total: count("limit-total"),
    utcOffset: ruleIn(given, "limit-clock", text),
  };
  const isOne = Object.values(limits).some(isSaid);
  if (given.options["no-limits"] === undefined) return isOne ? limits : undefined;
  if (isOne) throw new WrongUsage("--no-limits takes all limits away: say nothing else of limits.");
  return null;
}

/** All that a command line says of a product, but for its sources. */
const said = (given: Given): object => ({
  kind: given.options["kind"],
  name: given.options["name"],
  strategy: ruleIn(given, "strategy", text),
  limits: limitsIn(given),
  holdSeconds: ruleIn(given, "hold", (time) => secondsOf("hold", time)),
  sharesCodes: ruleIn(given, "shares-codes", (flag) => (flag === undefined ? undefined : true)),
  deliverWithinSeconds: ruleIn(given, "deliver-within", (time) => secondsOf("deliver-within", time)),
  whenLate: ruleIn(given, "when-late", text),
});

function suppliersIn({ options: { supplier, "supplier-product": theirs, unguarded } }: Given): SupplierSource[] {
  const [suppliers = [], products = []] = [supplier?.split(","), theirs?.split(",")];
  if (suppliers.length !== products.length)
    throw new WrongUsage("--supplier and --supplier-product must name as many of each.");
  const guard = unguarded === undefined ? {} : { unguarded: true };
  return suppliers.map((supplierId, index) => ({ supplierId, supplierProductId: products[index] ?? "", ...guard }));
}

/** A product as the options describe it. */
async function product(given: Given): Promise<object> {
  const stock = given.options["stock"] === undefined ? [] : [{ stock: true }];
  const suppliers = suppliersIn(given);
  if (given.options["unguarded"] !== undefined && suppliers.length === 0) throw unguardedNobody();
  const sources = [...stock, ...suppliers];
  const retailPrice = given.options["retail-price"] === undefined ? undefined : moneyOf(given, "retail-price");
  return {
    ...(await detailsIn(given)),
    ...said(given),
    price: moneyOf(given, "price"),
    retailPrice,
    ...(sources.length === 0 ? {} : { sources }),
  };
}

const unguardedNobody = () => new WrongUsage("--unguarded is about suppliers, and there is none to buy from.");

const isSupplier = (source: Source): source is SupplierSource => "supplierId" in source;

/**
 * The sources as a change leaves them: suppliers and stock are named each by themselves, and a supplier's product that stays keeps
 * what was agreed on it. Undefined: nothing is said of them.
 */
function sourcesAfter(given: Given, before: ProductVersion): Source[] | undefined {
  const stock = ruleIn(given, "stock", (flag) => (flag === undefined ? undefined : true));
  const suppliers = ruleIn(given, "supplier", () => suppliersIn(given));
  const isOther = suppliers === null || (suppliers !== undefined && suppliers.length > 0);
  const unguarded = ruleIn(given, "unguarded", (flag) => (flag === undefined ? undefined : true));
  if (stock === undefined && !isOther && unguarded === undefined) return undefined;
  const known = (before.sources ?? []).filter(isSupplier);
  const next = isOther ? (suppliers ?? []).map((one) => known.find((other) => isSame(one, other)) ?? one) : known;
  if (unguarded === true && next.length === 0) throw unguardedNobody();
  const isStocked = stock === undefined ? sellsFromStock(before) : stock === true;
  const after = [...(isStocked ? [{ stock: true as const }] : []), ...next.map((one) => guarded(one, unguarded))];
  if (after.length === 0) throw new WrongUsage("That leaves nothing to sell it from.");
  return after;
}

/** Whether a supplier is bought from at unknown cost: as it is said, or as it was. */
function guarded({ unguarded: before, ...source }: SupplierSource, said: true | null | undefined): SupplierSource {
  const is = said === undefined ? before : said === true;
  return is === true ? { ...source, unguarded: true } : source;
}

const isSame = (a: SupplierSource, b: SupplierSource): boolean =>
  a.supplierId === b.supplierId && a.supplierProductId === b.supplierProductId;

/** The price that a change names. Without a currency it is in the one that the product has. */
function priceIn({ options: { price, currency } }: Given, before: ProductVersion): Said | undefined {
  if (price === undefined && currency !== undefined) throw new WrongUsage("--currency needs --price beside it.");
  return price === undefined
    ? undefined
    : { amount: amountOf("price", price, currency ?? before.price.currency), currency };
}

/** The retail price that a change names, in the currency of the price. Null: it is the price again. */
const retailIn = (given: Given, currency: string): Said | null | undefined =>
  ruleIn(given, "retail-price", (said) =>
    said === undefined ? undefined : { amount: amountOf("retail-price", said, currency), currency },
  );

type Page = { data: ProductVersion[] };

async function currentOf({ argument: productId }: Given, send: Send) {
  const found = await send({ method: "GET", path: "/admin/v1/products", query: { productId } });
  return { found, current: found.ok ? (found.body as Page).data[0] : undefined };
}

async function changedPrices(given: Given, send: Send): Promise<Said[]> {
  if (given.options["price"] === undefined && given.options["retail-price"] === undefined) return [];
  const { current } = await currentOf(given, send);
  if (current === undefined) return [];
  const price = priceIn(given, current);
  const currency = price?.currency ?? current.price.currency;
  const retail = retailIn(given, currency) ?? undefined;
  return [price, retail].flatMap((said) => (said === undefined ? [] : [{ ...said, currency }]));
}

/** Changes what is named, and prints the product with what was before and is after. */
async function change(given: Given, send: Send): Promise<OperatorAnswer> {
  const { argument: id, options } = given;
  if (Object.values(options).every((value) => value === undefined)) throw new WrongUsage("Say what to change.");
  const named = said(given);
  suppliersIn(given);
  const { found, current } = await currentOf(given, send);
  if (current === undefined) return found;
  const price = priceIn(given, current);
  const path = `/admin/v1/products/${encodeURIComponent(id)}/versions`;
  const retailPrice = retailIn(given, price?.currency ?? current.price.currency);
  const json = {
    base: current.version,
    change: { ...(await detailsIn(given)), ...named, price, retailPrice, sources: sourcesAfter(given, current) },
  };
  return send({ method: "POST", path, json });
}

/** What an operator says of a product. */
export const productCommands: Record<string, Command> = {
  "products create": {
    takesKey: true,
    amounts: (given) => [moneyOf(given, "price"), moneyOf(given, "retail-price")],
    options: { ...content, ...rules, ...details },
    call: async (given) => ({ method: "POST", path: "/admin/v1/products", json: await product(given) }),
  },
  "products change": {
    takesKey: true,
    amounts: changedPrices,
    argument: "PRODUCT",
    options: { ...optional(content), ...rules, ...details, ...removals },
    run: change,
  },
};
