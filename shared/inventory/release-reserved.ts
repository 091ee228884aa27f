import { type Db, transact, update, type Writes } from "../aws/dynamo.ts";
import { Fault } from "../kernel/fault.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { entryOf, forgetDirectory, listWrite, readDirectory } from "./directory.ts";
import { CODES_PER_MOVE, giveBackTogether } from "./give-back.ts";
import { type Range, type Reserved, type ReservedFor, slabOfOrigin, ticketFor } from "./model.ts";
import { readRange } from "./ranges.ts";
import { slotStates } from "./slots.ts";
import { catalogueKey, isReservedFor, rangeKey, wasReservedFor } from "./table.ts";

type Deps = Db<"inventory">;

/** A try fails when a seller moves the head, or somebody changes the directory. Both are short. */
const TRIES = 20;

/** Transactions at the same time. Each takes some tens of milliseconds. */
const MOVES_AT_ONCE = 8;

/**
 * Releases a run of a large order. One write puts what was not sold yet on sale again, whatever the number, and ends
 * all selling, because no head can be moved any more. What a head has passed goes back code by code, `atMost` codes in
 * this call. True: nothing of the run belongs to the order any more. Idempotent, safe to run concurrently, and safe to
 * interrupt.
 */
export async function releaseReserved(
  deps: Deps,
  giver: ReservedFor,
  reserved: Reserved,
  atMost: number,
): Promise<boolean> {
  const range = await endSelling(deps, giver, reserved);
  if (range === "forgotten") return giveBackForgotten(deps, giver, reserved, atMost);
  const done = range?.done ?? reserved.first;
  if (range === undefined || done <= reserved.first) return true;
  const from = Math.max(reserved.first, done - atMost);
  await giveBackRun(deps, range, reserved, from, done);
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(range.id),
    UpdateExpression: "SET done = :from",
    ConditionExpression: "done = :done AND orderId = :order",
    ExpressionAttributeValues: { ":from": from, ":done": done, ":order": giver.orderId },
  });
  return from === reserved.first;
}

/**
 * Ends the selling of a run. Returns the run when it is for sale again; undefined when it is part of its old range
 * again; `forgotten` when the table knows nothing of it: somebody made it part of its range before, or a restore has
 * undone the cut.
 */
async function endSelling(
  deps: Deps,
  giver: ReservedFor,
  reserved: Reserved,
): Promise<Range | "forgotten" | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const range = await readRange(deps, reserved.range);
    // By now another order may have a run of the same name.
    if (!wasReservedFor(range, giver)) return "forgotten";
    if (range.state !== "order") return range;
    if (range.head === reserved.first && (await rejoin(deps, giver, range, reserved))) return undefined;
    await open(deps, giver, range);
  }
  throw new Fault("run_contended", `the run ${reserved.range} of ${giver.orderId} can't be released`);
}

/** Makes an untouched run part of its old range again, if that still ends where the run begins. */
async function rejoin(
  deps: Deps,
  giver: ReservedFor,
  range: Range,
  { from, first, quantity }: Reserved,
): Promise<boolean> {
  const { id, productId, pool } = range;
  const TableName = deps.tables.inventory;
  const untouched = {
    TableName,
    Key: rangeKey(id),
    ConditionExpression: `${isReservedFor.condition} AND head = :first`,
    ExpressionAttributeNames: isReservedFor.names,
    ExpressionAttributeValues: { ...isReservedFor.values(giver), ":first": first },
  };
  const grown = {
    TableName,
    Key: rangeKey(from),
    UpdateExpression: "SET tail = tail + :quantity, #left = #left + :quantity",
    ConditionExpression: "tail = :first AND #state = :open AND #pool = :pool AND attribute_not_exists(#next)",
    ExpressionAttributeNames: { "#left": "left", "#state": "state", "#pool": "pool", "#next": "next" },
    ExpressionAttributeValues: { ":quantity": quantity, ":first": first, ":open": "open", ":pool": pool },
  };
  const listed = readListed(deps, range, from);
  const written = await transact(deps.db, [
    { Delete: untouched },
    { Update: grown },
    { Delete: { TableName, Key: catalogueKey(productId, id) } },
    ...(await listed),
  ]);
  return written.ok;
}

/** Makes the write that lists the range again: the sweeper may have removed it when it was empty. */
async function readListed(deps: Deps, { productId, pool, expiresAt }: Range, id: string): Promise<Writes> {
  const directory = await readDirectory(deps, productId, pool);
  return listWrite(deps, directory, (ranges) =>
    ranges.some((range) => range.id === id) ? ranges : [...ranges, { id, expiresAt }],
  );
}

/**
 * Opens the run for sale in its pool, or gives it the state that its batch has by now. `done` keeps how far the order
 * had come: from here on other buyers move the head.
 */
async function open(deps: Deps, giver: ReservedFor, range: Range): Promise<void> {
  const { id, productId, pool, head } = range;
  const TableName = deps.tables.inventory;
  const origin = await readRange(deps, slabOfOrigin(range.slab));
  if (origin === undefined) throw new Fault("range_missing", `slab ${range.slab} has no range`);
  const directory = await readDirectory(deps, productId, pool);
  await transact(deps.db, [
    {
      Update: {
        TableName,
        Key: rangeKey(id),
        UpdateExpression: "SET #state = :to, done = :head",
        ConditionExpression: `${isReservedFor.condition} AND head = :head`,
        ExpressionAttributeNames: isReservedFor.names,
        ExpressionAttributeValues: { ...isReservedFor.values(giver), ":head": head, ":to": origin.state },
      },
    },
    {
      ConditionCheck: {
        TableName,
        Key: rangeKey(origin.id),
        ConditionExpression: "#state = :state",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":state": origin.state },
      },
    },
    ...listWrite(deps, directory, (ranges) => [...ranges, entryOf(range)]),
  ]);
  forgetDirectory(deps, productId, pool);
}

/**
 * Gives back what the order has of a run that is not its own any more. It has something only after a restore, which
 * gave it codes one by one; such codes have no time of sale. A code with one was sold in the order's next epoch, and
 * must stay.
 */
async function giveBackForgotten(
  deps: Deps,
  { orderId }: ReservedFor,
  { slab, pool, first, quantity }: Reserved,
  atMost: number,
): Promise<boolean> {
  const numbers: number[] = [];
  for await (const slot of slotStates(deps, slab, first, first + quantity)) {
    if (slot.orderId === orderId && slot.soldAt === undefined) numbers.push(slot.number);
    if (numbers.length === atMost) break;
  }
  await giveBackAll(deps, orderId, { slab, pool }, numbers);
  return numbers.length < atMost;
}

async function giveBackRun(deps: Deps, range: Range, { pool }: Reserved, from: number, to: number): Promise<void> {
  const { slab, orderId = "" } = range;
  const numbers: number[] = [];
  for await (const slot of slotStates(deps, slab, from, to))
    if (slot.state === "available" || slot.orderId === orderId) numbers.push(slot.number);
  await giveBackAll(deps, orderId, { slab, pool }, numbers);
}

/** Gives back codes of one slab that belong to the order, many at once. */
export async function giveBackAll(
  deps: Deps,
  orderId: string,
  { slab, pool }: Pick<Reserved, "slab" | "pool">,
  numbers: readonly number[],
): Promise<void> {
  const parts = Array.from({ length: Math.ceil(numbers.length / CODES_PER_MOVE) }, (_, part) =>
    numbers.slice(part * CODES_PER_MOVE, (part + 1) * CODES_PER_MOVE),
  );
  await inParallel(MOVES_AT_ONCE, parts, (part) =>
    giveBackTogether(
      deps,
      part.map((number) => ticketFor(slab, number, pool)),
      { orderId },
    ),
  );
}
