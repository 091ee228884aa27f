import { setTimeout as wait } from "node:timers/promises";
import type { StripeSimulator } from "../../test/support/payments/stripe/stripe-simulator.ts";
import { moneyText } from "../ops/money.ts";
import { callStack, type Order, operate, place } from "./call-stack.ts";
import { RETURN_URL } from "./demo-data.ts";
import { Problem } from "./problems.ts";
import type { LocalStack } from "./stack-file.ts";

const LIMIT_MS = 30_000;

/** A step of a payment: when it happened, what it is called, and what it did. */
type Step = { at: string; name: string; what: string };
type Money = { amount: number; currency: string };

/** What the demo has seen itself, by its own clock. */
type Seen = { order: Order; url: string; toldAt: string; paidAt: string; deliveredAt: string };

/** A buyer pays at the simulated Stripe, whose notification brings the order its code. Prints each step of that, with its time. */
export async function sellByCheckout(
  stack: LocalStack,
  stripe: StripeSimulator,
  log: (line: string) => void,
): Promise<void> {
  const seen = await sell(stack);
  const steps = (await stepsOf(stack, stripe, seen)).toSorted((a, b) => a.at.localeCompare(b.at));
  const [first = { at: "" }, last = first] = [steps[0], steps.at(-1)];
  const took = Date.parse(last.at) - Date.parse(first.at);
  log(`Sold a code (${seen.order.id}) in ${took} ms, paid by its buyer at Stripe (simulated). What happened:`);
  for (const { at, name, what } of steps) {
    const after = `+${Date.parse(at) - Date.parse(first.at)} ms`;
    log(`  ${at.slice(11, 23)}  ${after.padStart(8)}  ${name.padEnd(13)} ${what}`);
  }
  log("");
}

const now = (): string => new Date().toISOString();

async function sell(stack: LocalStack): Promise<Seen> {
  const line = { productId: stack.products?.["code"], quantity: 1 };
  const payment = { method: "checkout", provider: "stripe", returnUrl: RETURN_URL };
  let order = await place(stack, "demo-checkout-1", [line], payment);
  const toldAt = now();
  const { url } = order.payment ?? {};
  if (url === undefined) throw new Problem(`Nobody says where to pay: ${JSON.stringify(order)}`);
  const paidAt = now();
  const paid = await fetch(url, { method: "POST" });
  if (!paid.ok) throw new Problem(`The simulated Stripe answered ${paid.status}.`);
  const deadline = Date.now() + LIMIT_MS;
  while (order.state !== "fulfilled" && Date.now() < deadline) {
    await wait(100);
    order = await callStack<Order>(stack, `/v1/orders/${order.id}`);
  }
  if (order.state !== "fulfilled") throw new Problem(`What was paid did not arrive: ${JSON.stringify(order)}`);
  return { order, url, toldAt, paidAt, deliveredAt: now() };
}

/** What operators see of an order, as far as it is told here. */
type Inspected = {
  order: { placedAt: string; heldAt?: string; expiresAt?: string; fundedAt?: string; total: Money };
  money: { entries: Entry[] };
};
type Page<T> = { data: T[]; nextCursor: string | null };
type Entry = {
  name: string;
  at: string;
  bookedAt?: string;
  currency: string;
  legs: { account: string; amount: number }[];
};
type InspectedPayment = { id: string; createdAt: string; amount: Money; received?: Money };

/** Puts together what the shop, the operators and Stripe know of one payment. */
async function stepsOf(stack: LocalStack, stripe: StripeSimulator, seen: Seen): Promise<Step[]> {
  const { id } = seen.order;
  const read = <T>(path: string, query: Record<string, string> = {}) =>
    operate<T>(stack, { method: "GET", path: `/admin/v1${path}`, query });
  const { order, money } = await read<Inspected>(`/orders/${id}`);
  const payments = await read<{ data: InspectedPayment[] }>("/payments", { orderId: id });
  const book = await entriesOf(read, payments.data[0]?.amount.currency ?? "");
  const goods = await callStack<{ data: { number?: string; secret: string }[] }>(
    stack,
    `/v1/orders/${id}/deliverables`,
  );
  const [[payment], [code]] = [payments.data, goods.data];
  if (payment === undefined || code === undefined) throw new Problem("The payment or its code is not there.");
  const paidIn = book.filter(({ name }) => name === `payment:${payment.id}`);
  const { placedAt, heldAt = "", fundedAt = "", expiresAt = "" } = order;
  return [
    { at: placedAt, name: "order", what: `${id} is written down; its buyer pays ${moneyText(payment.amount)}` },
    { at: payment.createdAt, name: "payment", what: `${payment.id} is written down: Stripe knows nothing yet` },
    { at: heldAt, name: "hold", what: `one code is kept for the order until ${expiresAt.slice(11, 19)}` },
    ...atStripe(stripe, payment),
    { at: seen.toldAt, name: "where to pay", what: `the shop has its answer: ${seen.url}` },
    { at: seen.paidAt, name: "buyer pays", what: "on that page" },
    ...[...paidIn, ...money.entries].map(entryStep),
    { at: fundedAt, name: "sold", what: "the payment counts, and the code belongs to the order" },
    { at: seen.deliveredAt, name: "delivered", what: `the shop has the code: ${code.number} ${code.secret}` },
  ];
}

/** Reads our own book of a currency, page by page. */
async function entriesOf(
  read: (path: string, query: Record<string, string>) => Promise<unknown>,
  currency: string,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const asked = cursor === "" ? {} : { cursor };
    const page = (await read(`/ledger/books/platform/${currency}/entries`, asked)) as Page<Entry>;
    entries.push(...page.data);
    cursor = page.nextCursor;
  }
  return entries;
}

/** What Stripe was asked about a payment, and what it has told. */
function atStripe(stripe: StripeSimulator, { id, received }: InspectedPayment): Step[] {
  const [start] = stripe.calls("post /v1/checkout/sessions").filter(({ key }) => key === id);
  const [news] = stripe.told();
  const [question] = stripe
    .calls("get /v1/checkout/sessions/{session}")
    .filter(({ at, path }) => path.includes(stripe.session(id).id) && at > (news?.at ?? ""));
  const paid = received === undefined ? "not paid" : `paid, ${moneyText(received)}`;
  return [
    ...step(start?.at, "start", "Stripe is asked for a page to pay on"),
    ...step(news?.at, "notification", `Stripe tells ${news?.type}, signed; that is a hint, and moves nothing`),
    ...step(question?.at, "question", `so Stripe is asked, and says: ${paid}`),
  ];
}

const step = (at: string | undefined, name: string, what: string): Step[] =>
  at === undefined ? [] : [{ at, name, what }];

/** An entry of the books: its accounts, and what each of them gets (+) or gives (-). */
const entryStep = ({ name, at, bookedAt = at, currency, legs }: Entry): Step => {
  const [kind = ""] = name.split(":");
  const sides = legs.map(
    ({ account, amount }) => `${account} ${amount > 0 ? "+" : ""}${moneyText({ amount, currency })}`,
  );
  return { at: bookedAt, name: "books", what: `entry of the ${kind}: ${sides.join(", ")}` };
};
