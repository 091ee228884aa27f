import { afterAll, expect, test } from "vitest";
import { blindShop, buyerOf, formTo } from "../../support/deliveries/browser-like.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { mailServer } from "../../support/messages/mail-server.ts";
import { eventually, http, operate, order, stockProduct } from "../../support/orders/shop.ts";

const stack = deployedStack();
const server = await mailServer();
afterAll(server.stop);

const mine = crypto.randomUUID().slice(0, 8);
const find = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  formTo(stack, "/find", fields, headers);

/** A shop whose buyers get mail and links, and that never sees a code. */
async function shopWithMail(more: object = {}) {
  const [shop, { productId, codes }] = await Promise.all([blindShop(), stockProduct(stack, 1)]);
  await operate(stack, {
    method: "POST",
    path: "/admin/v1/senders",
    json: { name: `find-${mine}`, protocol: "smtp", settings: server.settings },
  });
  await operate(stack, {
    method: "POST",
    path: `/admin/v1/channels/${shop.channelId}/messages`,
    json: { shop: "星河 Games", email: `find-${mine}`, turns: [], ...more },
  });
  return { shop, productId, codes };
}

test("a buyer finds an order again: a mail comes, its link opens the page once, and strangers learn nothing", async () => {
  const { shop, productId, codes } = await shopWithMail();
  const email = `anna-${mine}@example.com`;
  const reference = `Sun-${mine}`;
  await order(shop, [{ productId, quantity: 1 }], "one", { contact: { email, locale: "en" }, reference });

  const form = await http(stack, "GET", "/find", { headers: { "Accept-Language": "en" } });
  expect([form.status, form.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(form.text).toContain("Find your order");
  const wrong = await find({ reference, contact: "anna" });
  expect([wrong.status, wrong.text.includes("Enter an e-mail address")]).toEqual([400, true]);
  expect((await find({ reference, contact: email }, { "Sec-Fetch-Site": "cross-site" })).status).toBe(403);

  const unknown = await find({ reference: "no such order", contact: `x${email}` });
  const known = await find({ reference: reference.toLowerCase(), contact: email });
  expect([unknown.status, known.status, known.text]).toEqual([200, 200, unknown.text]);

  const mail = await eventually(async () => server.to(email)[0], "the mail");
  expect(mail.parsed.subject).toBe("星河 Games: the order that you looked for");
  const link = /http\S+\/find\/[0-9A-Za-z]{22}/.exec(mail.parsed.text ?? "")?.[0] ?? "";
  const path = link.slice(stack.apiUrl.length);
  // A program that looks at every link uses none up.
  for (const method of ["HEAD", "GET"]) expect((await http(stack, method, path)).status).toBe(200);
  const opened = await formTo(stack, path, {});
  expect([opened.status, opened.text.includes("Show my code")]).toEqual([200, true]);
  const [, token] = /"([0-9A-Za-z]{22})\/reveal/.exec(opened.text) ?? [];
  const buyer = buyerOf(stack, `${stack.apiUrl}/d/${token}`);
  expect((await buyer.reveal()).text).toContain(codes[0]);
  expect((await formTo(stack, path, {})).status).toBe(404);
  expect(server.to(email)).toHaveLength(1);
});

test("the codes of a dear order are shown after a one-time code, which comes by mail", async () => {
  const { shop, productId, codes } = await shopWithMail({ confirmAbove: { amount: 1, currency: "CNY" } });
  const email = `ben-${mine}@example.com`;
  const contact = { email, locale: "en" };
  const { body } = await order(shop, [{ productId, quantity: 1 }], "dear", { contact });
  const buyer = buyerOf(stack, body.deliveryUrl as string);
  const asked = await buyer.reveal();
  expect([asked.status, asked.text.includes("Enter your one-time code")]).toEqual([200, true]);
  const mail = await eventually(async () => server.to(email)[0], "the mail");
  expect(mail.parsed.subject).toBe("星河 Games: your one-time code");
  const [code = ""] = /^\d{8}$/m.exec(mail.parsed.text ?? "") ?? [];
  expect((await buyer.reveal({ code: "00000000" })).text).not.toContain(codes[0]);
  expect((await buyer.reveal({ code })).text).toContain(codes[0]);
  expect(server.to(email)).toHaveLength(1);
});
