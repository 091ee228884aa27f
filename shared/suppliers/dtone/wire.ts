/** DT One's DVS API, version 1, as far as a buyer needs it. */
import * as z from "zod";
import type { Money } from "../../kernel/money.ts";
import { chargedOf } from "../charges.ts";
import type { CataloguePage, Outcome } from "../contract.ts";
import { moneyOf } from "../decimal.ts";
import { listOfObjects, memberOf, readEach } from "../each.ts";
import { OUT_OF_FUNDS, saysOutOfFunds } from "../out-of-funds.ts";
import { goodOf } from "../pieces.ts";

/** The class of a status is its first digit; what follows is a reason among many. */
const CLASSES = {
  1: "CREATED",
  2: "CONFIRMED",
  3: "REJECTED",
  4: "CANCELLED",
  5: "SUBMITTED",
  7: "COMPLETED",
  8: "REVERSED",
  9: "DECLINED",
};

/** `fee` comes on top of the amount. */
const Amount = z.object({
  amount: z.unknown().optional(),
  fee: z.unknown().optional(),
  unit: z.unknown().optional(),
});
/** The cost of a product, and of a transaction, is the wholesale price. */
const Prices = z
  .object({ wholesale: Amount.nullish().catch(undefined) })
  .nullish()
  .catch(undefined);

const transactionId = z.union([z.int().min(1), z.string().regex(/^\d{1,20}$/)]).transform(String);
export const Transaction = z.object({
  id: transactionId,
  external_id: z.string().min(1).max(40),
  status: z.object({ id: z.int(), message: z.unknown().optional(), class: z.object({ id: z.int() }) }),
  prices: Prices,
  pin: z.object({ code: z.string().max(1024).nullish(), serial: z.string().max(1024).nullish() }).nullish(),
});
export const Transactions = z.array(Transaction).max(100);
export const Errors = z.object({
  errors: z.array(z.object({ code: z.int().min(0).max(99_999_999), message: z.unknown().optional() })).min(1),
});
export const Callback = z.object({ id: transactionId, external_id: z.string().min(1).max(40) });
export const Balances = listOfObjects.max(100);
export const Balance = z.object({ unit: z.string(), available: z.unknown().optional() });
export const Products = listOfObjects.max(1_000);
const Product = z.object({
  id: transactionId,
  name: z.string().max(300),
  prices: Prices,
});

type TransactionOutcome = Extract<Outcome, { kind: "fulfilled" | "accepted" | "rejected" | "reversed" | "unknown" }>;

/**
 * Says what a transaction means for our attempt. `Reversed` comes after `completed`: the recipient had it, and the
 * operator took it back. That is for a person and not for another purchase, so it is no definite no.
 */
export function outcomeOf({ id, status, pin, prices }: z.infer<typeof Transaction>): TransactionOutcome {
  const name = CLASSES[status.class.id as keyof typeof CLASSES];
  switch (name) {
    case "CREATED":
    case "CONFIRMED":
    case "SUBMITTED":
      return { kind: "accepted", supplierOrderId: id };
    case "COMPLETED":
      return completed(id, pin, withFee(prices?.wholesale ?? {}));
    case "REJECTED":
    case "CANCELLED":
    case "DECLINED":
      return {
        kind: "rejected",
        reason: saysOutOfFunds(status.message) ? OUT_OF_FUNDS : `${name.toLowerCase()}_${status.id}`,
        supplierOrderId: id,
      };
    case "REVERSED":
      return { kind: "reversed", supplierOrderId: id };
    default:
      return { kind: "unknown", reason: `status_${status.id}` };
  }
}

/** An empty PIN is no delivery, whatever the status says: ask again. */
function completed(
  supplierOrderId: string,
  pin: z.infer<typeof Transaction>["pin"],
  wholesale: Money | undefined,
): TransactionOutcome {
  const charged = chargedOf(wholesale);
  if (!pin) return { kind: "fulfilled", supplierOrderId, ...charged };
  const good = goodOf({ secret: pin.code, number: pin.serial }, 0);
  return good === undefined
    ? { kind: "unknown", reason: "empty_card" }
    : { kind: "fulfilled", supplierOrderId, goods: [good], ...charged };
}

export function pageOf(products: z.infer<typeof Products>): CataloguePage {
  const { read, leftOut } = readEach(products, Product, (product) => memberOf(product, "id", transactionId));
  const items = read.map(({ id, name, prices }) => {
    const cost = withFee(prices?.wholesale ?? {});
    return { supplierProductId: id, name, onSale: true, ...(cost === undefined ? {} : { cost }) };
  });
  return { items, leftOut };
}

/** Gives what we pay in all. If a fee can't be read, the whole cost is unknown. */
function withFee({ amount, fee, unit }: z.infer<typeof Amount>): Money | undefined {
  const net = moneyOf(amount, String(unit));
  const extra = moneyOf(fee ?? 0, String(unit));
  return net === undefined || extra === undefined ? undefined : { ...net, amount: net.amount + extra.amount };
}
