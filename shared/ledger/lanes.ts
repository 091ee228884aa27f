import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { spread } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { type Account, type AccountName, accountOf, type Lane, type LaneName } from "./model.ts";
import { asLane, laneKey } from "./table.ts";

type Deps = Db<"ledger">;

/**
 * Gives the lane in which an order's money is looked for first. Always the same one, while the number of lanes stays.
 */
export const laneFor = (orderId: string, lanes: number): number => spread(orderId, lanes);

/** Tells whether the lane has room for one more pending. */
export const hasRoom = ({ pending }: Lane): boolean => Object.keys(pending).length < LIMITS.pendingsPerLane;

/** Reads one lane; strongly, unless the caller accepts a value that is a moment old at half the price. */
export async function readLane(deps: Deps, name: LaneName, ConsistentRead = true): Promise<Lane | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.ledger, Key: laneKey(name), ConsistentRead }),
  );
  const lane = found.Item === undefined ? undefined : asLane(found.Item);
  if (name.lane === 0 && lane !== undefined) remembered.note(nameIn(deps, name), lane.lanes ?? 1);
  return lane;
}

/**
 * Reads all lanes of an account, the first one first; each strongly, but not all in the same moment. Empty: there is no
 * account.
 */
export async function readLanes(deps: Deps, account: AccountName): Promise<Lane[]> {
  const first = await readLane(deps, { ...account, lane: 0 });
  if (first === undefined) return [];
  const others = Array.from({ length: (first.lanes ?? 1) - 1 }, (_, index) =>
    readLane(deps, { ...account, lane: index + 1 }),
  );
  return [first, ...(await Promise.all(others)).filter((lane) => lane !== undefined)];
}

/** How often all lanes are read; money that moves meanwhile makes a reading useless. */
const LOOKS = 4;

/**
 * Reads an account, strongly. Lanes can't be read in one moment: money that moves from a lane not read yet to one that
 * was read would be missed. So they are read twice. If no lane gained anything in between, and none was added, the sum
 * of the first reading is at least what there was in the moment between the two.
 */
export async function readAccount(deps: Deps, channelId: string, currency: string): Promise<Account | undefined> {
  const name = { channelId, currency };
  let lanes = await readLanes(deps, name);
  if (lanes.length <= 1) return accountOf(lanes, true);
  for (let look = 1; look < LOOKS; look++) {
    const again = await readLanes(deps, name);
    if (gainedNothing(lanes, again)) return accountOf(lanes, true);
    lanes = again;
  }
  return accountOf(lanes, false);
}

function gainedNothing(before: readonly Lane[], after: readonly Lane[]): boolean {
  return before.length === after.length && before.every(({ gains }, index) => gains === after[index]?.gains);
}

/** How long a process remembers the number of lanes. One that knows too few debits in those, which is as good. */
const remembered = memory<number>({ lastsMs: 10_000, most: 10_000 });

const nameIn = (deps: Deps, { channelId, currency }: AccountName): string =>
  `${deps.tables.ledger}/${channelId}/${currency}`;

export function forgetLanes(deps: Deps, account: AccountName): void {
  remembered.forget(nameIn(deps, account));
}

/**
 * Reads the lane in which an order's money is looked for first; it may be a moment old. An account of one lane costs
 * one read.
 */
export async function readLaneFor(deps: Deps, account: AccountName, orderId: string): Promise<Lane | undefined> {
  const known = remembered.recall(nameIn(deps, account));
  if (known !== undefined) return readLane(deps, { ...account, lane: laneFor(orderId, known) }, false);
  const first = await readLane(deps, { ...account, lane: 0 }, false);
  const lane = laneFor(orderId, first?.lanes ?? 1);
  return lane === 0 ? first : readLane(deps, { ...account, lane }, false);
}

/** Gives the number of lanes; it may be a few seconds old. */
export async function lanesOf(deps: Deps, account: AccountName): Promise<number> {
  const known = remembered.recall(nameIn(deps, account));
  return known ?? (await readLane(deps, { ...account, lane: 0 }, false))?.lanes ?? 1;
}
