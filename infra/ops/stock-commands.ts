import { type CountRow, gather, sumOf } from "../../shared/inventory/count.ts";
import { type BatchCodes, type Difference, wrongTotals } from "../../shared/inventory/differences.ts";
import type { OperatorAnswer, OperatorCall, Send } from "./client.ts";
import type { Command, Given, Options } from "./command.ts";
import { costOf, costOptions } from "./cost-options.ts";
import { isPlain, layoutOf, layoutOptions } from "./layout-options.ts";
import { STANDARD_INPUT } from "./named-file.ts";
import { answersOf, stoppedAfter } from "./paged.ts";
import { readCodesText, readJson, readText } from "./read-file.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";

const product: Options = { product: { required: true, about: "the product's id", fields: ["/path/productId"] } };
const code: Options = {
  ...product,
  number: { about: "the number that goes with the code" },
  "secret-file": { about: "the code alone; -, or nothing said: from standard input", fields: ["/secret"] },
  file: { local: true, about: "JSON: number?, secret; instead of the two" },
};

const ofProduct = ({ options }: Given, rest: string): string =>
  `/admin/v1/products/${encodeURIComponent(options["product"] ?? "")}/${rest}`;

const post = (given: Given, rest: string, json: unknown): OperatorCall => ({
  method: "POST",
  path: ofProduct(given, rest),
  json,
});
/** A code is nothing for a command line, which others can see: it comes from a file or from standard input. */
async function codeIn({ options: { number, "secret-file": secretFile, file } }: Given): Promise<unknown> {
  if (file === undefined) {
    const secret = (await readText(secretFile ?? STANDARD_INPUT)).replace(/\r?\n$/, "");
    return { secret, ...(number === undefined ? {} : { number }) };
  }
  if ((number ?? secretFile) !== undefined)
    throw new WrongUsage("--file says all: leave out --number and --secret-file.");
  return readJson(file);
}

const aboutCode = (rest: string): Command => ({
  options: code,
  call: async (given) => post(given, rest, await codeIn(given)),
});

type Page = { nextCursor: string | null };

/** Asks page after page until there are no more, or one is refused. */
async function pagesOf<P extends Page>(given: Given, send: Send, rest: string): Promise<P[] | OperatorAnswer> {
  const pages: P[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = cursor === undefined ? {} : { cursor };
    const answer = await send({ method: "GET", path: ofProduct(given, rest), query });
    if (!answer.ok) return answer;
    const body = answer.body as P;
    pages.push(body);
    cursor = body.nextCursor;
  }
  return pages;
}

/** The count of all pages: no page of it alone is the truth. */
async function countAll(given: Given, send: Send): Promise<OperatorAnswer> {
  const pages = await pagesOf<Page & { imported: number; rows: CountRow[] }>(given, send, "stock");
  if (!Array.isArray(pages)) return pages;
  const rows = gather(pages.flatMap((page) => page.rows));
  return { ok: true, status: 200, body: { imported: pages[0]?.imported ?? 0, ...sumOf(rows), rows } };
}

type RestoreStep = {
  sold: number;
  withheld: number;
  moved: number;
  lost: number;
  lostOrders: ToSettle[];
  ordersWithoutGoods: ToSettle[];
};
type ToSettle = { orderId: string };

/** Step after step until stock is true; an order that several steps speak of is named once, as it was last. */
async function restoreAll({ options }: Given, send: Send): Promise<OperatorAnswer> {
  const json = { since: options["since"], margin: wholeNumber("margin", options["margin"]) };
  const sum = { sold: 0, withheld: 0, moved: 0, lost: 0 };
  const lostOrders = new Map<string, ToSettle>();
  const ordersWithoutGoods = new Map<string, ToSettle>();
  const toSettle = () => ({
    lostOrders: [...lostOrders.values()],
    ordersWithoutGoods: [...ordersWithoutGoods.values()],
  });
  const call = { method: "POST", path: "/admin/v1/stock-restorations", json } as const;
  for await (const { answer, query } of answersOf(send, call)) {
    const isFirst = query["cursor"] === undefined;
    if (!answer.ok) return isFirst ? answer : stoppedAfter(answer, { ...sum, ...toSettle(), ...query });
    const step = answer.body as RestoreStep;
    for (const key of ["sold", "withheld", "moved", "lost"] as const) sum[key] += step[key];
    for (const order of step.lostOrders) lostOrders.set(order.orderId, order);
    for (const order of step.ordersWithoutGoods) ordersWithoutGoods.set(order.orderId, order);
  }
  return { ok: true, status: 200, body: { ...sum, ...toSettle() } };
}

async function releaseAll(given: Given, send: Send): Promise<OperatorAnswer> {
  let released = 0;
  const call = { method: "POST", path: ofProduct(given, "withheld-codes/releases") } as const;
  for await (const { answer, query } of answersOf(send, call)) {
    if (!answer.ok) return query["cursor"] === undefined ? answer : stoppedAfter(answer, { released });
    released += (answer.body as { released: number }).released;
  }
  return { ok: true, status: 200, body: { released } };
}

type VerifiedPage = Page & { slots: number; codes: BatchCodes[]; differences: Difference[] };
type BatchPage = Page & { data: { batchId: string; imported: number; left: number; leftFrozen: number }[] };

/** All pages, and whether they have all codes of each batch: no page of them alone can tell. */
async function verifyAll(given: Given, send: Send): Promise<OperatorAnswer> {
  const pages = await pagesOf<VerifiedPage>(given, send, "stock/verification");
  if (!Array.isArray(pages)) return pages;
  const batches = await pagesOf<BatchPage>(given, send, "batches");
  if (!Array.isArray(batches)) return batches;
  const slots = pages.reduce((sum, page) => sum + page.slots, 0);
  const totals = wrongTotals(
    pages.flatMap(({ codes }) => codes),
    batches.flatMap(({ data }) => data),
  );
  return {
    ok: true,
    status: 200,
    body: { slots, differences: [...pages.flatMap((page) => page.differences), ...totals] },
  };
}

/** How many codes of a batch are there to be voided. */
async function voidsBatch(given: Given, send: Send): Promise<string> {
  const batches = await pagesOf<BatchPage>(given, send, "batches");
  const { batch: id } = given.options;
  const found = Array.isArray(batches)
    ? batches.flatMap(({ data }) => data).find(({ batchId }) => batchId === id)
    : undefined;
  const many = found === undefined ? "all codes that are left" : `${found.left + found.leftFrozen} codes`;
  return `It voids ${many} of batch ${id}: they are never sold.`;
}

async function voidsExpired(given: Given, send: Send): Promise<string> {
  const { body } = await countAll(given, send);
  return `It voids ${(body as { expired?: number }).expired ?? "all"} expired codes of ${given.options["product"]}.`;
}

/** What an operator does with stock that takes more than one call, or a file. */
export const stockCommands: Record<string, Command> = {
  "stock import": {
    answers: "by line",
    options: {
      ...product,
      file: { required: true, local: true, about: "CSV: number?, secret, expiresAt?" },
      ...layoutOptions,
      ...costOptions,
      "dry-run": { flag: true, about: "only say what would happen" },
    },
    call: async (given) => ({
      method: "POST",
      path: ofProduct(given, "stock-imports"),
      query: {
        ...(given.options["dry-run"] === undefined ? {} : { dryRun: "true" }),
        ...(isPlain(given) ? {} : { layout: JSON.stringify(layoutOf(given)) }),
        ...(given.options["cost"] === undefined ? {} : { unitCost: JSON.stringify(costOf(given)) }),
        ...(given.options["supplier"] === undefined ? {} : { supplierId: given.options["supplier"] }),
      },
      csv: await readCodesText(given.options["file"], given.options["encoding"]),
    }),
  },
  "stock count": { options: product, run: countAll },
  "stock verify": { options: product, run: verifyAll },
  "stock restore": {
    options: {
      since: { required: true, about: "the moment to which the inventory table was restored, as 2026-11-25T19:20:00Z" },
      margin: { about: "codes behind the last known sale of each range to withhold; 20" },
    },
    run: restoreAll,
  },
  "stock release-withheld": {
    asks: {
      isBulk: () => true,
      effect: ({ options }) => `It puts all codes of ${options["product"]} that a restore has withheld back on sale.`,
    },
    options: product,
    run: releaseAll,
  },
  "stock void": {
    asks: { effect: voidsBatch },
    options: { ...product, batch: { required: true, about: "the batch's id", fields: ["/path/batchId"] } },
    call: (given) =>
      post(given, `batches/${encodeURIComponent(given.options["batch"] ?? "")}/state`, { state: "void" }),
  },
  "stock void-expired": {
    asks: { isBulk: () => true, effect: voidsExpired },
    options: product,
    call: (given) => post(given, "void-expired", undefined),
  },
  "stock find": aboutCode("codes/searches"),
  "stock void-code": { ...aboutCode("codes/voids"), asks: { effect: () => "It voids one code." } },
};
