import { DeleteCommand, GetCommand, PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Item, Key } from "../../../shared/aws/dynamo.ts";
import { setListing } from "../../../shared/catalog/listing.ts";
import { createProduct, createVersion, findCurrent, findVersion } from "../../../shared/catalog/products.ts";
import { authenticate, createChannel, findChannel } from "../../../shared/channels/keys.ts";
import { noteFailure, readFailure } from "../../../shared/dead-letters/failures.ts";
import { receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { Generation } from "../../../shared/imports/generate.ts";
import { listImports } from "../../../shared/imports/list.ts";
import { generateCodes } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { listSegments, readImport } from "../../../shared/imports/table.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { oldKinds } from "../../../shared/migration/kinds.ts";
import { type KindCount, type Mode, migratePage, type Page } from "../../../shared/migration/migrate.ts";
import { noteRequest } from "../../../shared/requests/notes.ts";
import { notePurchase, readPurchase } from "../../../shared/restock/purchases.ts";
import { readRestock, setRestock } from "../../../shared/restock/table.ts";
import { readReviewSettings, writeReviewSettings } from "../../../shared/review/settings.ts";
import { readCallback } from "../../../shared/suppliers/callbacks.ts";
import { findSupplier } from "../../../shared/suppliers/find.ts";
import { knownSuppliers, noteCall } from "../../../shared/suppliers/health.ts";
import { listSuppliers } from "../../../shared/suppliers/list.ts";
import { allOffers, readSync } from "../../../shared/suppliers/offers.ts";
import { findRate, setRate } from "../../../shared/suppliers/rates.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { listChanges, syncSupplier } from "../../../shared/suppliers/sync.ts";
import { meanwhile } from "../../support/faults/meanwhile.ts";
import { importGround } from "../../support/imports/import-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { offered } from "../../support/suppliers/sources.ts";
import { orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";
import { valueOf } from "../../support/value-of.ts";

// A table of an earlier version is copied to the three that hold its items now.

const { deps } = importGround((await sceneGround()).deps);
const { platform } = deps.tables;
/** The earlier version: the same use cases, with one table for all of it. */
const earlier = { ...deps, tables: { ...deps.tables, identity: platform, catalog: platform, operations: platform } };

const cny = (amount: number) => ({ amount, currency: "CNY" });
const now = new Date();

let simulator: SupplierSimulator;
beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(() => simulator.stop());

beforeEach(async () => {
  for (const TableName of [platform, deps.tables.identity, deps.tables.catalog, deps.tables.operations])
    for await (const { Items = [] } of paginateScan({ client: deps.db }, { TableName }))
      for (const { pk, sk } of Items as Key[]) await deps.db.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
});

/** Makes an item of each kind as the earlier version does. */
async function makeAll() {
  const { id: channelId, apiKey = "" } = valueOf(await createChannel(earlier, { name: "Shop" }, newId("req"), now));
  const product = { kind: "code", name: "Card", price: cny(100) } as const;
  const { id: productId } = valueOf(await createProduct(earlier, product, newId("req")));
  valueOf(await createVersion(earlier, productId, { ...product, price: cny(120) }, newId("req")));
  const { apiKey: theirs, webhookSecret, url: baseUrl } = simulator;
  const named = { name: "S", protocol: "vouchsafe", baseUrl, credentials: { apiKey: theirs, webhookSecret } };
  const { id: supplierId } = valueOf(await createSupplier(earlier, NewSupplier.parse(named), newId("req")));
  simulator.offer(offered("p1", 90));
  await syncSupplier(earlier, supplierId, now.toISOString());
  const known = (await knownSuppliers(earlier, [supplierId])).get(supplierId);
  if (known === undefined) throw new Error("made and not there");
  await noteCall(earlier, known, { kind: "unknown", reason: "timed_out" }, now);
  await setRate(earlier, { from: "EUR", to: "CNY", rate: "7.8", at: now.toISOString() });
  await writeReviewSettings(earlier, { twoPeopleFrom: { CNY: 5 }, decideWithinSeconds: 600 });
  const rule = { below: 5, quantity: 2, supplierId, supplierProductId: "p1", maxCost: cny(95), dailyBudget: cny(900) };
  valueOf(await setRestock(earlier, productId, rule, now));
  const reference = `restock_${productId}-1`;
  await notePurchase(earlier, { reference, productId, supplierId }, now);
  const event = orderUpdated({ id: "theirs", reference, state: "fulfilled" });
  const { body, headers } = sign(event, webhookSecret);
  expect(await receiveCallback(earlier, supplierId, body, headers)).toMatchObject({ kind: "stored" });
  const letter = newId("evt");
  await noteFailure(earlier, "watch", letter, { error: "Error" });
  const { importId } = valueOf(await generateCodes(earlier, productId, Generation.parse({ count: 3 }), newId("req")));
  expect(await runImport(earlier, importId, () => true)).toBe("over");
  const request = { scope: ["operators", "{}", "create-thing"], key: newId("req"), content: { name: "One" } };
  valueOf(await noteRequest(earlier, request, now));
  return { channelId, apiKey, productId, supplierId, reference, eventId: event.id, letter, importId, request };
}

/** All pages, of a few items each, as the command line asks for them. */
async function migrate(mode: Mode, on = deps): Promise<Omit<Page, "next">> {
  const all: Omit<Page, "next"> = { kinds: [], differs: [], differences: [] };
  for (let cursor: string | undefined | null; cursor !== null; ) {
    const page = await migratePage(on, mode, cursor, 7);
    all.kinds.push(...page.kinds);
    all.differs.push(...page.differs);
    all.differences.push(...page.differences);
    cursor = page.next;
  }
  return all;
}

const sumOf = (kinds: readonly KindCount[], fate: "copied" | "same" | "differs" | "missing"): number =>
  kinds.reduce((sum, one) => sum + (one[fate] ?? 0), 0);

const put = (TableName: string, Item: Item & Key) => deps.db.send(new PutCommand({ TableName, Item }));

test("every kind of item is found by its use cases after it was copied, and nothing else is needed", async () => {
  const made = await makeAll();
  const copied = await migrate("copy");
  expect(copied).toMatchObject({ differs: [], differences: [] });
  expect(new Set(copied.kinds.map(({ kind }) => kind))).toEqual(new Set(oldKinds.map(({ kind }) => kind)));
  expect(await migrate("verify")).toMatchObject({ differs: [], differences: [] });

  const { channelId, productId, supplierId, importId } = made;
  expect(await authenticate(deps, made.apiKey)).toMatchObject({ channelId });
  expect(await findChannel(deps, channelId)).toMatchObject({ name: "Shop" });
  expect(await findCurrent(deps, productId)).toMatchObject({ version: 2, price: cny(120), listing: "listed" });
  expect(await findVersion(deps, productId, 1)).toMatchObject({ price: cny(100) });
  expect(await findSupplier(deps, supplierId)).toMatchObject({ name: "S" });
  expect((await knownSuppliers(deps, [supplierId])).get(supplierId)).toMatchObject({ health: { failed: 1 } });
  expect(await allOffers(deps, supplierId)).toMatchObject([{ supplierProductId: "p1", cost: cny(90) }]);
  expect(await listChanges(deps, supplierId, 10)).toMatchObject({ changes: [{ supplierProductId: "p1" }] });
  expect(await readSync(deps, supplierId)).toMatchObject({ items: 1 });
  expect(await findRate(deps, { from: "EUR", to: "CNY" })).toMatchObject({ rate: "7.8" });
  expect(await readReviewSettings(deps)).toMatchObject({ decideWithinSeconds: 600 });
  expect(await readRestock(deps, productId)).toMatchObject({ rule: { below: 5 } });
  expect(await readPurchase(deps, made.reference)).toMatchObject({ productId });
  expect(await readCallback(deps, supplierId, made.eventId)).toMatchObject({ supplierId });
  expect(await readFailure(deps, "watch", made.letter)).toMatchObject({ tries: 1 });
  expect(await readImport(deps, importId)).toMatchObject({ state: "finished", imported: 3 });
  expect(await listSegments(deps, importId, 10)).toMatchObject({ segments: [{ imported: 3 }] });
  const other = { ...made.request, content: { name: "Other" } };
  expect(await noteRequest(deps, other, now)).toMatchObject({ code: "idempotency_key_reused" });
});

test("suppliers and imports of before there were lists stand in them once they are copied", async () => {
  const { supplierId, importId } = await makeAll();
  for (const Key of [
    { pk: `supplier#${supplierId}`, sk: "supplier" },
    { pk: `import#${importId}`, sk: "import" },
  ]) {
    const { Item: { listName: _list, listPlace: _place, ...older } = {} } = await deps.db.send(
      new GetCommand({ TableName: platform, Key }),
    );
    await put(platform, { ...older, ...Key });
  }
  await migrate("copy");
  expect(await migrate("verify")).toMatchObject({ differs: [], differences: [] });
  expect((await listSuppliers(deps, 10)).suppliers).toMatchObject([{ id: supplierId }]);
  expect((await listImports(deps, {}, 10)).imports).toMatchObject([{ importId }]);
});

test("a second time it copies nothing, and what has moved on since stays as it is", async () => {
  const { productId } = await makeAll();
  await migrate("copy");
  await setListing(deps, productId, "paused");
  const again = await migrate("copy");
  expect(sumOf(again.kinds, "copied")).toBe(0);
  expect(again).toMatchObject({ differs: [`products ${productId}`], differences: [] });
  expect(await findCurrent(deps, productId)).toMatchObject({ listing: "paused" });
});

test("one that dies at any write is completed by the next, and two at once copy each item once", async () => {
  await makeAll();
  const writes = (): ((command: { constructor: { name: string } }) => boolean) => {
    let seen = 0;
    return ({ constructor }) => constructor.name === "PutCommand" && seen++ === 9;
  };
  const dying = meanwhile(deps, writes(), () => Promise.reject(new Error("died")));
  await expect(migrate("copy", dying)).rejects.toThrow("died");
  expect(sumOf((await migrate("verify")).kinds, "missing")).toBeGreaterThan(0);

  const missing = sumOf((await migrate("verify")).kinds, "missing");
  const [one, other] = await Promise.all([migrate("copy"), migrate("copy")]);
  expect(sumOf(one.kinds, "copied") + sumOf(other.kinds, "copied")).toBe(missing);
  expect(await migrate("verify")).toMatchObject({ differs: [], differences: [] });
});

test("an item that does not hold what its kind says is copied as it is, and named", async () => {
  const { productId } = await makeAll();
  const Key = { pk: "products", sk: productId };
  const { Item: whole } = await deps.db.send(new GetCommand({ TableName: platform, Key }));
  const damaged = { ...whole, ...Key, price: "much" };
  await put(platform, damaged);
  for (const mode of ["copy", "verify"] as const)
    expect((await migrate(mode)).differences).toEqual([{ key: `products ${productId}`, problem: "damaged" }]);
  expect(await deps.db.send(new GetCommand({ TableName: deps.tables.catalog, Key }))).toMatchObject({ Item: damaged });
});

test("an item of a kind that nobody knows is named and left alone, and all others are copied", async () => {
  const { productId } = await makeAll();
  const strangers = [
    { pk: "mystery#1", sk: "what" },
    { pk: `product#${productId}`, sk: "image#1" },
  ];
  for (const key of strangers) await put(platform, { ...key, secret: "of some kind" });
  const named = strangers.map(({ pk, sk }) => ({ key: `${pk} ${sk}`, problem: "unknown_kind" }));
  for (const mode of ["copy", "verify"] as const) {
    const { differences } = await migrate(mode);
    expect(differences).toHaveLength(2);
    expect(differences).toEqual(expect.arrayContaining(named));
  }
  for (const TableName of [deps.tables.identity, deps.tables.catalog, deps.tables.operations])
    for (const Key of strangers)
      expect(await deps.db.send(new GetCommand({ TableName, Key }))).not.toHaveProperty("Item");
  expect(await findCurrent(deps, productId)).toMatchObject({ name: "Card" });
});
