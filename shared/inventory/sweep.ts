import { type Db, update, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { allDirectories, clearSoldOut, unlist } from "./directory.ts";
import { giveBack } from "./give-back.ts";
import { type Directory, type Range, ticketFor } from "./model.ts";
import { planSweep } from "./notes.ts";
import { bury, raiseTail } from "./publish.ts";
import { readRanges } from "./ranges.ts";
import { slotStates } from "./slots.ts";
import { rangeKey } from "./table.ts";

type Deps = Db<"inventory">;

/** What one sweep of a product did, in codes. */
export type Swept = { orphans: number; published: number; buried: number };

/**
 * Brings back what crashes and refusals have left: codes of tickets that were drawn and never used, and codes that were
 * given back and are not on sale yet. Safe to run concurrently: codes move by `giveBack`, and every mark moves on
 * condition that it is where this sweeper saw it. Returns what was done.
 */
export async function sweepProduct(deps: Deps, productId: string, now: Date): Promise<Swept> {
  const swept: Swept = { orphans: 0, published: 0, buried: 0 };
  const failures: unknown[] = [];
  for (const directory of await allDirectories(deps, productId)) {
    const before = swept.published;
    try {
      await sweepPool(deps, directory, now, swept);
    } catch (error) {
      // A pool that can't be swept must not keep the others waiting.
      failures.push(error);
    }
    if (swept.published > before) await clearSoldOut(deps, productId, directory.pool);
  }
  if (failures.length > 0) throw failures[0];
  return swept;
}

async function sweepPool(deps: Deps, directory: Directory, now: Date, swept: Swept): Promise<void> {
  const ids = directory.ranges.map(({ id }) => id);
  for (const range of await readRanges(deps, ids)) await sweepRange(deps, range, now, swept);
  await dropFinished(deps, directory, (await readRanges(deps, ids)).filter(isFinished));
}

/** To drop a returns range takes a write of its own, beside that of the directory. */
const DROPPED_AT_ONCE = WRITES_PER_TRANSACTION - 1;

/** Removes finished ranges from the directory. If somebody changes it in between, the next sweep does the rest. */
async function dropFinished(deps: Deps, directory: Directory, finished: readonly Range[]): Promise<void> {
  let current: Directory | undefined = directory;
  for (let at = 0; at < finished.length && current !== undefined; at += DROPPED_AT_ONCE) {
    const some = finished.slice(at, at + DROPPED_AT_ONCE);
    const because = some.flatMap((range) => unlistedReturns(deps, range));
    current = await unlist(
      deps,
      current,
      some.map(({ id }) => id),
      because,
    );
  }
}

/**
 * Tells whether a range has nothing left to sell or to look through. A returns range may grow again; a process that
 * draws from it lists it first.
 */
function isFinished(range: Range): boolean {
  const end = range.state === "void" ? range.head : range.tail;
  const isEmpty = range.left === 0 || range.state === "void";
  return isEmpty && range.start === end && (range.next === undefined || range.next === range.tail);
}

function unlistedReturns(deps: Deps, range: Range): Writes {
  if (range.next === undefined) return [];
  return [
    {
      Update: {
        TableName: deps.tables.inventory,
        Key: rangeKey(range.id),
        UpdateExpression: "SET listed = :false",
        ConditionExpression: "#next = :next AND listed = :true",
        ExpressionAttributeNames: { "#next": "next" },
        ExpressionAttributeValues: { ":false": false, ":true": true, ":next": range.next },
      },
    },
  ];
}

async function sweepRange(deps: Deps, range: Range, now: Date, swept: Swept): Promise<void> {
  const { start, notes = [] } = range;
  const { orphansBelow, buryBelow, notes: toKeep } = planSweep(range, now);
  if (range.next !== undefined) await publishReturns(deps, range, buryBelow, swept);
  if (orphansBelow === start && toKeep.length === notes.length && toKeep.at(-1) === notes.at(-1)) return;

  for await (const slot of slotStates(deps, range.slab, start, orphansBelow)) {
    if (slot.state !== "available") continue;
    await giveBack(deps, ticketFor(range.slab, slot.number, range.pool), "anyone");
    swept.orphans += 1;
  }
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(range.id),
    UpdateExpression: "SET #start = :start, notes = :notes",
    // Fails if another sweeper has moved one or the other.
    ConditionExpression: "#start = :was AND (attribute_not_exists(notes) OR notes = :seen)",
    ExpressionAttributeNames: { "#start": "start" },
    ExpressionAttributeValues: { ":start": orphansBelow, ":was": start, ":seen": notes, ":notes": toKeep },
  });
}

/**
 * Puts codes on sale that were given back: all that lie without a gap behind the tail. A number below `buryBelow` that
 * is still empty was drawn more than a ticket's lifetime ago, so its giver is gone: a tombstone closes the gap, and
 * stops that giver if it wakes up.
 */
async function publishReturns(deps: Deps, range: Range, buryBelow: number, swept: Swept): Promise<void> {
  const next = range.next ?? 0;
  if (range.tail >= next) return;
  const filled = new Set<number>();
  for await (const slot of slotStates(deps, range.slab, range.tail, next)) filled.add(slot.number);
  let tail = range.tail;
  while (tail < next) {
    if (!filled.has(tail)) {
      if (tail >= buryBelow) break;
      if (await bury(deps, range.slab, tail)) swept.buried += 1;
    }
    tail += 1;
  }
  if (tail === range.tail) return;
  if ((await raiseTail(deps, range.id, range.tail, tail)) !== undefined) swept.published += tail - range.tail;
}
