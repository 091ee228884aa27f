import { listRecords } from "../audit/list.ts";
import type { AuditRecord } from "../audit/table.ts";
import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { isBought, type Line, type Order } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import type { Evidence } from "../payments/dispute-contract.ts";
import type { Payment } from "../payments/model.ts";
import { readPayment } from "../payments/payments.ts";
import type { Dispute } from "./model.ts";

type Deps = Db<"orders" | "audit">;
type Look = Evidence["looks"][number];

/** What the audit trail calls a look at goods. */
const LOOKS: readonly string[] = ["codes_revealed"];

/** Room for the text, in characters. */
const LONGEST_TEXT = 20_000;
const LONGEST_PRODUCT = 1_000;

/**
 * Gathers what we know of a disputed sale, as it was known at a time: made again later, it is the same. The looks come from the audit
 * trail, which only grows.
 */
export async function gatherEvidence(
  deps: Deps,
  { paymentId, orderId, openedAt }: Pick<Dispute, "paymentId" | "orderId" | "openedAt">,
  at: string,
): Promise<Evidence> {
  const payment = await readPayment(deps, paymentId);
  if (payment === undefined) throw new Error(`${paymentId} vanished`);
  const order = orderId === undefined ? undefined : await readOrder(deps, orderId);
  const looks = order === undefined ? [] : await looksAt(deps, order, at);
  return evidenceOf(payment, order, looks, openedAt);
}

/** Reads who has looked at an order's goods until a time, oldest first: the first look, and the newest ones as far as there is room. */
async function looksAt(deps: Deps, { id, revealed }: Order, until: string): Promise<Look[]> {
  const looks: AuditRecord[] = [];
  for (let after: string | undefined; looks.length < LIMITS.looksInEvidence; ) {
    const { records, next } = await listRecords(deps, id, LIMITS.largestPage, after);
    looks.push(...records.filter((one) => LOOKS.includes(one.action) && one.at <= until));
    if (next === null) break;
    after = next;
  }
  const newest = looks.slice(0, LIMITS.looksInEvidence - 1).toReversed();
  const all = newest.map(({ at, by, from }): Look => ({ at, by, ...(from === undefined ? {} : { from }) }));
  // The mark on the order is as old as the first record, which may be one of too many.
  const isThere =
    revealed === undefined || revealed.at > until || all.some(({ by, from }) => sameLook(revealed, by, from));
  return isThere ? all : [{ at: revealed.at, by: revealed.by, from: revealed.from }, ...all];
}

const sameLook = (first: NonNullable<Order["revealed"]>, by: string, from?: string): boolean =>
  first.by === by && first.from === from;

/** Puts what is known into the words that a bank reads. It names no code, no account, no buyer. Pure. */
export function evidenceOf(
  payment: Payment,
  order: Order | undefined,
  looks: readonly Look[],
  disputedAt: string,
): Evidence {
  const product = (order === undefined ? notAnOrder(payment) : order.lines.map(titleOf).join("; ")).slice(
    0,
    LONGEST_PRODUCT,
  );
  const { payerIp } = payment;
  const paidAt = payment.received?.at;
  const deliveredAt = order === undefined ? (payment.counted === true ? paidAt : undefined) : deliveryOf(order);
  const beforeDispute = looks.filter(({ at }) => at < disputedAt).length;
  const sentences = [
    `Sold: ${product}.`,
    ...(order === undefined ? [] : [`Order ${order.id} was placed at ${order.placedAt}.`]),
    ...(paidAt === undefined
      ? []
      : [`It was paid at ${paidAt} (payment ${payment.id})${payerIp === undefined ? "" : ` from ${payerIp}`}.`]),
    deliveredAt === undefined
      ? "Nothing has been delivered."
      : `It was delivered electronically at ${deliveredAt}. Digital goods can't be returned.`,
    ...(order === undefined ? [] : sayLooks(looks, beforeDispute)),
    ...(order?.lines.some(({ kind }) => kind === "topup") === true
      ? ["Top-ups are loaded onto the account that the buyer named."]
      : []),
    ...(order !== undefined && looks.length > 0
      ? ["Whether a code has been redeemed is known to its issuer, and not to us."]
      : []),
  ];
  return {
    product,
    ...(paidAt === undefined ? {} : { paidAt }),
    ...(deliveredAt === undefined ? {} : { deliveredAt }),
    ...(payerIp === undefined ? {} : { payerIp }),
    looks,
    text: sentences.join("\n").slice(0, LONGEST_TEXT),
  };
}

const titleOf = ({ name, quantity }: Line): string => `${quantity} × ${name}`;

const notAnOrder = ({ channelId, purpose }: Payment): string =>
  purpose.kind === "deposit"
    ? `prepaid balance of ${channelId}, reference ${purpose.reference}`
    : `a period of a subscription of ${channelId}`;

/** When the last of an order's goods was delivered. What came from stock was delivered with the sale. Undefined: nothing was. */
function deliveryOf({ lines, fundedAt }: Order): string | undefined {
  const times = lines
    .filter(({ state }) => state === "fulfilled")
    .map((line) => (isBought(line) ? (line.attempt?.booked?.at ?? fundedAt) : fundedAt))
    .filter((at) => at !== undefined);
  return times.toSorted().at(-1);
}

function sayLooks(looks: readonly Look[], beforeDispute: number): string[] {
  const [first] = looks;
  if (first === undefined) return ["Our records show no look at the goods."];
  return [
    `The goods were looked at ${looks.length} times, ${beforeDispute} of them before the dispute. The first look was at ${first.at}.`,
    ...looks.map(({ at, by, from }) => `- ${at} by ${by}${from === undefined ? "" : ` from ${from}`}`),
  ];
}
