import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import { Decision } from "../../../shared/review/decision.ts";
import { writeReviewSettings } from "../../../shared/review/settings.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import { buy, openMarket, stockedProduct } from "../../support/orders/market.ts";
import { anna, ben, fromStock, ReviewGround, refund } from "../../support/review/review-ground.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";

// A decision over the limit takes two people, who are two; and nothing over the limit looks as if it were under it.

let ground: ReviewGround;
beforeAll(async () => {
  ground = await ReviewGround.open();
});
afterAll(() => ground.close());

const settings = (said: object) => writeReviewSettings(ground.deps, ReviewSettings.parse(said));
const as = (operator: string, requestId = newId("req")) => ({ operator, requestId });
const session = (role: string, name: string) => as(`arn:aws:sts::1:assumed-role/${role}/${name}`);
const proposed = { ok: true, value: { kind: "proposed" } };
const done = { ok: true, value: { kind: "done" } };

describe("one person is not two", () => {
  beforeAll(() => settings({ twoPeopleFrom: { CNY: 50 } }));

  test("by two principals: an IAM user, and a session of IAM Identity Center in another account", async () => {
    const seen = await ground.inReview();
    const annaAgain = as("arn:aws:sts::2:assumed-role/AWSReservedSSO_Support_0123456789abcdef/Anna@shop.example");
    expect(await decide(ground.deps, seen.orderId, refund, anna)).toMatchObject(proposed);
    const again = await decide(ground.deps, seen.orderId, refund, annaAgain);
    expect(again).toMatchObject({ ok: false, code: "second_person_required" });
    expect(await seen.order()).toMatchObject({ state: "review", refunded: 0 });
    expect(await decide(ground.deps, seen.orderId, refund, ben)).toMatchObject(done);
    expect(await trailOf(ground.deps, seen.orderId)).toMatchObject([
      { action: "review_refund_proposed", by: anna.operator, person: "anna" },
      { action: "review_refund", by: ben.operator, person: "ben" },
    ]);
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("by two names that a role lets its user choose: nobody knows who that is, first or second", async () => {
    const seen = await ground.inReview();
    for (const principal of [session("Support", "x"), session("Nights", "y"), as("arn:aws:iam::1:root")])
      expect(await decide(ground.deps, seen.orderId, refund, principal)).toMatchObject({ code: "person_unknown" });
    expect(await decide(ground.deps, seen.orderId, refund, anna)).toMatchObject(proposed);
    expect(await decide(ground.deps, seen.orderId, refund, session("Support", "z"))).toMatchObject({
      code: "person_unknown",
    });
    expect((await seen.order()).state).toBe("review");
  });

  test("by two roles whose sessions the settings trust: one name is one person, another name another", async () => {
    const people = { "arn:aws:sts::1:assumed-role/Support/*": "*", "arn:aws:sts::1:assumed-role/Nights/*": "*" };
    await settings({ twoPeopleFrom: { CNY: 50 }, people });
    const seen = await ground.inReview();
    expect(await decide(ground.deps, seen.orderId, refund, session("Support", "carl"))).toMatchObject(proposed);
    const again = await decide(ground.deps, seen.orderId, refund, session("Nights", "carl"));
    expect(again).toMatchObject({ code: "second_person_required" });
    expect(await decide(ground.deps, seen.orderId, refund, session("Nights", "dora"))).toMatchObject(done);
  });

  test("because the settings changed in between", async () => {
    await settings({ twoPeopleFrom: { CNY: 50 } });
    const seen = await ground.inReview();
    expect(await decide(ground.deps, seen.orderId, refund, anna)).toMatchObject(proposed);
    await settings({ twoPeopleFrom: { CNY: 50 }, people: { [anna.operator]: "somebody else" } });
    const annaAgain = as("arn:aws:iam::2:user/anna");
    expect(await decide(ground.deps, seen.orderId, refund, annaAgain)).toMatchObject({
      code: "second_person_required",
    });
  });
});

describe("a large amount is not decided as a small one", () => {
  beforeAll(() => settings({ twoPeopleFrom: { CNY: 120, USD: 1000 } }));

  /** An order of so many top-ups for 50 each, of which the supplier has none. */
  async function undelivered(lines: number) {
    const { topupId } = await ground.inReview();
    const { channelId } = await openMarket(ground.deps, { stock: 0, money: 1000 });
    const line = { productId: topupId, quantity: 1, recipient: { account: magicAccount("refused") } };
    const wanted = Array.from({ length: lines }, () => line);
    const placed = await buy(ground.deps, channelId, newId("evt"), wanted, "keep sealed");
    if (!placed.ok) throw new Error(placed.detail);
    const orderId = placed.value.order.id;
    for (let turn = 0; turn < lines; turn++) await placeLine(ground.deps, orderId);
    return { orderId, channelId, order: () => readOrder(ground.deps, orderId) };
  }

  const line = (id: string) => Decision.parse({ action: "refund", reason: "r", lines: [id] });

  test("line by line: the third of three small refunds takes two people", async () => {
    const seen = await undelivered(4);
    expect(await decide(ground.deps, seen.orderId, line("1"), anna)).toMatchObject(done);
    expect(await decide(ground.deps, seen.orderId, line("2"), anna)).toMatchObject(done);
    expect(await decide(ground.deps, seen.orderId, line("3"), anna)).toMatchObject(proposed);
    expect(await seen.order()).toMatchObject({ refunded: 100, decidedWorth: { CNY: 100 } });
    expect(await decide(ground.deps, seen.orderId, line("3"), ben)).toMatchObject(done);
    expect(await seen.order()).toMatchObject({ refunded: 150, decidedWorth: { CNY: 150 } });
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("by two at once: one of them is told to look again, or both are counted", async () => {
    const seen = await undelivered(4);
    const both = await Promise.all(["1", "2"].map((id) => decide(ground.deps, seen.orderId, line(id), anna)));
    const refunded = both.filter(({ ok }) => ok).length;
    expect(await seen.order()).toMatchObject({ decidedWorth: { CNY: 50 * refunded } });
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("by a replacement that is worth more than what was paid", async () => {
    const seen = await ground.inReview();
    const price = { amount: 120, currency: "CNY" };
    const dear = await createProduct(ground.deps, { kind: "code", name: "Dear", price }, newId("evt"));
    if (!dear.ok) throw new Error(dear.detail);
    const decision = fromStock(dear.value.id);
    expect(await decide(ground.deps, seen.orderId, decision, anna)).toMatchObject(proposed);
    expect((await seen.order()).state).toBe("review");
    // Nothing of it is in stock: the second person gets as far as that.
    expect(await decide(ground.deps, seen.orderId, decision, ben)).toMatchObject({ code: "sold_out" });
  });

  test("by one that is worth more in another currency, of which the limit is another", async () => {
    const seen = await ground.inReview();
    const worth = async (amount: number) => {
      const price = { amount, currency: "USD" };
      const product = await createProduct(ground.deps, { kind: "code", name: "D", price }, newId("evt"));
      if (!product.ok) throw new Error(product.detail);
      return decide(ground.deps, seen.orderId, fromStock(product.value.id), anna);
    };
    expect(await worth(999)).toMatchObject({ code: "sold_out" });
    expect(await worth(1000)).toMatchObject(proposed);
  });

  test("by one from a supplier that nobody knows the worth of", async () => {
    const seen = await ground.inReview();
    const unknown = { from: "supplier", supplierId: seen.supplierId, supplierProductId: "gold_bar" };
    const decision = Decision.parse({ action: "replace", reason: "r", lineId: "2", with: unknown });
    expect(await decide(ground.deps, seen.orderId, decision, anna)).toMatchObject(proposed);
    // The same as the product is bought as is worth what the product is.
    const known = { ...unknown, supplierProductId: "prod_phone_50" };
    const same = Decision.parse({ action: "replace", reason: "r", lineId: "2", with: known });
    expect(await decide(ground.deps, seen.orderId, same, anna)).toMatchObject(done);
  });

  test("but a cheap replacement within the limit is one person's, and is counted", async () => {
    const seen = await ground.inReview();
    const productId = await stockedProduct(ground.deps, 1);
    expect(await decide(ground.deps, seen.orderId, fromStock(productId), anna)).toMatchObject(done);
    expect(await seen.order()).toMatchObject({ state: "fulfilled", decidedWorth: { CNY: 100 } });
  });
});
