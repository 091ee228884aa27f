import { afterAll, beforeAll, expect, test } from "vitest";
import { processCallback } from "../../../shared/fulfilment/process-callback.ts";
import { receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { eventsOf } from "../../../shared/orders/events.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { choicesFor } from "../../../shared/review/choices.ts";
import { decide } from "../../../shared/review/decide.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { bothMoments, crashEach, type Doomed } from "../../support/faults/crash.ts";
import { fastClock, fulfil } from "../../support/fulfilment/fulfil.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, giveMoney, onSale, settleMoney } from "../../support/orders/market.ts";
import { boughtProduct, known, type Simulated, simulated, sourceOf } from "../../support/suppliers/sources.ts";
import { orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";
import { magicAccount, magicProduct } from "../../support/suppliers/supplier-magic.ts";

// What a supplier has delivered it may take back: then the buyer has paid for nothing, and a person decides.

const { ground, born } = await ownEverything({ clock: fastClock(50) });
let supplier: Simulated;
beforeAll(async () => {
  supplier = await simulated();
});
afterAll(async () => {
  await supplier.stop();
});

type Deps = Everything["deps"];
const PAID = 100;
const settings = ReviewSettings.parse({});

/** An order that was delivered; then its supplier took it back. */
async function takenBack(kind: "topup" | "code") {
  const { deps } = ground;
  const source = await known(deps, supplier);
  const theirs = kind === "topup" ? "prod_phone_50" : magicProduct("success");
  const productId = await boughtProduct(deps, kind, [sourceOf(source, theirs)]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, PAID);
  const recipient = kind === "topup" ? { recipient: { account: magicAccount("success") } } : {};
  const bought = await buy(deps, channelId, "key", [{ productId, quantity: 1, ...recipient }], "keep sealed");
  if (!bought.ok) throw new Error(bought.detail);
  const orderId = bought.value.order.id;
  expect(await fulfil(deps, orderId, 50)).toBe("done");
  const delivered = (await readOrder(deps, orderId)) as Order;
  expect(delivered.state).toBe("fulfilled");
  const reference = delivered.lines[0]?.attempt?.reference ?? "";
  await supplier.simulator.takeBack(reference);
  const news = orderUpdated({ id: "ord_theirs", reference, state: "refunded" });
  const callback = sign(news, supplier.simulator.webhookSecret, deps.clock());
  const told = async (at: Deps): Promise<string> => {
    await receiveCallback(at, source.supplierId, callback.body, callback.headers);
    return processCallback(at, source.supplierId, callback.headers["webhook-id"] ?? "");
  };
  return { orderId, channelId, productId, delivered, told };
}

test.for(["topup", "code"] as const)(
  "a %s that was delivered and taken back comes before a person once, whatever call dies, and the buyer gets the money",
  async (kind) => {
    const { deps } = ground;
    const scene = async (doomed: Doomed<Deps>): Promise<void> => {
      const { orderId, channelId, productId, delivered, told } = await takenBack(kind);
      await doomed.run(told);
      expect(["reversed", "repeated", "nothing_due"]).toContain(await told(deps));
      const order = (await readOrder(deps, orderId)) as Order;
      expect(order).toMatchObject({ state: "review", review: { reason: "reversed", lineId: "1" } });
      const events = eventsOf(delivered, order).map(({ type }) => type);
      expect(events.toSorted()).toEqual(["order.reversed", "order.review_opened"]);
      const allowed = choicesFor(order, settings).filter((choice) => choice.allowed);
      expect(allowed.map(({ action }) => action)).toEqual(["refund", "note"]);

      const by = { operator: "arn:anna", requestId: "req" };
      expect(await decide(deps, orderId, { action: "retry", reason: "?" }, by)).toMatchObject({ code: "line_settled" });
      const decision = { action: "refund", reason: "taken back", evenIfUnresolved: false } as const;
      expect(await decide(deps, orderId, decision, by)).toMatchObject({
        ok: true,
        value: { order: { state: "refunded", refunded: PAID } },
      });
      await settleMoney(deps, orderId);
      expect(await onSale(deps, productId)).toBe(0);
      expect(await violations(deps, { products: [productId], channels: [channelId], orders: [orderId] })).toEqual([]);
    };
    expect(await crashEach(born, scene, bothMoments, "writes")).toBeGreaterThanOrEqual(3);
  },
);

test("a callback about a delivered order that still stands moves nothing", async () => {
  const { deps } = ground;
  const source = await known(deps, supplier);
  const productId = await boughtProduct(deps, "topup", [sourceOf(source, "prod_phone_50")]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, PAID);
  const line = { productId, quantity: 1, recipient: { account: magicAccount("success") } };
  const bought = await buy(deps, channelId, "key", [line], "keep sealed");
  const orderId = bought.ok ? bought.value.order.id : "";
  expect(await fulfil(deps, orderId, 50)).toBe("done");
  const before = await readOrder(deps, orderId);
  const reference = before?.lines[0]?.attempt?.reference ?? "";
  const news = orderUpdated({ id: "ord_theirs", reference, state: "refunded" });
  const { body, headers } = sign(news, supplier.simulator.webhookSecret, deps.clock());
  await receiveCallback(deps, source.supplierId, body, headers);
  expect(await processCallback(deps, source.supplierId, headers["webhook-id"] ?? "")).toBe("nothing_due");
  expect(await readOrder(deps, orderId)).toEqual(before);
});
