import { expect, test } from "vitest";
import { hearNotice } from "../../../shared/messages/notice.ts";
import { messageScene } from "../../support/messages/scene.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const ground = await sceneGround();
const SMS = { prefer: "sms" } as const;
let numbers = 0;
const newNumber = (): string => `+8613800${String(numbers++).padStart(6, "0")}`;

test("a number gets one text message a minute and five an hour, exactly, however many come at once; the others wait and are sent", async () => {
  const scene = messageScene(ground);
  scene.set(SMS);
  const phone = newNumber();
  const orders = [];
  for (let n = 0; n < 20; n++) orders.push(await scene.orderOf({}, { phone }));
  await Promise.all(orders.map(({ id }) => scene.tell(id)));
  expect(scene.got).toHaveLength(1);
  const counts: number[] = [];
  for (let minute = 0; minute < 7; minute++) {
    await scene.run(60);
    counts.push(scene.got.length);
  }
  expect(counts).toEqual([2, 3, 4, 5, 5, 5, 5]);
  scene.pass(3_600);
  await scene.run(60);
  expect(scene.got).toHaveLength(6);
});

test("a sender's day is exact under twenty at once, and what is over it goes on the next day", async () => {
  const scene = messageScene(ground);
  scene.reachedWith({ perDay: 7 });
  scene.set({ email: `mail-${crypto.randomUUID()}` });
  const orders = [];
  for (let n = 0; n < 20; n++) orders.push(await scene.orderOf({}, { email: `day${n}@example.com` }));
  await Promise.all(orders.map(({ id }) => scene.tell(id)));
  expect(scene.got).toHaveLength(7);
  scene.pass(13 * 3600);
  await scene.run(120);
  expect(scene.got).toHaveLength(14);
});

test("a text message goes to no country that is not on the list, and costs nothing", async () => {
  const scene = messageScene(ground);
  scene.set(SMS);
  scene.reachedWith({ countries: ["86", "852"] });
  const [far, near] = [
    await scene.orderOf({}, { phone: "+8835100123456" }),
    await scene.orderOf({}, { phone: "+85291234567" }),
  ];
  for (const { id } of [far, near]) await scene.tell(id);
  expect(scene.got.map(({ to }) => to)).toEqual(["+85291234567"]);
  expect(await scene.known(far.id)).toMatchObject([{ state: "withheld", reason: "country_not_allowed" }]);
});

test("who can't be reached, or has complained, gets no more messages, of whichever order; a delay counts only the third time", async () => {
  const scene = messageScene(ground);
  const notices = { bounced: 1, complained: 1, deferred: 3 } as const;
  for (const [notice, times] of Object.entries(notices) as ["bounced" | "complained" | "deferred", number][]) {
    const email = `${notice}@example.com`;
    for (let n = 0; n < times; n++) {
      const order = await scene.orderOf({}, { email });
      await scene.tell(order.id);
      const [message] = await scene.known(order.id);
      expect([notice, n, message?.state]).toEqual([notice, n, "sent"]);
      await hearNotice(scene.telling, { orderId: order.id, messageId: message?.id ?? "", notice });
    }
    const next = await scene.orderOf({}, { email: email.toUpperCase() });
    await scene.tell(next.id);
    expect(await scene.known(next.id)).toMatchObject([{ state: "withheld", reason: notice, unreachable: true }]);
  }
  expect(scene.got).toHaveLength(5);
});

test("a recipient whom the sender refuses is known after that, until half a year has passed", async () => {
  const scene = messageScene(ground);
  scene.answerWith(() => ({ kind: "refused", reason: "no_such_mailbox", about: "recipient" }));
  const first = await scene.orderOf({}, { email: "gone@example.com" });
  await scene.tell(first.id);
  expect(await scene.known(first.id)).toMatchObject([{ state: "refused", unreachable: true }]);
  scene.answerWith(() => ({ kind: "sent", senderMessageId: "s" }));
  const [second, third] = [
    await scene.orderOf({}, { email: "gone@example.com" }),
    await scene.orderOf({}, { email: "gone@example.com" }),
  ];
  await scene.tell(second.id);
  scene.pass(181 * 24 * 3600);
  await scene.tell(third.id);
  expect(scene.got).toHaveLength(1);
});

test("a notice about a message that isn't there changes nothing", async () => {
  const scene = messageScene(ground);
  const { id } = await scene.orderOf({}, { email: "nobody@example.com" });
  await hearNotice(scene.telling, { orderId: id, messageId: "msg_none", notice: "bounced" });
  await scene.tell(id);
  expect(scene.got).toHaveLength(1);
});
