import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { update } from "../aws/dynamo.ts";
import { untilAllDone } from "../aws/until-all-done.ts";
import type { Money } from "../kernel/money.ts";
import { type BookDeps, openBook } from "./books.ts";
import { PLATFORM } from "./entries.ts";
import type { Lane, Pending } from "./model.ts";
import { type Outside, saleEntries } from "./sale-entries.ts";
import { asLane, entryItem, laneKey } from "./table.ts";

type Deps = BookDeps;

/** What an order says of its money. `fundedAt` is set together with `fundedBy`. */
export type Funding = {
  channelId: string;
  currency: string;
  orderId: string;
  epoch: number;
  /** What the order takes from the balance in this epoch, in minor units of `currency`. */
  amount: number;
  /** The nonces of what paid, once that is decided. At most one of them is a pending's. */
  fundedBy?: readonly string[] | undefined;
  fundedAt?: string | undefined;
  /** This epoch of the order can't be paid any more. */
  isOver: boolean;
  /** What was paid for it at a payment provider, beside that amount. */
  outside?: Outside | undefined;
  /** What the codes have cost us that were sold in the write that set `fundedBy`. It never changes after that. */
  cost?: readonly Money[];
};

type Verdict = { key: string; pending: Pending; outcome: "post" | "void"; funding: Funding };

/**
 * Books what orders have decided, and returns how many pendings that were. The pending that an order names as
 * `fundedBy` becomes a ledger entry. Other pendings go back to their lane: of an order that is over or paid, of an
 * earlier epoch, or of another amount or currency than the order has. Orders must have been read **before** the lane:
 * an order read later may know of a debit that this lane does not show yet.
 *
 * Entries are named by their cause and say the same each time, so writing one twice is writing it once. The lane
 * changes only while it still shows the pendings. All orders of one lane are settled in one write.
 */
export async function settle(deps: Deps, lane: Lane, fundings: readonly Funding[]): Promise<number> {
  const verdicts = judge(lane, fundings).slice(0, VERDICTS_PER_WRITE);
  if (verdicts.length === 0) return 0;
  await writeEntries(deps, verdicts);
  const written = await drop(deps, lane, verdicts);
  if (written.ok) return verdicts.length;
  // Somebody else has settled one of them: judge again by what the lane shows now.
  return written.old === undefined ? 0 : settle(deps, asLane(written.old), fundings);
}

/** An expression may be 4 KB long, and each pending takes about 60 bytes of it. */
const VERDICTS_PER_WRITE = 25;

/** Says which pendings of these orders are booked, and which go back. The others must wait. */
export function judge(
  { currency, pending: pendings }: Pick<Lane, "currency" | "pending">,
  fundings: readonly Funding[],
): Verdict[] {
  return fundings.flatMap((funding) =>
    Object.entries(pendings).flatMap(([key, pending]): Verdict[] => {
      if (!key.startsWith(`${funding.orderId}@`)) return [];
      const epoch = Number(key.slice(funding.orderId.length + 1));
      // An order read at one epoch says nothing about later ones.
      if (epoch > funding.epoch) return [];
      const isThisOne = epoch === funding.epoch && currency === funding.currency;
      if (isThisOne && funding.fundedBy?.includes(pending.nonce)) return [{ key, pending, outcome: "post", funding }];
      const canPay = isThisOne && pending.amount === funding.amount;
      const isLost = !canPay || funding.fundedBy !== undefined || funding.isOver;
      return isLost ? [{ key, pending, outcome: "void", funding }] : [];
    }),
  );
}

async function writeEntries(deps: Deps, verdicts: readonly Verdict[]): Promise<void> {
  const booked = verdicts
    .filter(({ outcome }) => outcome === "post")
    .flatMap(({ pending, funding }) => {
      const { currency, cost = [], outside } = funding;
      const times = { at: funding.fundedAt ?? pending.at, zone: deps.zone };
      return saleEntries(funding, { amount: pending.amount, currency }, cost, times, outside);
    });
  for (const { owner, entry } of booked)
    if (owner === PLATFORM) await openBook(deps, { owner, currency: entry.currency });
  const requests = booked.map((one) => ({ PutRequest: { Item: entryItem(one) } }));
  const table = deps.tables.ledger;
  for (let at = 0; at < requests.length; at += REQUESTS_PER_BATCH)
    await untilAllDone(requests.slice(at, at + REQUESTS_PER_BATCH), table, async (some) => {
      const answer = await deps.db.send(new BatchWriteCommand({ RequestItems: { [table]: some } }));
      return (answer.UnprocessedItems?.[table] ?? []) as typeof requests;
    });
}

/** The most requests that DynamoDB takes in one batch. */
const REQUESTS_PER_BATCH = 25;

async function drop(deps: Deps, { channelId, currency, lane = 0 }: Lane, verdicts: readonly Verdict[]) {
  const total = (outcome: Verdict["outcome"]): number =>
    verdicts.reduce((sum, verdict) => sum + (verdict.outcome === outcome ? verdict.pending.amount : 0), 0);
  const voided = total("void");
  // What the channel earns by a sale comes to its account with it, if the balance paid a part.
  const earned = verdicts.reduce(
    (sum, { outcome, funding }) => sum + (outcome === "post" ? (funding.outside?.margin ?? 0) : 0),
    0,
  );
  return update(deps.db, {
    TableName: deps.tables.ledger,
    Key: laneKey({ channelId, currency, lane }),
    UpdateExpression: `SET posted = posted + :posted, spendable = spendable + :back, gains = if_not_exists(gains, :zero) + :gained REMOVE ${verdicts.map((_, i) => `pending.#p${i}`).join(", ")}`,
    ConditionExpression: verdicts.map((_, i) => `pending.#p${i}.nonce = :n${i}`).join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(verdicts.map(({ key }, i) => [`#p${i}`, key])),
    ExpressionAttributeValues: {
      ":posted": total("post"),
      ":back": voided + earned,
      ":zero": 0,
      ":gained": voided + earned > 0 ? 1 : 0,
      ...Object.fromEntries(verdicts.map(({ pending }, i) => [`:n${i}`, pending.nonce])),
    },
  });
}
