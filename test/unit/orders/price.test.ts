import { expect, it } from "vitest";
import type { ProductVersion } from "../../../shared/catalog/model.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { LARGEST_AMOUNT } from "../../../shared/kernel/money.ts";
import { price } from "../../../shared/orders/price.ts";

const product = (amount: number): ProductVersion => ({
  id: "prod_1",
  version: 1,
  kind: "code",
  name: "Gift card",
  price: { amount, currency: "CNY" },
});

const priceOf = (amount: number, quantity: number) =>
  price({ lines: [{ productId: "prod_1", quantity }] }, [product(amount)]);

it("counts as many pieces as an order may have, up to the largest amount there is", () => {
  const most = LARGEST_AMOUNT / LIMITS.codesPerLargeOrder;
  const total = { amount: LARGEST_AMOUNT, currency: "CNY" };
  expect(priceOf(most, LIMITS.codesPerLargeOrder)).toMatchObject({ ok: true, value: { total } });
});

it("refuses an order whose total would be no amount any more, and could not even be counted exactly", () => {
  const refused = { ok: false, code: "invalid_request", errors: [{ pointer: "/lines" }] };
  expect(priceOf(LARGEST_AMOUNT, 2)).toMatchObject(refused);
  expect(Number.isSafeInteger(LARGEST_AMOUNT * LIMITS.codesPerLargeOrder)).toBe(false);
  expect(priceOf(LARGEST_AMOUNT, LIMITS.codesPerLargeOrder)).toMatchObject(refused);
});

it.each([
  ["less than it costs", { amount: 299, currency: "CNY" }, "/maxTotal/amount"],
  ["as much, in another currency", { amount: 300, currency: "USD" }, "/maxTotal/currency"],
])("points at a maximum that is %s", (_why, maxTotal, pointer) => {
  const priced = price({ lines: [{ productId: "prod_1", quantity: 3 }], maxTotal }, [product(100)]);
  expect(priced).toMatchObject({ ok: false, code: "price_changed", errors: [{ pointer }] });
});

const retail = { ...product(100), retailPrice: { amount: 130, currency: "CNY" } };
const cny = (amount: number) => ({ amount, currency: "CNY" });

it("says what the channel pays, and what a buyer pays at checkout", () => {
  const value = { total: cny(300), retailTotal: cny(390), lines: [{ unitPrice: 100, retailPrice: 130, net: 300 }] };
  expect(price({ lines: [{ productId: "prod_1", quantity: 3 }] }, [retail])).toMatchObject({ ok: true, value });
});

it("takes promotions off what the channel pays, and so off what its buyer pays; the margin stays", () => {
  const half = {
    id: "promo",
    version: 1,
    name: "Half",
    phase: "order",
    priority: 1,
    takes: { basisPoints: 5000 },
  } as const;
  const value = { total: cny(150), retailTotal: cny(240) };
  expect(price({ lines: [{ productId: "prod_1", quantity: 3 }] }, [retail], [half])).toMatchObject({ ok: true, value });
});

it.each([
  ["balance", { method: "balance" }, 300],
  ["checkout", { method: "checkout", provider: "p", flow: "page" }, 390],
] as const)("compares a maximum with what is paid by %s", (_method, payment, costs) => {
  const ask = (amount: number) =>
    price({ lines: [{ productId: "prod_1", quantity: 3 }], payment, maxTotal: cny(amount) }, [retail]);
  expect([ask(costs).ok, ask(costs - 1)]).toMatchObject([true, { ok: false, code: "price_changed" }]);
});

it("refuses what would cost its buyer more than the largest amount", () => {
  const dear = { ...product(1), retailPrice: cny(LARGEST_AMOUNT) };
  const refused = price({ lines: [{ productId: "prod_1", quantity: 2 }] }, [dear]);
  expect(refused).toMatchObject({ ok: false, errors: [{ pointer: "/lines" }] });
});
