import type { ProductVersion } from "../catalog/model.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { correlation } from "../kernel/correlation.ts";
import { newNonce } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Buyer } from "../limits/model.ts";
import type { Chosen } from "../payments/payer.ts";
import type { LinkToken } from "../secrecy/link-tokens.ts";
import type { Asked } from "../secrecy/recognition.ts";
import type { Sealed, SealFields } from "../secrecy/sealer.ts";
import { contactBinding } from "./contact.ts";
import { linkEndsFrom } from "./link.ts";
import { type DeliveryPromise, type Line, type Order, recipientBinding } from "./model.ts";
import { allAtCheckout } from "./payers.ts";
import type { Priced } from "./price.ts";
import type { NewOrder } from "./request.ts";

export type DraftDeps = {
  clock: Clock;
  sealRecipient: (account: string, boundTo: string) => Promise<Sealed>;
  sealContact: SealFields;
};

/** What an order is made from. `earlier` is the refused order whose next epoch this is. */
export type Draft = {
  id: string;
  channelId: string;
  asked: Asked;
  buyer: Buyer | undefined;
  request: NewOrder;
  products: ProductVersion[];
  priced: Priced;
  earlier: Order | undefined;
  /** How its buyer pays at a provider. Absent: the buyer doesn't. */
  chosen?: Chosen;
  /** How many unpaid orders its channel may have, if that differs from others. */
  unpaidLimit?: number | null;
  /** Makes the token of its buyer's link. Absent: nobody asked for one. */
  linkToken?: LinkToken | undefined;
  /** By which its buyer is found again: keyed hashes of the addresses in the contact. */
  people: readonly string[];
};

/** A draft whose price is not known yet. */
export type Placing = Omit<Draft, "priced">;

/** Makes the order that the request asks for. Nothing is taken for it yet. */
export async function draft(deps: DraftDeps, of: Draft): Promise<Order> {
  const { id, channelId, asked, buyer, request, products, priced, earlier, linkToken } = of;
  const lines = priced.lines.map(async (price, index): Promise<Line> => {
    const line: Line = { ...price, state: "open" };
    const account = request.lines[index]?.recipient?.account;
    if (account === undefined) return line;
    return { ...line, recipient: await deps.sealRecipient(account, recipientBinding(id, line)) };
  });
  const { contact } = request;
  const sealed =
    contact === undefined ? undefined : await deps.sealContact(contact, (field) => contactBinding(id, field));
  const { acceptLess, campaign, reference, metadata } = request;
  return {
    id,
    channelId,
    version: (earlier?.version ?? 0) + 1,
    epoch: epochAfter(earlier),
    run: (earlier?.run ?? 0) + 1,
    ...(isFree(request, priced) ? ({ state: "open" } as const) : payable(request, products, deps.clock())),
    ...paidOutside(of, priced),
    requestHash: asked.requestHash,
    draft: newNonce(),
    placedAt: earlier?.placedAt ?? deps.clock().toISOString(),
    ...correlation(),
    total: priced.total,
    lines: await Promise.all(lines),
    refunded: 0,
    ...promised(products),
    ...(acceptLess === true ? { acceptLess } : {}),
    ...(buyer === undefined ? {} : { buyer: buyer.name }),
    ...(sealed === undefined ? {} : { contact: sealed }),
    ...(campaign === undefined ? {} : { campaign }),
    ...(reference === undefined ? {} : { reference }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(linkToken === undefined ? {} : { linkEnds: linkEndsFrom(deps.clock()) }),
  };
}

/** A price of nothing needs no payment. */
const isFree = ({ payment }: NewOrder, { retailTotal }: Priced): boolean =>
  payment.method === "checkout" && retailTotal.amount === 0;

/** A buyer who pays at a provider pays all of the order, and the first payment is begun with it. */
function paidOutside({ request, chosen }: Draft, priced: Priced): Pick<Order, "checkout" | "payments"> {
  if (chosen === undefined || isFree(request, priced)) return {};
  return { checkout: allAtCheckout(priced, chosen), payments: 1 };
}

/** The epoch of a new order. Placing a refused order again opens its next epoch. */
export const epochAfter = (earlier: Order | undefined): number => (earlier?.epoch ?? 0) + 1;

/**
 * Gives the first state of an order. A prepaid order is open; one that is paid later, or by its buyer, waits for payment, for the
 * shortest hold time of its products.
 */
export function payable(
  { payment }: NewOrder,
  products: readonly ProductVersion[],
  now: Date,
): Pick<Order, "state" | "expiresAt"> {
  if (payment.method === "balance") return { state: "open" };
  const seconds = Math.min(...products.map(({ holdSeconds = LIMITS.unpaidSeconds }) => holdSeconds));
  return { state: "awaiting_payment", expiresAt: after(now, seconds) };
}

/**
 * Gives the promise of an order: the shortest of its products. A person looks at a late order as soon as one product
 * says so.
 */
function promised(products: readonly ProductVersion[]): { promise?: DeliveryPromise } {
  const promises = products.flatMap(({ deliverWithinSeconds }) => deliverWithinSeconds ?? []);
  if (promises.length === 0) return {};
  const whenLate = products.some((product) => product.whenLate === "review") ? "review" : "wait";
  return { promise: { withinSeconds: Math.min(...promises), whenLate } };
}
