import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { eraseBuyer, eraseDue, erasePersonalData, replayErasures } from "../../../shared/buyers/erase.ts";
import { exportBuyer } from "../../../shared/buyers/find.ts";
import { noteErasure } from "../../../shared/buyers/table.ts";
import { CaseChoice, decideCase } from "../../../shared/cases/decide.ts";
import { NewCase, openCase } from "../../../shared/cases/open.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Contact } from "../../../shared/orders/contact.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { namesOf } from "../../../shared/orders/people.ts";
import { orderItem, readOrder } from "../../../shared/orders/table.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, openMarket, settleMoney } from "../../support/orders/market.ts";
import { anna } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What is known of a person is found by one address, told to them, and erased: on request, by itself in time, and again after a restore.

const { deps } = await sceneGround();
const now = async (id: string): Promise<Order> => (await readOrder(deps, id)) as Order;
const nameOf = async (said: Contact): Promise<string> => namesOf(await deps.recognise(), said)[0] ?? "";

/** Somebody who has bought so often, with a mail address and a number. */
async function somebody(times = 2) {
  const contact = Contact.parse({ email: `${newId("req")}@example.com`, phone: "+8613800138000", locale: "zh-CN" });
  const market = await openMarket(deps, { stock: times, money: times * 100 });
  const ids: string[] = [];
  for (let time = 0; time < times; time++) {
    const lines = [{ productId: market.productId, quantity: 1 }];
    const bought = await buy(deps, market.channelId, newId("req"), lines, "reveal", undefined, { contact });
    ids.push(valueOf(bought).order.id);
  }
  await settleMoney(deps, ...ids);
  return { contact, market, ids, name: await nameOf({ email: contact.email }) };
}

test("all orders of an address are told, with how their buyer can be reached, and none of anybody else", async () => {
  const one = await somebody();
  const other = await somebody(1);
  const known = await exportBuyer(deps, one.name);
  expect(new Set(known.map(({ order }) => order.id))).toEqual(new Set(one.ids));
  for (const { contact } of known) expect(contact).toEqual(one.contact);
  const byPhone = await exportBuyer(deps, await nameOf({ phone: "+8613800138000" }));
  expect(byPhone.map(({ order }) => order.id)).toEqual(expect.arrayContaining([...one.ids, ...other.ids]));
  expect(await exportBuyer(deps, await nameOf({ email: "nobody@example.com" }))).toEqual([]);
});

test("an address is one however it is written, and is stored nowhere but sealed", async () => {
  const { contact, name, ids } = await somebody(1);
  const [mailbox = "", domain = ""] = contact.email?.split("@") ?? [];
  expect(await nameOf(Contact.parse({ email: ` ${mailbox}@${domain.toUpperCase()} ` }))).toBe(name);
  const item = JSON.stringify(orderItem(await now(ids[0] ?? "")));
  expect(item).not.toContain(mailbox);
});

test("erased on request: no order of theirs tells how to reach them, and the trade stands", async () => {
  const { name, ids, market } = await somebody();
  expect(await eraseBuyer(deps, name)).toEqual({ erased: expect.arrayContaining(ids), kept: [] });
  for (const id of ids) expect(await now(id)).not.toHaveProperty("contact");
  expect(await exportBuyer(deps, name)).toEqual([]);
  expect(await eraseBuyer(deps, name)).toEqual({ erased: [], kept: [] });
  const { productId, channelId } = market;
  expect(await violations(deps, { products: [productId], channels: [channelId], orders: ids })).toEqual([]);
});

test("an order with an open case keeps its contact until that has ended", async () => {
  const { name, ids } = await somebody(1);
  const [id = ""] = ids;
  const wish = NewCase.parse({ kind: "refund", lineId: "1" });
  const one = valueOf(await openCase(deps, id, wish, { opener: "buyer", key: "0" }));
  expect(await eraseBuyer(deps, name)).toEqual({ erased: [], kept: [id] });
  expect(await erasePersonalData(deps, id)).toMatchObject({ code: "case_open" });
  expect(await now(id)).toHaveProperty("contact");
  const refuse = CaseChoice.parse({ action: "refuse", because: "too_late", reason: "r" });
  valueOf(await decideCase(deps, one.id, refuse, anna));
  expect(await eraseBuyer(deps, name)).toEqual({ erased: [id], kept: [] });
});

test("a contact is erased by itself when its time is over, and not before", async () => {
  const { ids } = await somebody(1);
  const [id = ""] = ids;
  const at = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
  const eraseAt = (seconds: number) => eraseDue(at(seconds), (_, error) => expect(error).toBeUndefined());
  await eraseAt(LIMITS.contactKeptSeconds - 24 * 3600);
  expect(await now(id)).toHaveProperty("contact");
  expect(await eraseAt(LIMITS.contactKeptSeconds + 5 * 24 * 3600)).toBeGreaterThan(0);
  expect(await now(id)).not.toHaveProperty("contact");
  expect(await eraseAt(LIMITS.contactKeptSeconds + 5 * 24 * 3600)).toBe(0);
});

test("what was erased is erased again after the orders were restored to a time before", async () => {
  const { name, ids } = await somebody(1);
  const [id = ""] = ids;
  const before = await now(id);
  const since = new Date();
  await eraseBuyer(deps, name);
  await deps.db.send(new PutCommand({ TableName: deps.tables.orders, Item: orderItem(before) }));
  expect(await now(id)).toHaveProperty("contact");
  expect(valueOf(await replayErasures(deps, since)).erased).toBe(1);
  expect(await now(id)).not.toHaveProperty("contact");
  expect(valueOf(await replayErasures(deps, since)).erased).toBe(0);
});

test("erasures of many days are done again step after step, each once, and none that is not known any more", async () => {
  const day = (back: number): Date => new Date(deps.clock().getTime() - back * 24 * 3600 * 1000);
  // Orders that are not there any more: a restore may be to a time before them.
  const gone = Array.from({ length: LIMITS.erasuresPerReplay + 5 }, () => newId("ord"));
  for (const [index, id] of gone.entries()) await noteErasure(deps, id, day(35 - (index % 3)));
  const steps: { looked: number; next: string | null }[] = [];
  do steps.push(valueOf(await replayErasures(deps, day(36), steps.at(-1)?.next ?? undefined)));
  while (steps.at(-1)?.next !== null && steps.length < 10);
  const looked = steps.reduce((sum, step) => sum + step.looked, 0);
  expect(steps[0]?.looked).toBe(LIMITS.erasuresPerReplay);
  expect(looked).toBe(valueOf(await replayErasures(deps, day(31))).looked + gone.length);
  expect(await replayErasures(deps, day(41))).toMatchObject({
    code: "invalid_request",
    errors: [{ pointer: "/since" }],
  });
});
