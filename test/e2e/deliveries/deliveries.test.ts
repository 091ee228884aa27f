import { expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { blindShop, buyerOf } from "../../support/deliveries/browser-like.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { http, operate, order, stockProduct } from "../../support/orders/shop.ts";

const stack = deployedStack();

test("a buyer opens the link, taps, and sees the code; scanners see and change nothing, and the look is on record", async () => {
  const [shop, { productId, codes }] = await Promise.all([blindShop(), stockProduct(stack, 1)]);
  const bought = await order(shop, [{ productId, quantity: 1 }], "one");
  const { deliveryUrl, id } = bought.body as { deliveryUrl: string; id: string };
  expect(deliveryUrl).toMatch(/\/d\/[0-9A-Za-z]{22}$/);
  const again = await order(shop, [{ productId, quantity: 1 }], "one");
  expect(again.body).toEqual(bought.body);

  const buyer = buyerOf(stack, deliveryUrl);
  const page = await buyer.open();
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.text).toContain("Show my code");
  for (const method of ["GET", "HEAD"]) await buyer.open({ "User-Agent": "Slackbot-LinkExpanding 1.0" }, method);
  for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": "same-site" }]) {
    const refused = await buyer.reveal({}, headers);
    expect(refused.status).toBe(403);
    expect(refused.text).not.toContain(codes[0]);
  }
  expect((await buyer.state()).body).toEqual({ stamp: expect.any(String) });
  expect(await trailOf(domain(), id)).toEqual([]);

  const revealed = await buyer.reveal();
  expect([page.text.includes(codes[0] ?? ""), revealed.status, revealed.text.includes(codes[0] ?? "")]).toEqual([
    false,
    200,
    true,
  ]);
  const file = await buyer.file();
  expect(file.text).toBe(`${codes[0]}\r\n`);
  const looks = (await trailOf(domain(), id)).map(({ action, by, from }) => ({ action, by, from }));
  expect(looks).toEqual([
    { action: "codes_revealed", by: "link-1", from: "127.0.0.1" },
    { action: "codes_revealed", by: "link-1", from: "127.0.0.1" },
  ]);
  const cancelled = await http(stack, "POST", `/v1/orders/${id}/cancel`, {
    key: shop.key,
    headers: { "Idempotency-Key": "cancel" },
  });
  expect(cancelled.body.code).toBe("not_cancellable");
});

test("a channel and an operator each renew a link: the one before opens nothing, and operators are told none", async () => {
  const [shop, { productId }] = await Promise.all([blindShop(), stockProduct(stack, 1)]);
  const { body } = await order(shop, [{ productId, quantity: 1 }], "renewed");
  const renew = (key: string) =>
    http(stack, "POST", `/v1/orders/${body.id}/delivery-links`, { key: shop.key, headers: { "Idempotency-Key": key } });
  const [renewed, again] = [await renew("a"), await renew("a")];
  expect([renewed.status, again.body]).toEqual([201, renewed.body]);
  const statusOf = async (url: string): Promise<number> => (await buyerOf(stack, url).open()).status;
  expect([await statusOf(body.deliveryUrl), await statusOf(renewed.body.deliveryUrl)]).toEqual([404, 200]);
  const rotated = await operate(stack, {
    method: "POST",
    path: `/admin/v1/orders/${body.id}/delivery-links`,
    idempotencyKey: "operator",
  });
  expect(rotated).toEqual({ id: body.id, link: 3, expiresAt: expect.any(String), isWritten: false });
  expect(await statusOf(renewed.body.deliveryUrl)).toBe(404);
});
