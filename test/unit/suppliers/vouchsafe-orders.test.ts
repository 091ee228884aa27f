import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { correlated } from "../../../shared/kernel/correlation.ts";
import type { Need, SupplierAdapter } from "../../../shared/suppliers/contract.ts";
import {
  magicAccount,
  type SupplierSimulator,
  startSupplierSimulator,
  unknownProductId,
} from "../../support/suppliers/supplier-simulator.ts";
import { adapterFor, needFor } from "./support.ts";

let supplier: SupplierSimulator;
let adapter: SupplierAdapter;

beforeAll(async () => {
  supplier = await startSupplierSimulator();
  adapter = adapterFor(supplier);
});
afterAll(() => supplier.stop());

const supplierOrderId: unknown = expect.stringMatching(/^ord_/);
const fulfilled = { kind: "fulfilled", supplierOrderId };
const accepted = { kind: "accepted", supplierOrderId };
const delivered = ({ reference }: Need) => supplier.orders().find((order) => order.reference === reference)?.deliveries;

/** A port that was free a moment ago. */
async function vacatedUrl(): Promise<string> {
  const gone = await startSupplierSimulator();
  await gone.stop();
  return gone.url;
}

describe("placing an order", () => {
  it("sends the id of the request that it comes from, also with each question", async () => {
    const other = await startSupplierSimulator();
    const there = adapterFor(other);
    const need = needFor("user-4711");
    await correlated("request-1", () => there.place(need));
    expect(other.requestIds()).toEqual(["request-1"]);
    await correlated("request-2", () => there.query(need.reference));
    expect(other.requestIds()).toEqual(["request-1", "request-2"]);
    await other.stop();
  });

  it("delivers at once to an ordinary account", async () => {
    const need = needFor("user-4711");
    expect(await adapter.place(need)).toEqual(fulfilled);
    expect(supplier.orders().at(-1)).toMatchObject({ account: "user-4711", reference: need.reference, deliveries: 1 });
  });

  it("delivers once, however often the same reference is sent, together or later", async () => {
    const need = needFor(magicAccount("success"));
    const outcomes = await Promise.all([adapter.place(need), adapter.place(need), adapter.place(need)]);
    outcomes.push(await adapter.place(need));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(delivered(need)).toBe(1);
  });

  it("takes a refusal for a definite no and leaves no order behind", async () => {
    const need = needFor(magicAccount("refused"));
    expect(await adapter.place(need)).toEqual({ kind: "rejected", reason: "sold_out" });
    expect(await adapter.query(need.reference)).toEqual({ kind: "never_heard" });
  });

  it("takes an unknown product and a request they don't like for a definite no", async () => {
    const need = needFor("user-4711");
    expect(await adapter.place({ ...need, supplierProductId: unknownProductId })).toEqual({
      kind: "rejected",
      reason: "product_not_found",
    });
    expect(await adapter.place({ ...need, quantity: 0 })).toEqual({ kind: "rejected", reason: "invalid_request" });
  });

  it("never takes a reference that was used for another need for a no, since the first may have been delivered", async () => {
    const need = needFor("user-4711");
    await adapter.place(need);
    expect(await adapter.place({ ...need, quantity: 2 })).toEqual({ kind: "unknown", reason: "reference_reused" });
    expect(await adapter.query(need.reference)).toEqual(fulfilled);
  });

  it.each([
    ["silence", magicAccount("silentButDone"), "timed_out"],
    ["an answer that comes too late", magicAccount("silentButDone", 400), "timed_out"],
    ["a server error", magicAccount("errorButDone"), "http_500"],
  ])("is unknown after %s, and asking finds what was done", async (_what, account, reason) => {
    const need = needFor(account);
    expect(await adapterFor(supplier, 150).place(need)).toEqual({ kind: "unknown", reason });
    expect(await adapter.query(need.reference)).toEqual(fulfilled);
    expect(await adapter.place(need)).toEqual(fulfilled);
    expect(delivered(need)).toBe(1);
  });

  it.each([
    ["silence", magicAccount("silentNotDone"), "timed_out"],
    ["a broken connection", magicAccount("silentNotDone", 20), "connection_lost"],
  ])("is unknown after %s, and asking finds nothing if nothing was done", async (_what, account, reason) => {
    const need = needFor(account);
    expect(await adapterFor(supplier, 150).place(need)).toEqual({ kind: "unknown", reason });
    expect(await adapter.query(need.reference)).toEqual({ kind: "never_heard" });
  });

  it("is unknown while the supplier is unavailable, and works when it is back", async () => {
    const need = needFor(magicAccount("unavailableFirst", 2));
    for (let i = 0; i < 2; i += 1) expect(await adapter.place(need)).toEqual({ kind: "unknown", reason: "http_503" });
    expect(await adapter.place(need)).toEqual(fulfilled);
    expect(delivered(need)).toBe(1);
  });

  it("wasn't sent when throttled, and knows how long to wait", async () => {
    const need = needFor(magicAccount("throttledFirst", 1));
    expect(await adapter.place(need)).toEqual({ kind: "not_sent", reason: "throttled", retryAfterSeconds: 1 });
    expect(await adapter.place(need)).toEqual(fulfilled);
  });

  it("wasn't sent with a wrong key", async () => {
    const { url } = supplier;
    const need = needFor("user-4711");
    expect(await adapterFor({ url }).place(need)).toEqual({ kind: "not_sent", reason: "unauthorised" });
    expect(await adapterFor({ url }).query(need.reference)).toEqual({ kind: "unknown", reason: "http_401" });
    expect(delivered(need)).toBeUndefined();
  });

  it.each([
    ["nobody listens", vacatedUrl],
    ["the name doesn't exist", async () => "https://supplier.invalid"],
  ])("wasn't sent when %s; asking stays unknown", async (_what, where) => {
    const nowhere = adapterFor({ url: await where() });
    expect(await nowhere.place(needFor("user-4711"))).toEqual({ kind: "not_sent", reason: "unreachable" });
    expect(await nowhere.query("ord_1-1-1")).toEqual({ kind: "unknown", reason: "unreachable" });
  });
});

describe("an accepted order", () => {
  it.each([
    ["is fulfilled later", magicAccount("callbackAfter", 60), fulfilled],
    ["is fulfilled later without a word", magicAccount("doneWithoutCallback", 60), fulfilled],
    [
      "is refused later",
      magicAccount("refusedByCallback", 60),
      { kind: "rejected", reason: "refunded", supplierOrderId },
    ],
  ])("that %s is told by asking", async (_what, account, outcome) => {
    const need = needFor(account);
    expect(await adapter.place(need)).toEqual(accepted);
    await expect.poll(() => adapter.query(need.reference)).toEqual(outcome);
    expect(delivered(need)).toBe(outcome === fulfilled ? 1 : 0);
  });

  it("may stay accepted for good", async () => {
    const need = needFor(magicAccount("neverDone", 1));
    expect(await adapter.place(need)).toEqual(accepted);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await adapter.query(need.reference)).toEqual(accepted);
  });
});

describe("asking", () => {
  it("finds nothing under a reference that nobody sent", async () => {
    expect(await adapter.query("ord_nobody-1-1&limit=1")).toEqual({ kind: "never_heard" });
  });
});
