import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { disputeIdFor } from "../disputes/model.ts";
import { disputeKey, disputes } from "../disputes/table.ts";
import { isPaymentId } from "../payments/model.ts";
import { paymentKey, payments } from "../payments/table.ts";
import type { Verdict } from "./match.ts";
import { type Difference, figuresOf, type Todo } from "./model.ts";

type MissingHere = Extract<Verdict, { is: "missing_here" }>;
type Deps = Db<"orders" | "operations">;

/**
 * Looks lines up that our books don't have by their name on that day. A dispute is booked when we hear of it, and by its own record: where
 * that has what the line says, the line is matched, and nothing is left of it here. A payment that we know, and take for unpaid, is to be
 * asked about.
 */
export async function lookUp(
  deps: Deps,
  provider: string,
  missing: readonly MissingHere[],
): Promise<{ matched: number; differences: Difference[] }> {
  const known = new Set(await knownPayments(deps, missing));
  const disputed = await disputesOf(deps, provider, missing);
  const left = missing.filter((one) => !isBooked(disputed, provider, one));
  const differences = left.map((one): Difference => {
    const { theirs, occurrence } = one;
    const { kind, name, externalId } = theirs;
    return {
      is: "missing_here",
      todo: todoOf(one, known),
      kind,
      name,
      externalId,
      occurrence,
      theirs: figuresOf(theirs),
    };
  });
  return { matched: missing.length - left.length, differences };
}

function todoOf({ theirs: { kind, name }, occurrence }: MissingHere, known: ReadonlySet<string>): Todo {
  if (kind === "dispute") return "find_dispute";
  if (kind === "payment" && known.has(name)) return occurrence > 1 ? "check_twin" : "query_payment";
  if (occurrence > 1) return "check_twin";
  return kind === "refund" || kind === "bounce" ? "find_refund" : "find_owner";
}

async function knownPayments(deps: Deps, missing: readonly MissingHere[]): Promise<string[]> {
  const names = new Set(missing.map(({ theirs: { name } }) => name).filter(isPaymentId));
  const items = await batchGet(deps.db, deps.tables.orders, [...names].map(paymentKey));
  return items.map((item) => payments.read(item).id);
}

type Booked = Map<string, { taken: number; givenBack: number; currency: string; fee: number }>;

async function disputesOf(deps: Deps, provider: string, missing: readonly MissingHere[]): Promise<Booked> {
  const ofDisputes = missing.filter(({ theirs: { kind } }) => kind === "dispute");
  const ids = new Set(ofDisputes.map(({ theirs: { externalId } }) => disputeIdFor(provider, externalId)));
  const items = await batchGet(deps.db, deps.tables.operations, [...ids].map(disputeKey));
  return new Map(
    items.map(disputes.read).map(({ id, funds, fees, amount: { currency } }) => {
      // A fee in another currency is another line.
      const fee = fees.currency === currency ? fees.taken : 0;
      return [id, { ...funds, currency, fee }];
    }),
  );
}

/** Tells whether the record of a dispute has what a line says was taken, or given back. */
function isBooked(booked: Booked, provider: string, { theirs }: MissingHere): boolean {
  const dispute = theirs.kind === "dispute" ? booked.get(disputeIdFor(provider, theirs.externalId)) : undefined;
  if (dispute === undefined || dispute.currency !== theirs.currency) return false;
  if (theirs.amount >= 0) return theirs.amount === dispute.givenBack;
  return 0 - theirs.amount === dispute.taken && theirs.feeThousandths === dispute.fee * 1_000;
}
