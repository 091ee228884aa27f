import { type Db, update } from "../aws/dynamo.ts";
import { pauseAfter } from "../kernel/again.ts";
import { newId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import { open } from "./accounts.ts";
import { hasRoom, laneFor, lanesOf, readAccount } from "./lanes.ts";
import { gathering, shift } from "./level.ts";
import { type Account, type AccountName, type Lane, type LaneName, type Pending, pendingKey } from "./model.ts";
import { asLane, laneKey } from "./table.ts";

type Deps = Db<"ledger">;

/** Why an order's money was not set aside. */
export type NotDebited = { ok: false; why: "short" | "other_amount" | "busy" };

/**
 * The result of a debit. `ok`: the order's money is set aside under this nonce in this lane, by us (`mine`) or by
 * another helper. `short`: all lanes together have too little. `other_amount`: what is set aside for this order and
 * epoch is not what the order costs, so it can't pay. `busy`: too much waits to be booked, or money moves between lanes
 * too fast; try the order again in a moment.
 */
export type Debit = { ok: true; nonce: string; lane: number; mine: boolean } | NotDebited;

type Debited = { id: string; epoch: number; total: Money };

/**
 * Sets an order's money aside in the order's own lane: one conditional write. If that lane is short or full, all lanes
 * are read. Nothing can be set aside too, for an order whose buyer pays all of it elsewhere: then no account is short, not even one that
 * owes us, and a channel without one gets one. By this pending the sale is booked, once, like any other.
 *
 * Two helpers of one order may debit in two lanes, if they know different numbers of lanes. The order names one of the
 * two nonces; the other pending goes back when it is settled.
 */
export async function debit(deps: Deps, channelId: string, order: Debited, now: Date): Promise<Debit> {
  const account = { channelId, currency: order.total.currency };
  const pending: Pending = { amount: order.total.amount, nonce: newId("evt"), at: now.toISOString() };
  const lane = laneFor(order.id, await lanesOf(deps, account));
  const first = await debitIn(deps, { ...account, lane }, order, pending);
  if (!("stands" in first)) return first;
  const { stands } = first;
  if (stands === undefined && pending.amount === 0) await open(deps, account);
  // An account of one lane: the item that failed the condition is the whole account.
  else if (lane === 0 && (stands?.lanes ?? 1) === 1)
    return { ok: false, why: stands !== undefined && hasEnough(stands, pending) ? "busy" : "short" };
  return debitSomewhere(deps, account, order, pending);
}

/** Tells whether there is so much. Nothing is always there, also where a channel owes us. */
const hasEnough = ({ spendable }: Pick<Lane, "spendable">, { amount }: Pick<Pending, "amount">): boolean =>
  amount === 0 || spendable >= amount;

/**
 * Tries to debit in one lane. Returns the debit, or an earlier one of this order, or the lane that has too little money
 * or room.
 */
async function debitIn(
  deps: Deps,
  name: LaneName,
  order: Debited,
  pending: Pending,
): Promise<Debit | { stands: Lane | undefined }> {
  const written = await update(deps.db, {
    TableName: deps.tables.ledger,
    Key: laneKey(name),
    UpdateExpression: "SET spendable = spendable - :amount, pending.#order = :pending",
    ConditionExpression: `${pending.amount === 0 ? "" : "spendable >= :amount AND "}attribute_not_exists(pending.#order) AND size(pending) < :most`,
    ExpressionAttributeNames: { "#order": pendingKey(order.id, order.epoch) },
    ExpressionAttributeValues: { ":amount": pending.amount, ":pending": pending, ":most": LIMITS.pendingsPerLane },
  });
  const { lane } = name;
  if (written.ok) return { ok: true, nonce: pending.nonce, lane, mine: true };
  const stands = written.old === undefined ? undefined : asLane(written.old);
  return (stands && debitedBefore([stands], order, pending)) ?? { stands };
}

/** Finds a pending of this order and epoch. It may be our own: the SDK repeats a write whose answer was lost. */
function debitedBefore(lanes: readonly Lane[], { id, epoch }: Debited, mine: Pending): Debit | undefined {
  const key = pendingKey(id, epoch);
  const found = lanes.flatMap(({ lane = 0, pending }) => {
    const there = pending[key];
    return there === undefined ? [] : [{ ...there, lane }];
  });
  const paying = found.find(({ amount }) => amount === mine.amount);
  if (paying !== undefined)
    return { ok: true, nonce: paying.nonce, lane: paying.lane, mine: paying.nonce === mine.nonce };
  return found.length > 0 ? { ok: false, why: "other_amount" } : undefined;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 320;

/**
 * Reads all lanes. Debits in the richest one if it has enough; otherwise gathers the money of several in it. Says
 * `short` only when all lanes together have too little.
 */
async function debitSomewhere(deps: Deps, account: AccountName, order: Debited, pending: Pending): Promise<Debit> {
  for (let attempt = 0; attempt < LIMITS.debitTries; attempt++) {
    if (attempt > 0) await pauseAfter(attempt, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    const whole = await readAccount(deps, account.channelId, account.currency);
    if (whole === undefined) return { ok: false, why: "short" };
    const before = debitedBefore(whole.lanes, order, pending);
    if (before !== undefined) return before;
    if (!hasEnough(whole, pending)) {
      if (whole.isSteady) return { ok: false, why: "short" };
      continue;
    }
    const richest = richestWithRoom(whole);
    if (richest === undefined) return { ok: false, why: "busy" };
    const { lane = 0 } = richest;
    if (hasEnough(richest, pending)) {
      const tried = await debitIn(deps, { ...account, lane }, order, pending);
      if (!("stands" in tried)) return tried;
    } else {
      // Everybody gathers in the richest lane, so nobody moves the same money to and fro.
      const spendables = whole.lanes.map(({ spendable }) => spendable);
      for (const one of gathering(spendables, lane, pending.amount)) if (!(await shift(deps, account, one))) break;
    }
  }
  return { ok: false, why: "busy" };
}

function richestWithRoom({ lanes }: Account): Lane | undefined {
  return lanes.filter(hasRoom).sort((a, b) => b.spendable - a.spendable || (a.lane ?? 0) - (b.lane ?? 0))[0];
}
