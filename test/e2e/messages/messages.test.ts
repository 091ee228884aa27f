import { afterAll, describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { mailServer } from "../../support/messages/mail-server.ts";
import { eventually, http, openShop, operate, order, stockProduct } from "../../support/orders/shop.ts";

const stack = deployedStack();
const server = await mailServer();
afterAll(server.stop);

const PAGE = "https://shop.example/o/{order}";
const mine = crypto.randomUUID().slice(0, 8);
const SENDER = `mail-${mine}`;

/** A shop whose buyers get mail, with codes in stock. */
async function shopWithMail() {
  await operate(stack, {
    method: "POST",
    path: "/admin/v1/senders",
    json: { name: SENDER, protocol: "smtp", settings: server.settings },
  });
  const [shop, { productId }] = await Promise.all([openShop(), stockProduct(stack, 10)]);
  await operate(stack, {
    method: "POST",
    path: `/admin/v1/channels/${shop.channelId}/messages`,
    json: { shop: "星河 Games", help: "help@shop.example", email: SENDER, page: PAGE },
  });
  return { shop, productId };
}

const messagesOf = async (orderId: string) =>
  (await operate(stack, { method: "GET", path: `/admin/v1/orders/${orderId}/messages` })).data;

describe.concurrent("messages to buyers", () => {
  test("tell by mail that the goods are there: the link and never the code; support sees what and when, and not to whom", async () => {
    const { shop, productId } = await shopWithMail();
    const email = `anna-${mine}@example.com`;
    const bought = await order(shop, [{ productId, quantity: 1 }], undefined, { contact: { email, locale: "en" } });
    expect(bought.status).toBe(201);
    const { id, lines } = bought.body;
    const mail = await eventually(async () => server.to(email)[0], "the mail");
    const link = PAGE.replace("{order}", id);
    expect(mail.parsed).toMatchObject({
      subject: "星河 Games: your order is ready",
      from: { text: '"星河 Games" <orders@shop.example>' },
    });
    expect(mail.parsed.text).toContain(link);
    expect(mail.parsed.html).toContain(`href="${link}"`);
    const [{ secret }] = lines[0].deliverables;
    expect(mail.raw + mail.parsed.text + mail.parsed.html).not.toContain(secret);
    const [message, ...more] = await eventually(async () => {
      const all = await messagesOf(id);
      return all[0]?.state === "sent" ? all : undefined;
    }, "the message is sent");
    expect(more).toEqual([]);
    expect(message).toEqual({
      id: expect.stringMatching(/^msg_/),
      template: "delivered",
      medium: "email",
      sender: SENDER,
      state: "sent",
      createdAt: expect.any(String),
      sentAt: expect.any(String),
    });
    expect(server.to(email)).toHaveLength(1);
  });

  test("go to nobody of whom the order says nothing, and the preview is what is sent", async () => {
    const { shop, productId } = await shopWithMail();
    const bought = await order(shop, [{ productId, quantity: 1 }]);
    const preview = await operate(stack, {
      method: "GET",
      path: `/admin/v1/channels/${shop.channelId}/messages/delivered`,
    });
    expect(preview).toMatchObject({
      subject: "【星河 Games】您购买的商品已就绪",
      html: expect.stringContaining('lang="zh-Hans"'),
    });
    const known = await http(stack, "GET", `/v1/orders/${bought.body.id}`, { key: shop.key });
    expect(known.body).toMatchObject({ state: "fulfilled", hasContact: false });
    expect(await messagesOf(bought.body.id)).toEqual([]);
  });
});
