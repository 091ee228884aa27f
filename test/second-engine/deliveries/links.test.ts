import { expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { findDelivery } from "../../../shared/deliveries/find.ts";
import { revealByLink } from "../../../shared/deliveries/reveal.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { findByToken, generationOf, renewLink, tokenOf } from "../../../shared/orders/link.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { linkTokensWith } from "../../../shared/secrecy/link-tokens.ts";
import { openMarket } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();
const token = linkTokensWith(Buffer.alloc(32, 1));
const visit = { sourceIp: "192.0.2.1", requestId: "r" };
const part = { from: 0, limit: 50 };

/** An order with a link whose code nobody has seen. */
async function linkedOrder(key = "linked", payment: "balance" | "deferred" = "balance") {
  const { productId, channelId, codes } = await openMarket(deps, { stock: 5, money: 10_000 });
  const request: NewOrder = { lines: [{ productId, quantity: 1 }], payment: { method: payment } };
  const place = () => placeOrder(deps, channelId, key, request, {}, { linkToken: token });
  const placed = await place();
  if (!placed.ok) throw new Error(placed.code);
  return { order: placed.value, place, codes };
}

const linkOf = (order: Order): string => tokenOf(token, order, deps.clock()) ?? "";
const secretsOf = (shown: Awaited<ReturnType<typeof revealByLink>>): string[] =>
  shown.ok ? shown.value.pieces.map(({ code }) => code.secret) : [shown.code];

test("a link opens its order and shows its codes; the repeat of the request has the same link", async () => {
  const { order, place, codes } = await linkedOrder();
  const again = await place();
  expect(again.ok && linkOf(again.value)).toBe(linkOf(order));
  const found = await findByToken(deps, linkOf(order), deps.clock());
  expect(found?.id).toBe(order.id);
  expect(codes).toEqual(expect.arrayContaining(secretsOf(await revealByLink(deps, order, visit, part))));
  expect(await trailOf(deps, order.id)).toMatchObject([{ action: "codes_revealed", by: "link-1", from: "192.0.2.1" }]);
});

test("an order that nobody asked a link for has none", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 1, money: 10_000 });
  const request: NewOrder = { lines: [{ productId, quantity: 1 }], payment: { method: "balance" } };
  const placed = await placeOrder(deps, channelId, "no link", request, {});
  expect(placed.ok && tokenOf(token, placed.value, deps.clock())).toBe(undefined);
});

test("a renewed link is dead at once, the new one is the same for each repeat, and an older repeat renews nothing", async () => {
  const { order } = await linkedOrder();
  const now = deps.clock();
  const renew = async (cause: string) => {
    const current = await findByToken(deps, last, now);
    const renewed = await renewLink(deps, token, { order: current ?? order, cause, now });
    if (!renewed.ok) throw new Error(renewed.code);
    return renewed.value;
  };
  let last = linkOf(order);
  const second = await renew("a");
  expect(await findByToken(deps, last, now)).toBe(undefined);
  last = linkOf(second);
  expect(linkOf(await renew("a"))).toBe(last);
  const third = await renew("b");
  last = linkOf(third);
  expect([generationOf(third), linkOf(await renew("a"))]).toEqual([3, last]);
});

test("of many renewals at once one link comes, which all of them give", async () => {
  const { order } = await linkedOrder();
  const now = deps.clock();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, index) => renewLink(deps, token, { order, cause: `twin ${index}`, now })),
  );
  const links = new Set(all.map((one) => (one.ok ? linkOf(one.value) : one.code)));
  expect(links.size).toBe(1);
  expect((await findByToken(deps, [...links][0] ?? "", now))?.id).toBe(order.id);
  expect(await findByToken(deps, linkOf(order), now)).toBe(undefined);
});

test("an order's link is renewed so often and no more", async () => {
  let { order } = await linkedOrder();
  for (let time = 0; time < LIMITS.linkRenewals; time++) {
    const renewed = await renewLink(deps, token, { order, cause: `${time}`, now: deps.clock() });
    if (!renewed.ok) throw new Error(renewed.code);
    order = renewed.value;
  }
  expect(await renewLink(deps, token, { order, cause: "more", now: deps.clock() })).toMatchObject({
    code: "limit_reached",
  });
});

test("a link ends to the second", async () => {
  const { order } = await linkedOrder();
  const ends = Date.parse(order.linkEnds ?? "");
  const at = (ms: number) => findByToken(deps, linkOf(order), new Date(ends + ms));
  expect((await at(-1000))?.id).toBe(order.id);
  expect(await at(1000)).toBe(undefined);
});

test("of twenty looks at once beyond the limit of a link exactly as many succeed as are left", async () => {
  const { order } = await linkedOrder();
  for (let look = 0; look < LIMITS.looksPerLink - 5; look++) await revealByLink(deps, order, visit, part);
  const all = await Promise.all(Array.from({ length: 20 }, () => revealByLink(deps, order, visit, part)));
  expect(all.filter(({ ok }) => ok)).toHaveLength(5);
  expect(new Set(all.flatMap((one) => (one.ok ? [] : [one.code])))).toEqual(new Set(["limit_reached"]));
  expect(await trailOf(deps, order.id)).toHaveLength(LIMITS.looksPerLink);
});

test("what is not paid shows nothing, and counts no look", async () => {
  const { order } = await linkedOrder("unpaid", "deferred");
  expect(await revealByLink(deps, order, visit, part)).toMatchObject({ code: "not_found" });
  expect(await trailOf(deps, order.id)).toEqual([]);
});

test("an address that guesses is refused, and buyers behind it and elsewhere find their orders", async () => {
  const { order } = await linkedOrder();
  const guess = (from: string, name: number) => findDelivery(deps, token(`guess ${name}`, 1), from);
  const kinds: string[] = [];
  for (let name = 0; name < 40; name++) kinds.push((await guess("198.51.100.1", name)).kind);
  expect(kinds).toEqual([
    ...Array<string>(LIMITS.wrongLinks).fill("unknown"),
    ...Array<string>(40 - LIMITS.wrongLinks).fill("too_many"),
  ]);
  for (const from of ["198.51.100.1", "198.51.100.2"])
    expect(await findDelivery(deps, linkOf(order), from)).toMatchObject({ kind: "found", order: { id: order.id } });
  expect(await guess("198.51.100.2", 1)).toEqual({ kind: "unknown" });
});
