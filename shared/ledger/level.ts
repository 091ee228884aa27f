import { type Db, isNotNow, transact } from "../aws/dynamo.ts";
import { readLanes } from "./lanes.ts";
import type { AccountName, Lane } from "./model.ts";
import { laneKey } from "./table.ts";

type Deps = Db<"ledger">;

/** A move of money from one lane to another of the same account. */
export type Shift = { from: number; to: number; amount: number };

/**
 * Moves money between two lanes in one transaction, so that no crash makes money appear or vanish. False: the giving
 * lane has less by now. Only two lanes at a time: a transaction over many busy items would hardly ever succeed.
 */
export async function shift(deps: Deps, account: AccountName, { from, to, amount }: Shift): Promise<boolean> {
  const TableName = deps.tables.ledger;
  const moved = await transact(deps.db, [
    {
      Update: {
        TableName,
        Key: laneKey({ ...account, lane: from }),
        UpdateExpression: "SET spendable = spendable - :amount",
        ConditionExpression: "spendable >= :amount",
        ExpressionAttributeValues: { ":amount": amount },
      },
    },
    {
      Update: {
        TableName,
        Key: laneKey({ ...account, lane: to }),
        UpdateExpression: "SET spendable = spendable + :amount, gains = if_not_exists(gains, :zero) + :one",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":amount": amount, ":zero": 0, ":one": 1 },
      },
    },
  ]);
  return moved.ok;
}

/** Says what to move so that lane `to` has `amount`, the richest lanes first. Together they must have as much. Pure. */
export function gathering(spendables: readonly number[], to: number, amount: number): Shift[] {
  let missing = amount - (spendables[to] ?? 0);
  const others = spendables.map((spendable, from) => ({ from, spendable })).filter(({ from }) => from !== to);
  others.sort((a, b) => b.spendable - a.spendable || a.from - b.from);
  return others.flatMap(({ from, spendable }): Shift[] => {
    const part = Math.min(spendable, missing);
    if (part <= 0) return [];
    missing -= part;
    return [{ from, to, amount: part }];
  });
}

/**
 * Says what to move so that all lanes have about as much. Nothing while each has at least half of its share: orders
 * spread by themselves, and each move disturbs two lanes. A lane may owe money, and none gives more than it has. Pure.
 */
export function leveling(spendables: readonly number[]): Shift[] {
  const share = Math.floor(spendables.reduce((sum, one) => sum + one, 0) / spendables.length);
  if (spendables.every((spendable) => spendable * 2 >= share)) return [];
  const lanes = spendables.map((spendable, lane) => ({ lane, has: spendable, surplus: spendable - share }));
  const givers = lanes.filter(({ surplus }) => surplus > 0).sort((a, b) => b.surplus - a.surplus);
  const takers = lanes.filter(({ surplus }) => surplus < 0).sort((a, b) => a.surplus - b.surplus);
  const shifts: Shift[] = [];
  for (const taker of takers) {
    for (const giver of givers) {
      const amount = Math.min(giver.surplus, giver.has, -taker.surplus);
      if (amount <= 0) continue;
      shifts.push({ from: giver.lane, to: taker.lane, amount });
      giver.surplus -= amount;
      giver.has -= amount;
      taker.surplus += amount;
    }
  }
  return shifts;
}

/**
 * Levels the lanes of an account, as far as sales leave time for it. What can't be moved now is moved another time.
 * Returns how many moves were made.
 */
export async function level(deps: Deps, account: AccountName): Promise<number> {
  const lanes: Lane[] = await readLanes(deps, account);
  let moved = 0;
  for (const one of leveling(lanes.map(({ spendable }) => spendable))) {
    try {
      if (await shift(deps, account, one)) moved += 1;
    } catch (error) {
      if (!isNotNow(error)) throw error;
    }
  }
  return moved;
}
