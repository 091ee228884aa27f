import type { Db } from "../../../shared/aws/dynamo.ts";
import { disputeIdFor } from "../../../shared/disputes/model.ts";
import { readDispute } from "../../../shared/disputes/table.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { queryAll } from "../engine/query-all.ts";
import { readEntries } from "../orders/books.ts";
import { PROVIDER } from "./checkout-shop.ts";
import type { PaymentSimulator } from "./payment-simulator.ts";

/** Sums the legs of all entries of all books that have such a name, by account, without those that come to nothing. */
export async function sums(deps: Db<"ledger">, isOne: (name: string) => boolean): Promise<Record<string, number>> {
  const books = await queryAll(deps, deps.tables.ledger, { pk: "books" });
  const of: Record<string, number> = {};
  for (const { sk } of books) {
    const [owner = "", currency = ""] = String(sk).split("#");
    for (const { name, legs } of await readEntries(deps, owner, currency))
      if (isOne(name)) for (const { account, amount } of legs) of[account] = (of[account] ?? 0) + amount;
  }
  return Object.fromEntries(Object.entries(of).filter(([, amount]) => amount !== 0));
}

/** Everything that is wrong with a dispute and its payment, now that all is quiet: our books must say what the provider's say. */
export async function wrongDispute(
  deps: Db<"ledger" | "operations" | "orders">,
  { disputes, refunds, paidOf }: Pick<PaymentSimulator, "disputes" | "refunds" | "paidOf">,
  name: string,
  paymentId: string,
): Promise<string[]> {
  const wrong: string[] = [];
  const id = disputeIdFor(PROVIDER, name);
  const dispute = await readDispute(deps, id);
  const payment = await readPayment(deps, paymentId);
  if (dispute === undefined || payment === undefined) return [`${name} is unknown`];
  const held = disputes.heldOf(paymentId);
  const booked = await sums(deps, (entry) => entry.startsWith(`dispute:${id}#`));
  const at = (account: string): number => booked[account] ?? 0;
  if (dispute.state !== disputes.stateOf(name)) wrong.push(`${name} is ${dispute.state}`);
  if (at(`provider:${PROVIDER}`) !== 0 - held - disputes.feesOf(paymentId))
    wrong.push(`${name}: the books say ${at(`provider:${PROVIDER}`)}, and ${held} is held`);
  if (at(`fees:${PROVIDER}`) !== disputes.feesOf(paymentId)) wrong.push(`${name}: fee ${at(`fees:${PROVIDER}`)}`);
  if ((dispute.state === "lost") !== (at(`disputed:${PROVIDER}`) === 0) && held > 0)
    wrong.push(`${name}: it is decided`);
  const all = Object.values(payment.refunds);
  const sum = (state: string): number => all.reduce((total, one) => total + (one.state === state ? one.amount : 0), 0);
  if (at(`suspense:${PROVIDER}`) !== sum("charged_back")) wrong.push(`${name}: ${at(`suspense:${PROVIDER}`)} was owed`);
  const back = refunds(paymentId).reduce((total, { state, amount }) => total + (state === "failed" ? 0 : amount), 0);
  if (back + held > paidOf(paymentId)) wrong.push(`${name}: the payer has ${back + held} of ${paidOf(paymentId)}`);
  if (disputes.evidenceFor(name).length > 1) wrong.push(`${name}: evidence went twice`);
  return wrong;
}
