import { type Db, update } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { readBatch } from "./batches.ts";
import type { Range, RangeState } from "./model.ts";
import { allRanges } from "./ranges.ts";
import { ranges } from "./stored.ts";
import { rangeKey, STATE_NAMES } from "./table.ts";

type Deps = Db<"inventory">;

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
  deps: Deps,
  productId: string,
  batchId: string,
  state: BatchState,
): Promise<Result<Closed>> {
  if ((await readBatch(deps, productId, batchId)) === undefined) return refuse("not_found", "There is no such batch.");
  const { closed, isAllVoid } = await closeRanges(deps, productId, state, (range) => range.batchId === batchId);
  if (state !== "void" && isAllVoid) return refuse("batch_void", "The batch is void, and that is for good.");
  return ok(closed);
}

/** Freezes what is on sale of a batch, also if its import has not finished. */
export async function freezeBatch(deps: Deps, productId: string, batchId: string): Promise<void> {
  await closeRanges(deps, productId, "frozen", (range) => range.batchId === batchId);
}

/** Voids every expired code of a product. Nobody could draw them any more; now they are also counted as void. */
export async function voidExpired(deps: Deps, productId: string, now: Date): Promise<Closed> {
  const hasExpired = ({ expiresAt }: Range): boolean => expiresAt <= now.toISOString();
  return (await closeRanges(deps, productId, "void", hasExpired)).closed;
}

/**
 * Goes through all ranges until a whole pass finds nothing to change. A range that was cut off, or made for returns,
 * during a pass is found by the next one; later ones are born in the state of their slab's first range.
 */
async function closeRanges(
  deps: Deps,
  productId: string,
  state: BatchState,
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
      const left = await changeState(deps, range, state);
      if (left === undefined) continue;
      changed += 1;
      closed.codes += left;
    }
    closed.ranges += changed;
    if (changed === 0) return { closed: { ...closed, kept }, isAllVoid: states.size === 1 && states.has("void") };
  }
}

/**
 * Changes the state of one range. Returns how many codes were left in it; undefined: it was not in a state to be
 * changed.
 */
async function changeState(deps: Deps, range: Range, state: BatchState): Promise<number | undefined> {
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
}
