import { type Db, putNew, transact, update } from "../aws/dynamo.ts";
import { endOf } from "../inventory/count.ts";
import { type Cut, cutWrites } from "../inventory/cut.ts";
import { entryOf, listWrite, readDirectory } from "../inventory/directory.ts";
import { type Range, rangeIdFor, type SlotSeen, ticketFor, WITHHELD } from "../inventory/model.ts";
import { freshRange } from "../inventory/ranges.ts";
import { type NumberedSlot, slotStates } from "../inventory/slots.ts";
import { isAvailable, rangeKey, STATE_NAMES, slotKey, tombstone } from "../inventory/table.ts";
import { NEVER } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";

type Deps = Db<"inventory">;

/**
 * A restore: the moment to which the table was set back, and how many codes behind the last known sale may have been
 * sold without the log knowing.
 */
export type Restore = { since: string; margin: number };

const WRITES_AT_ONCE = 64;

/**
 * Withholds what a range may have sold without the log knowing: numbers that somebody had drawn, and the next few
 * behind each stretch that was sold. Then the head moves behind them. If a stretch was sold further up, because it had
 * been cut off, it is cut off again. A range remembers where this restore found it, so a repeat ends where it would
 * have ended with all that is known by then. Returns how many codes it withheld; undefined: somebody draws meanwhile.
 */
export async function withholdIn(deps: Deps, range: Range, restore: Restore): Promise<number | undefined> {
  let withheld = 0;
  for (let rest: Range | undefined = range; rest !== undefined; ) {
    if (rest.state === "void") return withheld;
    const doubt: Doubt = await doubtOf(deps, rest, restore);
    const cut: Cut | undefined = doubt.cutAt === undefined ? undefined : cutBefore(rest, doubt.cutAt);
    if (cut !== undefined && !(await putCut(deps, cut))) return undefined;
    const cutOff: Range | undefined = cut?.made[0];
    const kept: Range = cutOff === undefined ? rest : { ...rest, tail: cutOff.first };
    const { slab } = rest;
    const written = await inParallel(WRITES_AT_ONCE, doubt.numbers, (number) =>
      withhold(deps, ticketFor(slab, number)),
    );
    withheld += written.filter(Boolean).length;
    if (!(await moveMarks(deps, kept, doubt, restore))) return undefined;
    rest = cutOff;
  }
  return withheld;
}

/**
 * Numbers that may have been sold; where head, and for returns tail and next, will stand; and where another stretch was
 * sold.
 */
type Doubt = { numbers: number[]; head: number; tail?: number; next?: number; cutAt?: number };

function doubtOf(deps: Deps, range: Range, restore: Restore): Promise<Doubt> {
  if (range.state === "order") return doubtInRun(deps, range);
  return range.next === undefined ? doubtIn(deps, range, restore) : doubtInReturns(deps, range, restore);
}

/**
 * Finds what is in doubt in a large order's run. Nobody else draws from it. But codes that the log has sold to the
 * order, or withheld because the order left them, must not be on sale when the order releases its run.
 */
async function doubtInRun(deps: Deps, { slab, head, tail }: Range): Promise<Doubt> {
  let end = head;
  for await (const slot of slotStates(deps, slab, head, tail)) if (isTaken(slot)) end = slot.number + 1;
  return { numbers: [], head: end };
}

async function doubtIn(deps: Deps, range: Range, restore: Restore): Promise<Doubt> {
  const { slab, start, head, tail } = range;
  const found = foundBy(range, restore);
  const numbers: number[] = [];
  let end = Math.max(head, found.head + restore.margin);
  for await (const slot of slotStates(deps, slab, start, tail)) {
    if (isTaken(slot) && slot.number >= found.head) {
      if (slot.number > end) return { numbers, head: end, cutAt: slot.number };
      end = Math.max(end, slot.number + 1 + restore.margin);
    } else if (slot.state === "available" && slot.number < end) numbers.push(slot.number);
  }
  return { numbers, head: Math.min(end, tail) };
}

/** Gives where the marks stood when this restore looked first. */
function foundBy({ restored, head, next }: Range, { since }: Restore): Found {
  return restored?.since === since ? restored : { since, head, ...(next === undefined ? {} : { next }) };
}

type Found = NonNullable<Range["restored"]>;

/**
 * Finds what is in doubt in a returns range. It is short and grows at its end: everything up to the last number sold is
 * in doubt. Numbers without a code get tombstones; those that may have been drawn meanwhile are left out.
 */
async function doubtInReturns(deps: Deps, range: Range, restore: Restore): Promise<Doubt> {
  const { slab, start, head, tail, next = 0 } = range;
  const { margin } = restore;
  const found = foundBy(range, restore);
  const seen: NumberedSlot[] = [];
  for await (const slot of slotStates(deps, slab, start, endOf(range))) seen.push(slot);
  const last = seen.filter((slot) => slot.number >= found.head && isGone(slot)).at(-1)?.number ?? -1;
  const end = Math.max(head, Math.max(found.head, last + 1) + margin);
  const beyond = Math.max(next, (found.next ?? 0) + margin);
  const numbers = seen.filter(({ number, state }) => state === "available" && number < end).map(({ number }) => number);
  if (end <= tail) return { numbers, head: end, tail, next: beyond };
  const filled = new Set(seen.map(({ number }) => number));
  const empty = Array.from({ length: end - tail }, (_, index) => tail + index).filter((number) => !filled.has(number));
  await inParallel(WRITES_AT_ONCE, empty, (number) =>
    putNew(deps.db, deps.tables.inventory, tombstone(ticketFor(slab, number), { orderId: WITHHELD })),
  );
  return { numbers, head: end, tail: end, next: Math.max(beyond, end) };
}

/**
 * Tells whether an order has the slot. What an interrupted restore withheld or closed on a guess says nothing about
 * where sales ended.
 */
const isTaken = ({ state, orderId }: SlotSeen): boolean =>
  (state === "sold" || state === "held") && orderId !== WITHHELD;

const isGone = (slot: SlotSeen): boolean => isTaken(slot) || (slot.state === "moved" && slot.orderId !== WITHHELD);

function cutBefore(from: Range, first: number): Cut {
  const { productId, batchId, slab, expiresAt, pool, state, tail } = from;
  const id = rangeIdFor(from, first);
  const made = freshRange({ id, productId, batchId, slab, expiresAt, pool }, first, tail);
  return { from, quantity: tail - first, made: [{ ...made, state }] };
}

async function putCut(deps: Deps, cut: Cut): Promise<boolean> {
  const directory = await readDirectory(deps, cut.from.productId, cut.from.pool);
  const list = listWrite(deps, directory, (ranges) => [...ranges, ...cut.made.map(entryOf)]);
  return (await transact(deps.db, [...cutWrites(deps, cut), ...list])).ok;
}

async function withhold(deps: Deps, ticket: string): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :held, orderId = :withheld, #until = :never",
    ConditionExpression: isAvailable.condition,
    ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
    ExpressionAttributeValues: { ...isAvailable.values, ":held": "held", ":withheld": WITHHELD, ":never": NEVER },
  });
  return written.ok;
}

async function moveMarks(deps: Deps, range: Range, doubt: Doubt, restore: Restore): Promise<boolean> {
  const { head, tail = range.tail, next } = doubt;
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(range.id),
    UpdateExpression: `SET head = :to, tail = :end, #left = :left, restored = :restored${next === undefined ? "" : ", #next = :next"}`,
    ConditionExpression: "head = :head AND tail = :tail",
    ExpressionAttributeNames: { "#left": "left", ...(next === undefined ? {} : { "#next": "next" }) },
    ExpressionAttributeValues: {
      ":to": head,
      ":end": tail,
      ":left": tail - head,
      ":restored": foundBy(range, restore),
      ":head": range.head,
      ":tail": range.tail,
      ...(next === undefined ? {} : { ":next": next }),
    },
  });
  return written.ok;
}
