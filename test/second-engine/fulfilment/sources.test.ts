import { expect, test } from "vitest";
import { storeBought } from "../../../shared/inventory/bought.ts";
import { readSlots } from "../../../shared/inventory/slots.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Secret } from "../../../shared/kernel/secret.ts";
import { type Known, knownSuppliers, mayCall, noteCall, sickUntil } from "../../../shared/suppliers/health.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { meanwhile } from "../../support/faults/meanwhile.ts";
import { codeProduct, putOnSale } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();

const FAILED = { kind: "unknown", reason: "timed_out" } as const;
const WORKED = { kind: "accepted", supplierOrderId: "theirs" } as const;

async function supplier(): Promise<() => Promise<Known>> {
  const credentials = { apiKey: "key", webhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
  const settings = { name: "S", protocol: "vouchsafe", baseUrl: "http://127.0.0.1:9", credentials };
  const made = await createSupplier(deps, NewSupplier.parse(settings), newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  const { id } = made.value;
  return async () => {
    const known = (await knownSuppliers(deps, [id])).get(id);
    if (known === undefined) throw new Error("made and not there");
    return known;
  };
}

/** Some seconds from now: what is known of a supplier is a few seconds old at most. */
const later = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

test("a supplier that fails five times in a row is left alone, but for one probe in each pause", async () => {
  const look = await supplier();
  const known = await look();
  for (let call = 1; call < LIMITS.failuresToSick; call++)
    expect(await noteCall(deps, known, FAILED, later(0))).toBeUndefined();
  expect(await noteCall(deps, known, FAILED, later(1))).toMatchObject({ kind: "fell_sick" });
  expect(await noteCall(deps, known, FAILED, later(1))).toBeUndefined();
  const sick = await look();
  expect(sickUntil(sick.health, later(2))).toBe(sick.health?.probeAt);
  const pauseOver = later(LIMITS.probePauseSeconds + 2);
  expect(sickUntil(sick.health, pauseOver)).toBeUndefined();
  const winners = await Promise.all([1, 2, 3].map(() => mayCall(deps, sick, pauseOver)));
  expect(winners.filter(Boolean)).toHaveLength(1);
  expect(await noteCall(deps, await look(), FAILED, pauseOver)).toBeUndefined();
  expect(sickUntil((await look()).health, pauseOver)).toBeDefined();
  expect(await noteCall(deps, await look(), WORKED, later(99))).toMatchObject({ kind: "recovered" });
  expect((await look()).health).toMatchObject({ state: "well" });
  expect(await mayCall(deps, await look(), later(99))).toBe(true);
});

test("a supplier whose call fails while another is read is known all the same", async () => {
  const [one, other] = [await (await supplier())(), await (await supplier())()];
  // A failure is news: what was known before is read again.
  const fail = (known: Known) => noteCall(deps, known, FAILED, later(0));
  await fail(other);
  const slow = meanwhile(
    deps,
    ({ constructor }) => constructor.name === "BatchGetCommand",
    () => fail(one),
  );
  const ids = [one.supplier.id, other.supplier.id];
  expect(new Set((await knownSuppliers(slow, ids)).keys())).toEqual(new Set(ids));
});

test("failures among calls that work, or long after each other, make nobody sick", async () => {
  const look = await supplier();
  for (let call = 0; call < 3 * LIMITS.failuresToSick; call++) {
    expect(await noteCall(deps, await look(), FAILED, later(0))).toBeUndefined();
    if (call % 3 === 2) await noteCall(deps, await look(), WORKED, later(0));
  }
  const other = await (await supplier())();
  for (let call = 0; call < 3 * LIMITS.failuresToSick; call++)
    expect(await noteCall(deps, other, FAILED, later(call * (LIMITS.failureWindowSeconds + 1)))).toBeUndefined();
});

test("a supplier that is out of our money is left alone at once", async () => {
  const look = await supplier();
  const broke = { kind: "rejected", reason: "insufficient_funds" } as const;
  expect(await noteCall(deps, await look(), broke, later(0))).toMatchObject({ kind: "fell_sick" });
  expect((await look()).health).toMatchObject({ state: "sick", cause: "out_of_funds" });
});

test("goods that were bought are stored once, in whatever order they are told, and known ones are found out", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(3);
  const goods = codes.map((code) => ({ number: new Secret("n"), secret: new Secret(code) }));
  const purchase = { orderId: "ord_1", productId, reference: newId("evt") };
  const first = await storeBought(deps, purchase, goods);
  expect(first).toMatchObject({ duplicates: 0 });
  const again = await Promise.all([1, 2].map(() => storeBought(deps, purchase, goods.toReversed())));
  expect(again).toEqual([first, first]);
  const slots = await readSlots(deps, first.tickets);
  expect(slots).toMatchObject(codes.map((code) => ({ state: "sold", orderId: "ord_1", hint: code.slice(-4) })));

  const elsewhere = await storeBought(deps, { ...purchase, reference: newId("evt") }, goods.slice(0, 1));
  expect(elsewhere).toEqual({ tickets: [], duplicates: 1 });
  const [inStock = "", fresh = ""] = makeCodes(2);
  await putOnSale(deps, productId, [inStock]);
  const mixed = [inStock, fresh, fresh].map((code) => ({ secret: new Secret(code) }));
  const found = await storeBought(deps, { ...purchase, reference: newId("evt") }, mixed);
  expect(found).toMatchObject({ duplicates: 2, tickets: [expect.any(String)] });
});
