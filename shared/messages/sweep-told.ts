import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { type ArchiveDeps, readArchive } from "../events/archive.ts";
import type { ToldNews } from "../events/event.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { LIMITS } from "../kernel/limits.ts";
import { readOrder } from "../orders/table.ts";
import { TELLING_EVENTS, turnsOf } from "./model.ts";
import { findChannelMessages } from "./read-settings.ts";
import { messagesOfOrder } from "./record.ts";
import { archiveSweepKey, archiveSweeps } from "./table.ts";

export type SweepToldDeps = Db<"orders" | "operations"> &
  ArchiveDeps & { clock: Clock; wake: (orderId: string) => Promise<void> };

/** Orders that are looked at at the same time. */
const AT_ONCE = 16;

/**
 * Looks at the orders of which the archive tells that they may have taken a turn, ten minutes ago and more, and wakes those whose buyer
 * was not told: so no message depends on the bus, a queue or a call. Goes on where the last look ended. Gives how many were woken.
 */
export async function sweepTold(deps: SweepToldDeps): Promise<number> {
  const to = after(deps.clock(), -LIMITS.toldSweepSeconds);
  let woken = 0;
  for (let steps = 0; steps < LIMITS.toldSweepSteps; steps++) {
    const behind = await lastSeen(deps);
    const from = after(deps.clock(), -LIMITS.toldSweepBackSeconds);
    const objects = await readArchive(deps, { from, to, ...(behind === undefined ? {} : { after: behind }) }, OBJECTS);
    const last = objects.at(-1)?.name;
    if (last === undefined) break;
    const orders = new Set(objects.flatMap(({ news }) => news.filter(mayTell)).map(({ subject }) => subject));
    const missing = await inParallel(AT_ONCE, [...orders], async (id) => ((await isTold(deps, id)) ? [] : [id]));
    for (const id of missing.flat()) await deps.wake(id);
    woken += missing.flat().length;
    await noteSeen(deps, last);
    if (objects.length < OBJECTS) break;
  }
  return woken;
}

const OBJECTS = 100;

const mayTell = ({ hasContact, types }: ToldNews): boolean =>
  hasContact === true && types.some((type) => (TELLING_EVENTS as readonly string[]).includes(type));

/** Tells whether each turn of an order that its channel wants to be told of has a message. */
async function isTold(deps: SweepToldDeps, orderId: string): Promise<boolean> {
  const order = await readOrder(deps, orderId);
  if (order?.contact === undefined) return true;
  const settings = await findChannelMessages(deps, order.channelId);
  if (settings === undefined) return true;
  const known = await messagesOfOrder(deps, orderId);
  const now = deps.clock().toISOString();
  return turnsOf(order)
    .filter(({ turn }) => settings.turns.includes(turn))
    .every(({ turn, occasion }) =>
      known.some(
        ({ template, occasion: of, state, dueAt = now }) =>
          // A call that died has left it so; what waits is in the list of what is due.
          template === turn && of === occasion && !(state === "sending" && dueAt <= now),
      ),
    );
}

async function lastSeen({ db, tables }: SweepToldDeps): Promise<string | undefined> {
  const found = await db.send(new GetCommand({ TableName: tables.operations, Key: archiveSweepKey }));
  return archiveSweeps.find(found.Item)?.after;
}

async function noteSeen({ db, tables }: SweepToldDeps, name: string): Promise<void> {
  const Item = archiveSweeps.write(archiveSweepKey, { after: name });
  await db.send(new PutCommand({ TableName: tables.operations, Item }));
}
