import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Item, update } from "../aws/dynamo.ts";
import { untilAllDone } from "../aws/until-all-done.ts";
import { entryFor, type Lane, type Pending } from "./model.ts";
import { asLane, entryKey, laneKey } from "./table.ts";

type Deps = Db<"ledger">;

/** What an order says of its money. `fundedAt` is set together with `fundedBy`. */
export type Funding = {
  channelId: string;
  currency: string;
  orderId: string;
  epoch: number;
  /** What the order costs in this epoch, in minor units of `currency`. */
  amount: number;
  /** The nonce of the one pending that paid, once that is decided. */
  fundedBy?: string | undefined;
  fundedAt?: string | undefined;
  /** This epoch of the order can't be paid any more. */
  isOver: boolean;
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
      if (isThisOne && funding.fundedBy === pending.nonce) return [{ key, pending, outcome: "post", funding }];
      const canPay = isThisOne && pending.amount === funding.amount;
      const isLost = !canPay || funding.fundedBy !== undefined || funding.isOver;
      return isLost ? [{ key, pending, outcome: "void", funding }] : [];
    }),
  );
}

async function writeEntries(deps: Deps, verdicts: readonly Verdict[]): Promise<void> {
  const entries: Item[] = verdicts
    .filter(({ outcome }) => outcome === "post")
    .map(({ pending, funding }) => {
      const { orderId, epoch, channelId, currency } = funding;
      const money = { amount: pending.amount, currency };
      const entry = entryFor({ kind: "sale", orderId, epoch }, channelId, money, funding.fundedAt ?? pending.at);
      return { ...entryKey(channelId, entry), ...entry };
    });
  const requests = entries.map((Item) => ({ PutRequest: { Item } }));
  const table = deps.tables.ledger;
  await untilAllDone(requests, table, async (some) => {
    const answer = await deps.db.send(new BatchWriteCommand({ RequestItems: { [table]: some } }));
    return (answer.UnprocessedItems?.[table] ?? []) as typeof requests;
  });
}

async function drop(deps: Deps, { channelId, currency, lane = 0 }: Lane, verdicts: readonly Verdict[]) {
  const total = (outcome: Verdict["outcome"]): number =>
    verdicts.reduce((sum, verdict) => sum + (verdict.outcome === outcome ? verdict.pending.amount : 0), 0);
  const voided = total("void");
  return update(deps.db, {
    TableName: deps.tables.ledger,
    Key: laneKey({ channelId, currency, lane }),
    UpdateExpression: `SET posted = posted + :posted, spendable = spendable + :voided, gains = if_not_exists(gains, :zero) + :gained REMOVE ${verdicts.map((_, i) => `pending.#p${i}`).join(", ")}`,
    ConditionExpression: verdicts.map((_, i) => `pending.#p${i}.nonce = :n${i}`).join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(verdicts.map(({ key }, i) => [`#p${i}`, key])),
    ExpressionAttributeValues: {
      ":posted": total("post"),
      ":voided": voided,
      ":zero": 0,
      ":gained": voided > 0 ? 1 : 0,
      ...Object.fromEntries(verdicts.map(({ pending }, i) => [`:n${i}`, pending.nonce])),
    },
  });
}
