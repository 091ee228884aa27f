import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import type { SendOutcome } from "../../../shared/messages/contract.ts";
import { messageItem, messageKey } from "../../../shared/messages/table.ts";
import { tellBuyer } from "../../../shared/messages/tell.ts";
import { eraseContact } from "../../../shared/orders/erase-contact.ts";
import { renewLink } from "../../../shared/orders/link.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { orderItem } from "../../../shared/orders/table.ts";
import { linkTokensWith } from "../../../shared/secrecy/link-tokens.ts";
import { messageScene, SHOP } from "../../support/messages/scene.ts";
import { at } from "../../support/orders/order-fixtures.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const ground = await sceneGround();
const { deps } = ground;

/** Somebody else has moved the order on; its review is over. */
const change = async ({ review: _over, ...order }: Order, more: Partial<Order>): Promise<void> => {
  const Item = orderItem({ ...order, ...more, version: order.version + 1 });
  await deps.db.send(new PutCommand({ TableName: deps.tables.orders, Item }));
};
const statesOf = async (scene: ReturnType<typeof messageScene>, orderId: string) =>
  (await scene.known(orderId)).map(({ template, state }) => `${template} ${state}`);
const NO_ANSWER: SendOutcome = { kind: "unknown", reason: "timed_out" };
const DOWN: SendOutcome = { kind: "not_sent", reason: "unreachable" };

test("a turn is told once, however often it is looked at, and by twenty at once", async () => {
  const scene = messageScene(ground);
  const { id } = await scene.orderOf();
  await Promise.all(Array.from({ length: 20 }, () => scene.tell(id)));
  await scene.tell(id);
  expect(scene.got.map(({ to }) => to)).toEqual(["anna@example.com"]);
  expect(await statesOf(scene, id)).toEqual(["delivered sent"]);
});

test("each turn that an order takes is told, and one that comes again is told again", async () => {
  const scene = messageScene(ground);
  const order = await scene.orderOf({ state: "review", review: { reason: "supplier_refused", since: at(0) } });
  await scene.tell(order.id);
  await change(order, { state: "fulfilled" });
  await scene.tell(order.id);
  await change(order, { state: "partly_fulfilled", refunded: 100, refundedAt: [at(1)] });
  await scene.tell(order.id);
  await change(order, { state: "refunded", refunded: 200, refundedAt: [at(1), at(2)] });
  await scene.tell(order.id);
  expect(await statesOf(scene, order.id)).toEqual([
    "delivered sent",
    "in_review sent",
    "refunded sent",
    "refunded sent",
  ]);
  expect(scene.got).toHaveLength(4);
});

test("what its sender could not send is sent when it can, later each time, and nothing is dropped", async () => {
  const scene = messageScene(ground);
  scene.answerWith(() => DOWN);
  const { id } = await scene.orderOf();
  await scene.tell(id);
  await scene.run(4 * 3600);
  const [waiting] = await scene.known(id);
  expect(waiting).toMatchObject({ state: "waiting", reason: "unreachable" });
  expect(waiting?.notSent).toBeGreaterThan(15);
  expect(waiting?.notSent).toBeLessThan(25);
  scene.answerWith(() => ({ kind: "sent", senderMessageId: "s" }));
  await scene.run(20 * 60);
  expect(await statesOf(scene, id)).toEqual(["delivered sent"]);
  expect(scene.got).toHaveLength(1);
});

test("after an answer that was lost it is sent once more, and never a third time", async () => {
  const scene = messageScene(ground);
  scene.answerWith(() => NO_ANSWER);
  const { id } = await scene.orderOf();
  await scene.tell(id);
  await scene.tell(id);
  expect(scene.got).toHaveLength(1);
  await scene.run(3600);
  expect(scene.got).toHaveLength(2);
  expect(new Set(scene.got.map((message) => message.id)).size).toBe(1);
  expect(await statesOf(scene, id)).toEqual(["delivered unsure"]);
});

test("what is over before it could be told is not told any more", async () => {
  const scene = messageScene(ground);
  scene.answerWith(() => DOWN);
  const order = await scene.orderOf({ state: "review", review: { reason: "supplier_refused", since: at(0) } });
  await scene.tell(order.id);
  await change(order, { state: "fulfilled" });
  scene.answerWith(() => ({ kind: "sent", senderMessageId: "s" }));
  await scene.run(120);
  expect(await statesOf(scene, order.id)).toEqual(["delivered sent", "in_review obsolete"]);
});

test("a contact that was erased gets nothing, also of what waits", async () => {
  const scene = messageScene(ground);
  scene.answerWith(() => DOWN);
  const { id } = await scene.orderOf();
  await scene.tell(id);
  await eraseContact(deps, id);
  scene.answerWith(() => ({ kind: "sent", senderMessageId: "s" }));
  await scene.run(120);
  expect(await statesOf(scene, id)).toEqual(["delivered obsolete"]);
  expect(scene.got).toEqual([]);
});

test("a buyer is written to by the way that the channel prefers, otherwise by the other; one who gave none by neither", async () => {
  const scene = messageScene(ground);
  scene.set({ prefer: "sms" });
  const both = await scene.orderOf({}, { email: "both@example.com", phone: "+8613800138000" });
  const mail = await scene.orderOf({}, { email: "mail@example.com" });
  const nothing = await scene.orderOf({}, { locale: "en" });
  const nobody = await scene.orderOf({}, null);
  for (const { id } of [both, mail, nothing, nobody]) await scene.tell(id);
  expect(scene.got.map(({ to }) => to)).toEqual(["+8613800138000", "mail@example.com"]);
});

test("what waits goes by the sender that is set meanwhile", async () => {
  const scene = messageScene(ground);
  scene.set({ email: "missing" });
  const { id } = await scene.orderOf();
  await scene.tell(id);
  expect(await scene.known(id)).toMatchObject([{ state: "waiting", reason: "sender_missing", sender: "missing" }]);
  scene.set({ email: "mail" });
  await scene.run(120);
  expect(await scene.known(id)).toMatchObject([{ state: "sent", sender: "mail" }]);
});

test("nothing of a message tells to whom it went, nor where its link leads", async () => {
  const scene = messageScene(ground);
  const { id } = await scene.orderOf();
  await scene.tell(id);
  const all = JSON.stringify(await scene.known(id));
  expect(all).not.toMatch(/anna|shop\.example/);
});

test("a message carries the link that the sale has made, and a renewed one from then on", async () => {
  const scene = messageScene(ground);
  const { page: _theirs, ...ours } = { ...SHOP, turns: [...SHOP.turns], channelId: "chan_1" };
  scene.telling.settingsOf = async () => ours;
  const order = await scene.orderOf({ linkEnds: at(90 * 86_400) });
  await scene.tell(order.id);
  const token = linkTokensWith(Buffer.alloc(32, 1));
  const renewed = await renewLink(deps, token, { order, cause: "support", now: deps.clock() });
  await change(renewed.ok ? renewed.value : order, { refunded: 1, refundedAt: [at(1)] });
  await scene.tell(order.id);
  const texts = scene.got.map((message) => message.text);
  expect(texts).toHaveLength(2);
  expect(texts[0]).toContain(`https://us.example/d/${token(order.id, 1)}`);
  expect(texts[1]).toContain(`https://us.example/d/${token(order.id, 2)}`);
  const none = await scene.orderOf();
  await scene.tell(none.id);
  expect(await scene.known(none.id)).toMatchObject([{ state: "withheld", reason: "no_link" }]);
});

test("who asks for the link gets it once for each occasion, also if its sender is down meanwhile and the channel tells of nothing", async () => {
  const scene = messageScene(ground);
  scene.set({ turns: [] });
  scene.answerWith(() => DOWN);
  const { id } = await scene.orderOf();
  await tellBuyer(scene.telling, id, { turn: "link", occasion: "1" });
  scene.answerWith(() => ({ kind: "sent", senderMessageId: "s" }));
  await scene.run(120);
  await tellBuyer(scene.telling, id, { turn: "link", occasion: "1" });
  await tellBuyer(scene.telling, id, { turn: "link", occasion: "2" });
  await scene.tell(id);
  expect(await statesOf(scene, id)).toEqual(["link sent", "link sent"]);
  expect(scene.got).toHaveLength(2);
});

test("a one-time code is sent at most once: not again after a lost answer, and not after its ten minutes", async () => {
  const code = { turn: "code", occasion: "1" } as const;
  const lost = messageScene(ground);
  lost.set({ turns: [] });
  lost.answerWith(() => NO_ANSWER);
  const first = await lost.orderOf();
  await tellBuyer(lost.telling, first.id, code);
  await lost.run(3600);
  await tellBuyer(lost.telling, first.id, code);
  expect([lost.got.length, ...(await statesOf(lost, first.id))]).toEqual([1, "code unsure"]);
  const down = messageScene(ground);
  down.set({ turns: [] });
  down.answerWith(() => DOWN);
  const second = await down.orderOf();
  await tellBuyer(down.telling, second.id, code);
  await down.run(900);
  down.answerWith(() => ({ kind: "sent", senderMessageId: "s" }));
  await down.run(1800);
  expect([down.got.length, ...(await statesOf(down, second.id))]).toEqual([0, "code obsolete"]);
});

test("an order has all of its messages read, also where they are more than one page of the table", async () => {
  const scene = messageScene(ground);
  const { id } = await scene.orderOf();
  await scene.tell(id);
  const [told] = await scene.known(id);
  if (told === undefined) throw new Error("nothing was told");
  const before = Array.from({ length: 3 }, (_, index) =>
    messageItem(
      { ...told, template: "code", occasion: String(index), reason: "x".repeat(390_000) },
      { expiresAtEpoch: 4_000_000_000 },
    ),
  );
  for (const Item of before) await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
  expect((await scene.known(id)).map(({ template }) => template)).toEqual(["code", "code", "code", "delivered"]);
});

test("a message with a one-time code is known for two days, and any other for ninety", async () => {
  const scene = messageScene(ground);
  const { id } = await scene.orderOf();
  await tellBuyer({ ...scene.telling, linkOf: async () => ({ code: "12345678" }) }, id, {
    turn: "code",
    occasion: "1",
  });
  const kept = await Promise.all(
    (await scene.known(id)).map(async (message) => {
      const item = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: messageKey(message) }));
      const days = (Number(item.Item?.["expiresAtEpoch"]) - Date.parse(scene.at()) / 1000) / 86_400;
      return `${message.template} ${days}`;
    }),
  );
  expect(kept).toEqual(["code 2", "delivered 90"]);
});
