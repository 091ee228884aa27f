import { batchGet } from "../aws/batch-get.ts";
import { type Db, update } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { cachedDirectory, forgetDirectory, markSoldOut } from "./directory.ts";
import { bySaleOrder, type Directory, type Range, type RangeEntry, type Ticket, ticketFor } from "./model.ts";
import { type Buyer, poolsFor } from "./pools.ts";
import { ranges } from "./stored.ts";
import { rangeKey } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * What is wanted, by whom, and a seed that spreads buyers over lanes. `goodUntil`: the codes are held this long, and
 * must not expire before.
 */
export type Draw = { productId: string; quantity: number; buyer: Buyer; seed: number; goodUntil?: string | undefined };

/**
 * Draws up to `quantity` tickets from the ranges that expire first. One conditional write for each range; a failed one
 * tells what is left, so a short range is emptied by the next write. Fewer tickets than asked for: there are no more.
 *
 * After a crash the sweeper finds the tickets: nothing is lost, and nobody else can draw the same numbers.
 */
export async function drawTickets(deps: Deps, draw: Draw, now: Date): Promise<Ticket[]> {
  const drawn: Ticket[] = [];
  for (const pool of await poolsFor(deps, draw.productId, draw.buyer)) {
    const quantity = draw.quantity - drawn.length;
    if (quantity > 0) drawn.push(...(await drawFromPool(deps, { ...draw, quantity }, pool, now)));
  }
  return drawn;
}

async function drawFromPool(deps: Deps, draw: Draw, pool: string, now: Date): Promise<Ticket[]> {
  const { productId, quantity } = draw;
  const { directory, fresh } = await cachedDirectory(deps, productId, pool);
  if (directory.frozen === true || isMarkedSoldOut(directory, now)) return [];
  const { drawn, looked } = await drawFrom(deps, directory.ranges, draw, now);
  let hasLooked = looked;
  if (drawn.length === quantity) return drawn;
  if (!fresh) {
    // Our list was old: a range may have come since.
    forgetDirectory(deps, productId, pool);
    const { directory: current } = await cachedDirectory(deps, productId, pool);
    const unseen = current.ranges.filter((range) => !directory.ranges.some((known) => known.id === range.id));
    const more = await drawFrom(deps, unseen, { ...draw, quantity: quantity - drawn.length }, now);
    drawn.push(...more.drawn);
    hasLooked &&= more.looked;
    if (drawn.length === quantity) return drawn;
  }
  // Don't mark the pool if codes only expire too soon for this buyer: others may have them. Don't mark it from memory
  // either: a memory of a second and a mark of a second would hide codes that come back for two.
  if (draw.goodUntil === undefined && hasLooked) await markSoldOut(deps, productId, pool, now);
  return drawn;
}

export function isMarkedSoldOut(directory: Directory, now: Date): boolean {
  return directory.soldOutUntil !== undefined && directory.soldOutUntil > now.toISOString();
}

/**
 * `looked`: every range that this buyer could draw from was read; none was left out because this process remembers it
 * as empty.
 */
type Drawn = { drawn: Ticket[]; looked: boolean };

async function drawFrom(deps: Deps, ranges: readonly RangeEntry[], draw: Draw, now: Date): Promise<Drawn> {
  const { quantity, seed, goodUntil = "" } = draw;
  const soon = after(now, LIMITS.minimumValiditySeconds);
  const good = ranges.filter(({ expiresAt }) => expiresAt > soon && expiresAt > goodUntil);
  const sellable = inLanes(
    good.filter(({ id }) => !isKnownEmpty(id)),
    seed,
  );
  const looked = sellable.length === good.length;
  const nearest = sellable.slice(0, LIMITS.rangesPerTicket);
  const drawn = await drawFromEach(deps, nearest, quantity);
  if (drawn.length === quantity || nearest.length === sellable.length) return { drawn, looked };
  // So many ranges are empty or short that reading a hundred is cheaper than trying the others one by one.
  for await (const stocked of rangesWithStock(deps, sellable.slice(LIMITS.rangesPerTicket))) {
    drawn.push(...(await drawFromEach(deps, stocked, quantity - drawn.length)));
    if (drawn.length === quantity) break;
  }
  return { drawn, looked };
}

/**
 * Sorts ranges so that each buyer begins in another lane. Lanes are ranges of the same expiry and kind: one item takes
 * a thousand writes a second and no more.
 */
export function inLanes(ranges: readonly RangeEntry[], seed: number): RangeEntry[] {
  const alike = Map.groupBy(ranges, (range) => `${range.expiresAt} ${range.id.includes("r")}`);
  return [...alike.values()].flatMap((lanes) => {
    const at = seed % lanes.length;
    return [...lanes.slice(at), ...lanes.slice(0, at)];
  });
}

/** Reads the ranges that had something left a moment ago: a hundred at a time, in their order. */
export async function* rangesWithStock(deps: Deps, entries: readonly RangeEntry[]): AsyncGenerator<Range[]> {
  for (let at = 0; at < entries.length; at += LIMITS.rangesPerLook) {
    const keys = entries.slice(at, at + LIMITS.rangesPerLook).map(({ id }) => rangeKey(id));
    const found = (await batchGet(deps.db, deps.tables.inventory, keys)).map(ranges.read);
    yield found.filter((range) => range.state === "open" && range.left > 0).sort(bySaleOrder);
  }
}

async function drawFromEach(deps: Deps, ranges: readonly RangeEntry[], quantity: number): Promise<Ticket[]> {
  const drawn: Ticket[] = [];
  for (const range of ranges) {
    let want = quantity - drawn.length;
    while (want > 0) {
      const written = await raiseHead(deps, range.id, want);
      if (written.ok) {
        const { slab, head, pool } = written.before;
        for (let i = 0; i < want; i++) drawn.push(ticketFor(slab, head + i, pool));
        break;
      }
      if (written.left === 0) knownEmpty.note(range.id, true);
      want = Math.min(want - 1, written.left);
    }
  }
  return drawn;
}

// An empty range that stays listed (its returns may grow) would cost every later sale a failed write. Each process
// remembers it for a second.
const knownEmpty = memory<true>({ lastsMs: 1_000, most: 10_000 });

/** Forgets that a range is empty, because codes came back to it. */
export function forgetEmpty(rangeId: string): void {
  knownEmpty.forget(rangeId);
}

const isKnownEmpty = (rangeId: string): boolean => knownEmpty.recall(rangeId) !== undefined;

/** Moves a range's head: the numbers that it passes belong to the caller. In this one write codes change hands. */
async function raiseHead(
  deps: Deps,
  rangeId: string,
  quantity: number,
): Promise<{ ok: true; before: Range } | { ok: false; left: number }> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(rangeId),
    UpdateExpression: "SET head = head + :quantity, #left = #left - :quantity",
    ConditionExpression: "#left >= :quantity AND #state = :open",
    ExpressionAttributeNames: { "#left": "left", "#state": "state" },
    ExpressionAttributeValues: { ":quantity": quantity, ":open": "open" },
    ReturnValues: "ALL_OLD",
  });
  if (written.ok) return { ok: true, before: ranges.read(written.item) };
  const range = ranges.find(written.old);
  return { ok: false, left: range?.state === "open" ? range.left : 0 };
}
