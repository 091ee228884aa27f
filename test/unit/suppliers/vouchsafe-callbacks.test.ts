import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SupplierAdapter, Verified } from "../../../shared/suppliers/contract.ts";
import { sign } from "../../support/suppliers/supplier-callbacks.ts";
import {
  magicAccount,
  type SupplierSimulator,
  startSupplierSimulator,
} from "../../support/suppliers/supplier-simulator.ts";
import { adapterFor, needFor, publishedSecret, type Received, serve } from "./support.ts";

let supplier: SupplierSimulator;
let adapter: SupplierAdapter;
let received: Received[];
/** What our endpoint answers; 200 once this is used up. */
let answers: number[];

beforeEach(async () => {
  supplier = await startSupplierSimulator();
  adapter = adapterFor(supplier);
  answers = [];
  const endpoint = await serve((response) => response.writeHead(answers.shift() ?? 200).end());
  received = endpoint.received;
  supplier.setCallbackUrl(endpoint.url);
});
afterEach(() => supplier.stop());

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const verified = (call: Received | undefined, now = new Date()): Verified =>
  adapter.verify(call?.body ?? "", call?.headers ?? {}, now);
const calls = (count: number) => expect.poll(() => received).toHaveLength(count);
const eventId: unknown = expect.stringMatching(/^msg_/);
const supplierOrderId: unknown = expect.stringMatching(/^ord_/);
const eventOf = (reference: string) => ({ ok: true, event: { eventId, reference, supplierOrderId } });

describe("a callback", () => {
  it.each(["callbackAfter", "refusedByCallback"] as const)("of %s names the order it is about", async (behaviour) => {
    const need = needFor(magicAccount(behaviour, 10));
    await adapter.place(need);
    await calls(1);
    expect(verified(received[0])).toEqual(eventOf(need.reference));
  });

  it("that comes twice is the same event twice", async () => {
    const need = needFor(magicAccount("callbackTwice", 10));
    await adapter.place(need);
    await calls(2);
    expect(verified(received[0])).toEqual(eventOf(need.reference));
    expect(verified(received[1])).toEqual(verified(received[0]));
  });

  it("that isn't taken comes again, as the same event, and not for ever", async () => {
    answers = [500, 401, 302];
    await adapter.place(needFor(magicAccount("callbackAfter", 10)));
    await calls(4);
    expect(new Set(received.map((call) => JSON.stringify(verified(call)))).size).toBe(1);
  });

  it("may overtake the answer to the order, and asking then knows more than that answer", async () => {
    const need = needFor(magicAccount("callbackFirst", 10));
    const placed = adapter.place(need).then((outcome) => ({ outcome, callbacksBefore: received.length }));
    expect(await placed).toMatchObject({ outcome: { kind: "accepted" }, callbacksBefore: 1 });
    expect(verified(received[0])).toEqual(eventOf(need.reference));
    expect(await adapter.query(need.reference)).toMatchObject({ kind: "fulfilled" });
  });

  it("signed by somebody else is forged, though the order is done", async () => {
    const need = needFor(magicAccount("forgedCallback", 10));
    await adapter.place(need);
    await calls(1);
    expect(verified(received[0])).toEqual({ ok: false, reason: "forged" });
    expect(await adapter.query(need.reference)).toMatchObject({ kind: "fulfilled" });
  });

  it("forged on demand doesn't pass either, whatever it claims", async () => {
    const need = needFor(magicAccount("neverDone"));
    await adapter.place(need);
    expect(await supplier.forge(need.reference, "fulfilled")).toBe(200);
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
      data: { reference: need.reference, state: "fulfilled" },
    });
    expect(verified(received[0])).toEqual({ ok: false, reason: "forged" });
  });

  it("replayed byte for byte is the same event, and stale after five minutes", async () => {
    const need = needFor(magicAccount("callbackAfter", 10));
    await adapter.place(need);
    await calls(1);
    // The supplier notes what it sent when the answer is in.
    await expect.poll(() => supplier.replay(need.reference)).toBe(200);
    expect(received[1]?.body).toBe(received[0]?.body);
    expect(verified(received[1])).toEqual(verified(received[0]));
    expect(verified(received[1], minutesFromNow(6))).toEqual({ ok: false, reason: "stale" });
  });

  it.each(["neverDone", "doneWithoutCallback"] as const)("never comes from %s", async (behaviour) => {
    await adapter.place(needFor(magicAccount(behaviour, 1)));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(received).toEqual([]);
  });
});

function verify(body: string): Verified {
  const { headers } = sign({ id: "msg_1", body }, publishedSecret);
  return adapterFor({ url: "https://supplier.example" }).verify(body, headers, new Date());
}

describe("a callback that is signed but odd", () => {
  it.each([
    ["no JSON", "nope"],
    ["nothing", ""],
    ["JSON of another shape", "[]"],
    ["no type", '{"data":{"id":"ord_a"}}'],
    ["no order", '{"type":"order.updated","data":{}}'],
    ["an id that is no id", '{"type":"order.updated","data":{"id":"ord_a\\n"}}'],
    ["an endless reference", JSON.stringify({ type: "order.updated", data: { id: "o", reference: "r".repeat(256) } })],
  ])("is malformed with %s", (_what, body) => {
    expect(verify(body)).toEqual({ ok: false, reason: "malformed" });
  });

  it.each(["order.placed", "order.fulfilled", "order.reversed", "order.unheard_of"])(
    "of %s, whatever has happened, names the order",
    (type) => {
      expect(verify(JSON.stringify({ type, data: { id: "ord_a", reference: "r", number: 3 } }))).toEqual({
        ok: true,
        event: { eventId: "msg_1", supplierOrderId: "ord_a", reference: "r" },
      });
    },
  );

  it("about a product has their catalogue read", () => {
    expect(verify('{"type":"product.changed","data":{"id":"prod_a"}}')).toEqual({
      ok: true,
      event: { eventId: "msg_1", catalogueChanged: true },
    });
  });

  it("about something else names nothing of ours", () => {
    expect(verify('{"type":"channel.changed","data":{"id":"chan_a"}}')).toEqual({
      ok: true,
      event: { eventId: "msg_1" },
    });
  });

  it("about an order without our reference names their order only", () => {
    expect(verify('{"type":"order.updated","data":{"id":"ord_a","reference":null,"state":"fulfilled"}}')).toEqual({
      ok: true,
      event: { eventId: "msg_1", supplierOrderId: "ord_a" },
    });
  });
});
