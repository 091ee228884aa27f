import { afterAll, expect, test } from "vitest";
import { NewCase, openCase } from "../../../shared/cases/open.ts";
import { readCase } from "../../../shared/cases/table.ts";
import { workOn } from "../../../shared/cases/work.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { violations } from "../../support/orders/invariants.ts";
import { LOOKER } from "../../support/orders/large-market.ts";
import { buy, giveMoney, settleMoney } from "../../support/orders/market.ts";
import { nameSupplier } from "../../support/restock/buying-ahead.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { startGivingSupplier } from "../../support/suppliers/giving.ts";
import { boughtProduct } from "../../support/suppliers/sources.ts";
import { valueOf } from "../../support/value-of.ts";

// A code that was bought from a supplier, and seen, does not work: who has delivered is asked first, once, and the answer decides.

const { deps } = await sceneGround();
const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});
const now = async (id: string): Promise<Order> => (await readOrder(deps, id)) as Order;
const at = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });

/** An order of a code that was bought from a supplier who answers cases like this, and that its buyer has seen. */
async function sold(answerTo?: () => object) {
  const [first = "", other = ""] = makeCodes(2);
  let isReplaced = false;
  const keys: string[] = [];
  const supplier = await startGivingSupplier(
    () => [{ secret: isReplaced ? other : first }],
    10,
    answerTo === undefined
      ? undefined
      : (key) => {
          keys.push(key);
          const body = answerTo();
          isReplaced = "state" in body && body.state === "replaced";
          return { status: 201, body };
        },
  );
  stops.push(() => supplier.stop());
  const supplierId = await nameSupplier(deps, supplier);
  const productId = await boughtProduct(deps, "code", [{ supplierId, supplierProductId: "theirs", unguarded: true }]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 1_000);
  const lines = [{ productId, quantity: 1 }];
  const { order } = valueOf(await buy(deps, channelId, newId("req"), lines, "keep sealed"));
  await placeLine(deps, order.id);
  const look = async () => valueOf(await revealPage(deps, await now(order.id), LOOKER, { from: 0, limit: 9 }));
  expect((await look()).pieces.map(({ code }) => code.secret)).toEqual([first]);
  const wish = NewCase.parse({ kind: "void_and_reissue", lineId: "1" });
  const one = valueOf(await openCase(deps, order.id, wish, { opener: "buyer", key: "0" }));
  const wrong = async () => {
    await settleMoney(deps, order.id);
    return violations(deps, { products: [productId], channels: [channelId], orders: [order.id] });
  };
  return { id: order.id, one, keys, look, first, other, supplierId, wrong };
}

test("a supplier that replaces it: the buyer has the other code alone, once, whatever is repeated", async () => {
  const { one, keys, look, other, wrong, id } = await sold(() => ({ state: "replaced" }));
  expect(one.state).toBe("asking");
  const done = valueOf(await workOn(deps, one.id));
  expect(done).toMatchObject({ state: "replaced", reason: "supplier_agreed", asked: { times: 1, answer: "replaced" } });
  expect(valueOf(await workOn(deps, one.id))).toEqual(done);
  expect(keys).toEqual([one.id]);
  expect((await look()).pieces.map(({ code }) => code.secret)).toEqual([other]);
  expect((await now(id)).lines[0]?.swapped).toMatchObject({ dead: [expect.anything()], fresh: [] });
  expect(await wrong()).toEqual([]);
});

test("one that says it was used: refused, with its word as evidence", async () => {
  const { one, supplierId, wrong } = await sold(() => ({ state: "refused", reason: "used_at_issuer" }));
  expect(valueOf(await workOn(deps, one.id))).toMatchObject({
    state: "refused",
    reason: "used_at_issuer",
    decision: { by: `supplier:${supplierId}` },
    asked: { answer: "used" },
  });
  expect(await wrong()).toEqual([]);
});

test("one that gives our money back: the buyer has theirs back too", async () => {
  const { one, id, wrong } = await sold(() => ({ state: "refunded" }));
  expect(valueOf(await workOn(deps, one.id))).toMatchObject({ state: "refunded", reason: "supplier_agreed" });
  const order = await now(id);
  expect(order).toMatchObject({ state: "refunded", refunded: order.total.amount });
  expect(await wrong()).toEqual([]);
});

test("one that refuses, or has no such question: a person decides", async () => {
  const refused = await sold(() => ({ state: "refused" }));
  expect(valueOf(await workOn(deps, refused.one.id))).toMatchObject({ state: "waiting", waitsFor: "supplier_refused" });
  const silent = await sold(() => ({ state: "waiting" }));
  expect(valueOf(await workOn(deps, silent.one.id))).toMatchObject({ state: "asking", asked: { times: 1 } });
  expect(valueOf(await workOn(deps, silent.one.id)).asked?.times).toBe(1);
  expect(valueOf(await workOn(at(LIMITS.caseLeftSeconds + 1), silent.one.id)).asked?.times).toBe(2);
  await workOn(at(LIMITS.caseSeconds - 1), silent.one.id);
  expect(await readCase(deps, silent.one.id)).toMatchObject({ state: "waiting", waitsFor: "supplier_silent" });
});
