/** DT One's DVS API, version 1, as far as a buyer needs it. */
import * as z from "zod";
import { Secret } from "../../kernel/secret.ts";
import type { CatalogueItem, Good, Outcome } from "../contract.ts";
import { moneyOf } from "../decimal.ts";

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

const transactionId = z.union([z.int().min(1), z.string().regex(/^\d{1,20}$/)]).transform(String);
export const Transaction = z.object({
  id: transactionId,
  external_id: z.string().min(1).max(40),
  status: z.object({ id: z.int(), class: z.object({ id: z.int() }) }),
  pin: z.object({ code: z.string().min(1).max(1024), serial: z.string().max(1024).nullish() }).nullish(),
});
export const Transactions = z.array(Transaction).max(100);
export const Errors = z.object({ errors: z.array(z.object({ code: z.int().min(0).max(99_999_999) })).min(1) });
export const Callback = z.object({ id: transactionId, external_id: z.string().min(1).max(40) });
export const Balances = z.array(z.object({ unit: z.string(), available: z.number().min(0) })).max(100);
export const Products = z
  .array(
    z.object({
      id: z.int().min(1),
      name: z.string().max(300),
      prices: z.object({ wholesale: z.object({ amount: z.number().min(0), unit: z.string() }).nullish() }).nullish(),
    }),
  )
  .max(100);

type TransactionOutcome = Extract<Outcome, { kind: "fulfilled" | "accepted" | "rejected" | "unknown" }>;

/**
 * Reversed is after completed: the recipient had it, and the operator took it back. That is for a person, not for another
 * purchase, so it is no "no".
 */
export function outcomeOf({ id, status, pin }: z.infer<typeof Transaction>): TransactionOutcome {
  const name = CLASSES[status.class.id as keyof typeof CLASSES];
  switch (name) {
    case "CREATED":
    case "CONFIRMED":
    case "SUBMITTED":
      return { kind: "accepted", supplierOrderId: id };
    case "COMPLETED":
      return { kind: "fulfilled", supplierOrderId: id, ...(pin ? { goods: [goodOf(pin)] } : {}) };
    case "REJECTED":
    case "CANCELLED":
    case "DECLINED":
      return { kind: "rejected", reason: `${name.toLowerCase()}_${status.id}`, supplierOrderId: id };
    default:
      return { kind: "unknown", reason: `status_${status.id}` };
  }
}

function goodOf({ code, serial }: { code: string; serial?: string | null | undefined }): Good {
  return { secret: new Secret(code), ...(serial ? { number: new Secret(serial) } : {}) };
}

export function itemsOf(products: z.infer<typeof Products>): CatalogueItem[] {
  return products.map(({ id, name, prices }) => {
    const wholesale = prices?.wholesale;
    const cost = wholesale ? moneyOf(wholesale.amount, wholesale.unit) : undefined;
    return { supplierProductId: String(id), name, onSale: true, ...(cost === undefined ? {} : { cost }) };
  });
}
