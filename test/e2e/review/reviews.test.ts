import { afterAll, describe, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { terminal } from "../../support/ops/ops.ts";
import { secondOperator } from "../../support/ops/second-operator.ts";
import {
  http,
  openShop,
  operate,
  order,
  orderIn,
  type Shop,
  stockProduct,
  tryToOperate,
} from "../../support/orders/shop.ts";
import { goodsIn, resultsIn, reviewsIn, trailIn } from "../../support/orders/shown.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { inspect } from "../../support/suppliers/topup-orders.ts";
import { openTopups, type Topups } from "../../support/suppliers/topups.ts";

const stack = deployedStack();
const { json } = terminal(stack);
const open: Topups[] = [];
afterAll(() => Promise.all(open.map(({ simulator }) => simulator.stop())));

/** So many refused top-ups of one supplier before a person, bought by a channel with money. */
async function inReview(count: number, price: number): Promise<{ shop: Shop; topups: Topups; orderIds: string[] }> {
  const topups = await openTopups(stack, {}, price);
  open.push(topups);
  const shop = await openShop(count * price);
  const recipient = { account: magicAccount("refused") };
  const line = { productId: topups.productId, quantity: 1, recipient };
  const placed = await Promise.all(Array.from({ length: count }, () => order(shop, [line])));
  const orderIds = placed.map(({ body }) => String(body.id));
  await Promise.all(orderIds.map((id) => orderIn(shop, id, "review")));
  return { shop, topups, orderIds };
}

describe("reviews over the operator API", () => {
  test("an amount over the limit takes two people, each with credentials of their own", async () => {
    const { shop, orderIds } = await inReview(1, 100_000);
    const path = `/admin/v1/reviews/${orderIds[0]}/decisions`;
    const call = { method: "POST", path, json: { action: "refund", reason: "none left" } } as const;
    expect(await tryToOperate(stack, call)).toMatchObject({ status: 409, body: { code: "person_unknown" } });
    const first = await secondOperator(stack);
    const asFirst = () => first(call);
    expect(await asFirst()).toMatchObject({
      status: 202,
      body: { state: "review", review: { proposal: { action: "refund" } } },
    });
    expect(await asFirst()).toMatchObject({ status: 409, body: { code: "second_person_required" } });
    const shown = await operate(stack, { method: "GET", path: `/admin/v1/reviews/${orderIds[0]}` });
    expect(shown.review.proposal.action).toBe("refund");
    expect(trailIn(shown)).toEqual(["review_refund_proposed"]);
    const asSecond = await secondOperator(stack);
    expect(await asSecond(call)).toMatchObject({ status: 200, body: { state: "refunded", refunded: 100_000 } });
    await orderIn(shop, String(orderIds[0]), "refunded");
    const { audit } = await inspect(shop, String(orderIds[0]));
    expect(new Set(audit.map(({ by }) => by)).size).toBe(2);
  });

  test("a code from stock instead of a top-up that nobody has is delivered to its buyer", async () => {
    const { shop, orderIds } = await inReview(1, 4950);
    const { productId, codes } = await stockProduct(stack, 1);
    const replace = ["reviews", "decide", String(orderIds[0]), "--action", "replace", "--line", "1", "--with", "stock"];
    const decided = await json(...replace, "--product", productId, "--reason", "a card does as well");
    expect(decided).toMatchObject({ code: 0, value: { state: "fulfilled" } });
    const shown = await orderIn(shop, String(orderIds[0]), "fulfilled");
    expect(shown.total.amount).toBe(4950);
    const goods = await http(stack, "GET", `/v1/orders/${orderIds[0]}/deliverables`, { key: shop.key });
    expect(goodsIn(goods.body.data).map(({ secret }) => secret)).toEqual(codes);
  });

  test("one command decides for a whole supplier, page by page, and answers order by order", async () => {
    const { shop, topups, orderIds } = await inReview(4, 4950);
    const all = ["reviews", "decide", "--all", "--supplier", topups.supplierId, "--reason", "gone for good"];
    const noted = await json(...all, "--action", "note");
    expect(resultsIn(noted.value).map(({ result }) => result)).toEqual(["noted", "noted", "noted", "noted"]);
    const unsaid = await json(...all, "--action", "refund");
    expect(unsaid).toMatchObject({
      code: 2,
      value: { detail: expect.stringMatching(/refund about 4 orders, worth 198.00 CNY/) },
    });
    const { code, value } = await json(...all, "--action", "refund", "--yes");
    expect(code).toBe(0);
    expect(
      resultsIn(value)
        .map(({ orderId }) => orderId)
        .toSorted(),
    ).toEqual(orderIds.toSorted());
    for (const id of orderIds) await orderIn(shop, id, "refunded");
    const none = await json(...all, "--action", "refund", "--yes");
    expect(none.value).toMatchObject({ results: [], nextCursor: null });
  });

  test("the list can be narrowed to a reason and a supplier, and says what each decision would do", async () => {
    const { topups, orderIds } = await inReview(1, 4950);
    const mine = await json(
      "reviews",
      "list",
      "--supplier",
      topups.supplierId,
      "--reason",
      "sold_out",
      "--limit",
      "100",
    );
    const found = reviewsIn(mine.value).filter(({ orderId }) => orderId === orderIds[0]);
    expect(found).toMatchObject([{ choices: [{ action: "retry", allowed: true }, {}, { takesTwo: false }, {}] }]);
    const others = await json("reviews", "list", "--supplier", topups.supplierId, "--reason", "timed_out");
    expect(others.value.data).toEqual([]);
    const misspelt = await json("reviews", "list", "--supplier", topups.supplierId, "--reason", "banana");
    expect(misspelt).toMatchObject({ code: 1, value: { errors: [{ pointer: "/query/reason" }] } });
    const nobody = await json("reviews", "list", "--supplier", "sup_nobody");
    expect(nobody).toMatchObject({ code: 1, value: { errors: [{ pointer: "/query/supplierId" }] } });
  });

  test("the limits are the platform's until somebody says otherwise, and each stays when another is set", async () => {
    const before = await json("settings", "show");
    expect(before.value).toEqual({ twoPeopleFrom: {}, decideWithinSeconds: 14 * 24 * 3600 });
    const set = await json("settings", "set", "--two-people-from", "JPY=5000000");
    expect(set.value).toEqual({ twoPeopleFrom: { JPY: 5_000_000 }, decideWithinSeconds: 14 * 24 * 3600 });
    expect((await json("settings", "show")).value).toEqual(set.value);
    const sooner = await json("settings", "set", "--decide-within", "3600");
    expect(sooner.value).toEqual({ ...set.value, decideWithinSeconds: 3600 });
    const changes = (await trailOf(domain(), "settings")).map(({ before, after }) => ({ before, after }));
    expect(changes.slice(-2)).toEqual([
      { before: {}, after: { "twoPeopleFrom.JPY": 5_000_000 } },
      { before: { decideWithinSeconds: 14 * 24 * 3600 }, after: { decideWithinSeconds: 3600 } },
    ]);
    expect((await json("settings", "set")).code).toBe(2);
    expect((await json("settings", "set", "--reset")).value).toEqual(before.value);
  });
});
