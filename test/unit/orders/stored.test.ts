import { describe, expect, it } from "vitest";
import type { Order } from "../../../shared/orders/model.ts";
import { asOrder, orderItem, orderKey } from "../../../shared/orders/table.ts";
import { attemptOf, codeLine, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

const item = (order: object, more: object = {}) => ({ ...orderKey("ord_1"), ...order, ...more });
const sealed = { sealed: new Uint8Array([1]), dataKey: new Uint8Array([2]) };

describe("an order as it lies in the table", () => {
  it("is read with all that it holds", () => {
    const order: Order = orderOf(
      "review",
      [
        {
          ...topupLine(
            "review",
            attemptOf({ outcome: "rejected", reason: "sold_out", rate: { to: "CNY", rate: "7.1", at: "2026" } }),
          ),
          recipient: sealed,
        },
        { ...codeLine("fulfilled", "2"), net: 4000, adjustments: [], paid: { channel: 3000, "points:m": 1000 } },
      ],
      {
        buyer: "v2:abc",
        contact: { dataKey: new Uint8Array([3]), fields: { email: new Uint8Array([4]) } },
        metadata: { a: "b" },
        review: { reason: "sold_out", since: "2026-03-01T12:00:00.000Z", lineId: "1" },
        limited: [{ key: "limit#x", quantity: 1 }],
        decidedWorth: { CNY: 5 },
        refundedAt: [],
      },
    );
    expect(asOrder(item(order))).toEqual(order);
  });

  it("is read without its keys, and without what others note beside it or a later version will", () => {
    const order = orderOf("fulfilled", [codeLine("fulfilled")]);
    const beside = { listShard: "a", listKey: "b", buyerShard: "c", careAt: "d", watchTurn: 3, v: 1, later: "e" };
    expect(asOrder(item(order, beside))).toEqual(order);
  });

  it("keeps in its lines what a later version has written there: a change of a line must not lose it", () => {
    const line = { ...topupLine("open", { ...attemptOf(), later: 1 } as never), alsoLater: 2 };
    expect(asOrder(item(orderOf("fulfilling", [line]))).lines).toEqual([line]);
  });

  it("of an earlier version costs its list price", () => {
    const { net: _unknown, ...line } = { ...topupLine("fulfilled"), quantity: 3, unitPrice: 50 };
    expect(asOrder(item({ ...orderOf("fulfilled", []), lines: [line] })).lines[0]?.net).toBe(150);
  });

  it("that an earlier version has cut in parts costs the list price of each, not that of the whole", () => {
    const part = { ...topupLine("fulfilled"), quantity: 2, unitPrice: 50, net: 250 };
    expect(asOrder(item(orderOf("fulfilled", [part]))).lines[0]?.net).toBe(100);
  });

  it("is read with a list of what paid; one payer is written as earlier versions read it", () => {
    const paidBy = (fundedBy: readonly string[]): Order => orderOf("fulfilled", [codeLine("fulfilled")], { fundedBy });
    expect(asOrder(item(orderOf("fulfilled", [codeLine("fulfilled")]), { fundedBy: "evt_1" }))).toEqual(
      paidBy(["evt_1"]),
    );
    for (const nonces of [["evt_1"], ["pay_1", "evt_1"]])
      expect(asOrder(orderItem(paidBy(nonces)))).toEqual(paidBy(nonces));
    expect(orderItem(paidBy(["evt_1"]))).toMatchObject({ fundedBy: "evt_1" });
  });

  it.each([
    ["fundedBy", { fundedBy: [] }],
    ["lines", { lines: "none" }],
    ["lines", { lines: [{ ...topupLine("open"), state: "lost" }] }],
    ["state", { state: "gone" }],
    ["total", { total: 5 }],
    ["v", { v: 2 }],
  ])("that is damaged is named by key and field, and shows no value: %s", (field, damage) => {
    const damaged = () => asOrder(item(orderOf("open", []), damage));
    expect(damaged).toThrow(new RegExp(`order order#ord_1 order: ${field}$`));
  });
});
