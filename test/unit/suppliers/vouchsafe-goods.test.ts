import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import type { Outcome } from "../../../shared/suppliers/contract.ts";
import { magicProduct } from "../../support/suppliers/supplier-magic.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";
import { adapterFor, serve } from "./support.ts";

let supplier: SupplierSimulator;
beforeAll(async () => {
  supplier = await startSupplierSimulator();
});
afterAll(() => supplier.stop());

let number = 0;
const needOf = (supplierProductId: string, quantity: number) => {
  number += 1;
  return { reference: `ord_${number}-1-1-1`, supplierProductId, quantity };
};
const secretsIn = (outcome: Outcome): string[] =>
  "goods" in outcome ? (outcome.goods ?? []).map(({ secret }) => secret.reveal()) : [];

describe("codes that another Vouchsafe sells us", () => {
  it("come with the answer, all pages of them, and again whenever we ask", async () => {
    const adapter = adapterFor(supplier);
    const need = needOf(magicProduct("success"), 5);
    const placed = await adapter.place(need);
    const [theirs] = supplier.orders().filter(({ reference }) => reference === need.reference);
    expect(placed).toMatchObject({ kind: "fulfilled" });
    expect(secretsIn(placed)).toEqual(theirs?.codes);
    expect(secretsIn(placed)).toHaveLength(5);
    expect(secretsIn(await adapter.query(need.reference))).toEqual(theirs?.codes);
  });

  it("of which only a part came are told as what they are", async () => {
    const placed = await adapterFor(supplier).place(needOf(magicProduct("partlyDone", 2), 3));
    expect(placed).toMatchObject({ kind: "partly", delivered: 2 });
    expect(secretsIn(placed)).toHaveLength(2);
  });

  it("do not show when the outcome is printed", async () => {
    const placed = await adapterFor(supplier).place(needOf(magicProduct("success"), 1));
    expect(JSON.stringify(placed)).not.toContain(secretsIn(placed)[0]);
  });

  it("are none of a top-up's", async () => {
    const account = new Secret("13912345678");
    const placed = await adapterFor(supplier).place({ ...needOf("prod_phone", 1), recipientAccount: account });
    expect(placed).toEqual({ kind: "fulfilled", supplierOrderId: expect.any(String) });
  });
});

describe("goods that can't be fetched leave the order as unknown as it was, for asking again brings them", () => {
  const order = {
    id: "ord_a",
    state: "fulfilled",
    reference: "ord_1-1-1-1",
    lines: [{ kind: "code", quantity: 1, state: "fulfilled" }],
  };
  const need = { reference: order.reference, supplierProductId: "prod_x", quantity: 1 };

  it.each([
    ["a key that may not reveal", 403, "{}", "http_403"],
    ["an answer that makes no sense", 200, `{"data": [1], "nextCursor": null}`, "unreadable_goods"],
    ["a card that is empty", 200, `{"data": [{"number": " ", "secret": ""}], "nextCursor": null}`, "empty_card"],
    ["pages without end", 200, `{"data": [], "nextCursor": "more"}`, "too_many_goods"],
  ])("%s", async (_what, status, body, reason) => {
    let calls = 0;
    const { url } = await serve((response) => {
      calls += 1;
      if (calls === 1) response.writeHead(201).end(JSON.stringify(order));
      else response.writeHead(status).end(body);
    });
    expect(await adapterFor({ url }).place(need)).toEqual({ kind: "unknown", reason });
  });
});
