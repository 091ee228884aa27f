import { expect, test } from "vitest";
import { createChannel } from "../../../shared/channels/keys.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { searchOrders } from "../../../shared/orders/search.ts";
import { putOrder } from "../../../shared/orders/table.ts";
import { codeLine, orderOf as orderLike } from "../../support/orders/order-fixtures.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

const { deps } = await sceneGround();

const channel = async (name: string) => valueOf(await createChannel(deps, { name }, name, deps.clock())).id;

async function place(channelId: string, reference: string, day: number): Promise<string> {
  const placedAt = new Date(Date.UTC(2026, 2, day)).toISOString();
  const order = { ...orderLike("open", [codeLine("open")]), id: newId("ord"), channelId, reference, placedAt };
  expect(await putOrder(deps, order)).toMatchObject({ ok: true });
  return order.id;
}

/** All that a search finds, call after call, and how many calls that took. */
async function search(asked: Parameters<typeof searchOrders>[1], limit: number) {
  const found: string[] = [];
  let after: string | undefined;
  let calls = 0;
  do {
    const { orders, next } = await searchOrders(deps, asked, limit, after);
    found.push(...orders.map(({ id }) => id));
    calls += 1;
    after = next ?? undefined;
  } while (after !== undefined);
  return { found: found.toSorted(), calls };
}

test("an order is found by its reference in whichever channel it is, however small the pages are", async () => {
  const channels = [await channel("A"), await channel("B"), await channel("C")];
  const [a = "", b = "", c = ""] = channels;
  await channel("without orders");
  const wanted = [await place(a, "wanted", 4), await place(c, "wanted", 2), await place(c, "wanted", 3)].toSorted();
  for (let day = 1; day < 9; day++) await place(b, "other", day);
  await place(a, "wanted", 1);
  const since = "2026-03-01T12:00:00.000Z";
  for (const limit of [1, 2, 100]) expect((await search({ reference: "wanted", since }, limit)).found).toEqual(wanted);
  expect(await search({ reference: "nobody's", since }, 100)).toEqual({ found: [], calls: 1 });
  expect((await search({ reference: "wanted", state: "fulfilled", since }, 100)).found).toEqual([]);
});

test("one call reads a bounded number of pages, and the next goes on where it ended", async () => {
  const many = await channel("Many");
  for (let day = 1; day < 29; day++) await place(many, "other", day);
  const since = "2026-03-01T00:00:00.000Z";
  // More pages of one order than one call may read, with those of the channels that others have made.
  for (let n = 0; n < 30; n++) await place(many, "other", 28);
  const { found, calls } = await search({ reference: "nowhere", since }, 1);
  expect(found).toEqual([]);
  expect(calls).toBe(2);
});
