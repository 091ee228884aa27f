/** Looks for an order and at a dear order as buyers do, right and wrong, so that what they type and get can be looked for. */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { blindShop, buyerOf, formTo } from "../support/deliveries/browser-like.ts";
import { mailServer } from "../support/messages/mail-server.ts";
import { CODE_MARK, eventually, operate, order, type Shop, stockProduct } from "../support/orders/shop.ts";

/** Gives what nobody may keep: addresses, tokens of links, one-time codes. */
export async function findAsBuyers(): Promise<string[]> {
  const server = await mailServer();
  try {
    const shop = await blindShop();
    const { productId } = await stockProduct(shop.stack, 2);
    const name = `buyers-${randomBytes(4).toString("hex")}`;
    const post = (path: string, json: object) =>
      operate(shop.stack, { method: "POST", path: `/admin/v1/${path}`, json });
    await post("senders", { name, protocol: "smtp", settings: server.settings });
    const said = { shop: "星河 Games", email: name, turns: [] };
    const [settings, email] = [`channels/${shop.channelId}/messages`, addressOf()];
    await post(settings, said);
    const once = await findOnce({ shop, productId }, email, () => server.to(email)[0]?.parsed.text);
    await post(settings, { ...said, confirmAbove: { amount: 1, currency: "CNY" } });
    const dear = addressOf();
    const code = await confirm({ shop, productId }, dear, () => server.to(dear)[0]?.parsed.text);
    return [email, ...once, dear, ...code];
  } finally {
    await server.stop();
  }
}

const addressOf = (): string => `${CODE_MARK}.${randomBytes(9).toString("hex")}@example.com`;

type Selling = { shop: Shop; productId: string };
type ReadMail = () => string | undefined;

async function findOnce({ shop, productId }: Selling, email: string, mail: ReadMail): Promise<string[]> {
  const { stack } = shop;
  const contact = { email, locale: "en" };
  const reference = `Sun-${randomBytes(6).toString("hex")}`;
  const { body } = await order(shop, [{ productId, quantity: 1 }], undefined, { contact, reference });
  const stranger = addressOf();
  for (const asked of [stranger, email]) await formTo(stack, "/find", { reference, contact: asked });
  await formTo(stack, "/find", { reference: "", contact: email });
  const text = await eventually(async () => mail(), "the mail");
  const path = /\/find\/[0-9A-Za-z]{22}/.exec(text)?.[0] ?? "";
  const opened = await formTo(stack, path);
  expect(opened.status).toBe(200);
  expect((await formTo(stack, path)).status).toBe(404);
  return [stranger, path.slice("/find/".length), tokenIn(String(body.deliveryUrl))];
}

async function confirm({ shop, productId }: Selling, email: string, mail: ReadMail): Promise<string[]> {
  const contact = { email, locale: "en" };
  const { body } = await order(shop, [{ productId, quantity: 1 }], undefined, { contact });
  const buyer = buyerOf(shop.stack, String(body.deliveryUrl));
  await buyer.reveal();
  const text = await eventually(async () => mail(), "the mail");
  const [code = ""] = /^\d{8}$/m.exec(text) ?? [];
  expect((await buyer.reveal({ code: "00000000" })).text).not.toContain(CODE_MARK);
  expect((await buyer.reveal({ code })).text).toContain(CODE_MARK);
  return [tokenIn(String(body.deliveryUrl))];
}

const tokenIn = (url: string): string => url.slice(url.lastIndexOf("/") + 1);
