import { type Db, transact, update } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { times } from "../kernel/money.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type BookDeps, bookingWrites } from "../ledger/books.ts";
import { voidEntry } from "../ledger/supply-entries.ts";
import { readBatch } from "./batches.ts";
import type { Range, RangeState } from "./model.ts";
import { allRanges, readRange } from "./ranges.ts";
import { slotStates } from "./slots.ts";
import { ranges } from "./stored.ts";
import { rangeKey, STATE_NAMES } from "./table.ts";

type Deps = Db<"inventory">;
/** What is void is an expense, so voiding also needs the books. */
type VoidDeps = BookDeps & Deps & { clock: Clock };

/** The states that an operator may give a batch. `void` is for good. */
export type BatchState = Exclude<RangeState, "order">;

/** What was changed. `codes`: those that nobody had drawn. `kept`: ranges of large orders, which stay as they are. */
export type Closed = { ranges: number; codes: number; kept: number };

/** From which states a range may be brought into another one. Nothing leaves `void`. */
const FROM: Record<BatchState, readonly RangeState[]> = {
  open: ["frozen"],
  frozen: ["open"],
  void: ["open", "frozen"],
};

/**
 * Freezes, thaws or voids what is left of a batch, wherever it lies by now. Tickets that were drawn before may still be
 * sold.
 */
export async function closeBatch(
  deps: VoidDeps,
  productId: string,
  batchId: string,
  state: BatchState,
): Promise<Result<Closed>> {
  if ((await readBatch(deps, productId, batchId)) === undefined) return refuse("not_found", "There is no such batch.");
  const change = state === "void" ? voidRange(deps) : changeState(deps, state);
  const { closed, isAllVoid } = await closeRanges(deps, productId, change, (range) => range.batchId === batchId);
  if (state !== "void" && isAllVoid) return refuse("batch_void", "The batch is void, and that is for good.");
  return ok(closed);
}

/** Freezes what is on sale of a batch, also if its import has not finished. */
export async function freezeBatch(deps: Deps, productId: string, batchId: string): Promise<void> {
  await closeRanges(deps, productId, changeState(deps, "frozen"), (range) => range.batchId === batchId);
}

/** Voids every expired code of a product. Nobody could draw them any more; now they are also counted as void. */
export async function voidExpired(deps: VoidDeps, productId: string, now: Date): Promise<Closed> {
  const hasExpired = ({ expiresAt }: Range): boolean => expiresAt <= now.toISOString();
  return (await closeRanges(deps, productId, voidRange(deps), hasExpired)).closed;
}

/**
 * Goes through all ranges until a whole pass finds nothing to change. A range that was cut off, or made for returns,
 * during a pass is found by the next one; later ones are born in the state of their slab's first range.
 */
async function closeRanges(
  deps: Deps,
  productId: string,
  change: ChangeRange,
  isMeant: (range: Range) => boolean,
): Promise<{ closed: Closed; isAllVoid: boolean }> {
  const closed = { ranges: 0, codes: 0 };
  for (;;) {
    let changed = 0;
    let kept = 0;
    const states = new Set<RangeState>();
    for await (const range of allRanges(deps, productId)) {
      if (!isMeant(range)) continue;
      if (range.state === "order") kept += 1;
      else states.add(range.state);
      const left = await change(range);
      if (left === undefined) continue;
      changed += 1;
      closed.codes += left;
    }
    closed.ranges += changed;
    if (changed === 0) return { closed: { ...closed, kept }, isAllVoid: states.size === 1 && states.has("void") };
  }
}

/** Changes one range. Returns how many codes were left in it; undefined: it was not in a state to be changed. */
type ChangeRange = (range: Range) => Promise<number | undefined>;

const changeState =
  (deps: Deps, state: BatchState): ChangeRange =>
  async (range) => {
    if (!FROM[state].includes(range.state)) return undefined;
    const written = await update(deps.db, {
      TableName: deps.tables.inventory,
      Key: rangeKey(range.id),
      UpdateExpression: "SET #state = :to",
      ConditionExpression: "#state = :from",
      ExpressionAttributeNames: STATE_NAMES,
      ExpressionAttributeValues: { ":to": state, ":from": range.state },
      ReturnValues: "ALL_OLD",
    });
    return written.ok ? ranges.read(written.item).left : undefined;
  };

/** A try fails when somebody draws from the range, or gives a code back to it. */
const TRIES = 50;

/** Voids what is left of a range, and books what that has cost us as an expense, in one write. */
const voidRange =
  (deps: VoidDeps): ChangeRange =>
  async (listed) => {
    const { unitCost } = (await readBatch(deps, listed.productId, listed.batchId)) ?? {};
    if (unitCost === undefined) return changeState(deps, "void")(listed);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const range = await readRange(deps, listed.id);
      if (range === undefined || !FROM.void.includes(range.state)) return undefined;
      const { id, slab, head, tail, left, state } = range;
      let codes = 0;
      for await (const slot of slotStates(deps, slab, head, tail)) codes += slot.state === "available" ? 1 : 0;
      const change = {
        TableName: deps.tables.inventory,
        Key: rangeKey(id),
        UpdateExpression: "SET #state = :to",
        ConditionExpression: "#state = :from AND head = :head AND tail = :tail",
        ExpressionAttributeNames: STATE_NAMES,
        ExpressionAttributeValues: { ":to": "void", ":from": state, ":head": head, ":tail": tail },
      };
      const at = { at: deps.clock().toISOString(), zone: deps.zone };
      const booked = codes === 0 ? [] : [voidEntry(id, times(unitCost, codes), at)];
      const written = await transact(deps.db, [{ Update: change }, ...(await bookingWrites(deps, booked))]);
      if (written.ok) return left;
    }
    throw new Fault("range_contended", `the range ${listed.id} can't be voided`);
  };
