import { describe, expect, test } from "vitest";
import { transact } from "../../../shared/aws/dynamo.ts";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { storeBought } from "../../../shared/inventory/bought.ts";
import { marker, readFingerprints } from "../../../shared/inventory/fingerprints.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { unmarkWrites } from "../../../shared/inventory/marks.ts";
import { slotKey } from "../../../shared/inventory/table.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { Secret } from "../../../shared/kernel/secret.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { before, meanwhile } from "../../support/faults/meanwhile.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { buy, codeProduct, giveMoney } from "../../support/orders/market.ts";
import { nameSupplier } from "../../support/restock/buying-ahead.ts";
import { startGivingSupplier } from "../../support/suppliers/giving.ts";
import { boughtProduct } from "../../support/suppliers/sources.ts";

// A card that a supplier hands over, and the same card in stock or sold before, in either of its layouts: with its number or without.

let now = Date.now();
const { deps } = await ownEverything({ clock: () => new Date(now) });

type Card = { number?: string; secret: string };
const [NUMBERED, BARE] = ["with its number", "without its number"] as const;
type As = typeof NUMBERED | typeof BARE;
const as = (layout: As, secret: string): Card => (layout === NUMBERED ? { number: "1001", secret } : { secret });
const newSecret = (): string => makeCodes(1).join("");

const imported = async (productId: string, { number = "", secret }: Card) => {
  const text = ["number,secret", `${number},${secret}`, ""].join("\n");
  const report = await importCodes(deps, productId, text, { dryRun: false, acrossShop: false });
  if (!report.ok) throw new Error(report.detail);
  return report.value;
};

function bought(on: Everything["deps"], productId: string, { number, secret }: Card) {
  const reference = newId("evt");
  const piece = { secret: new Secret(secret), ...(number === undefined ? {} : { number: new Secret(number) }) };
  return storeBought(on, { orderId: `ord_${reference}`, productId, reference }, [piece]);
}

/** What cancelling an import does, code by code: slot and marks go out together. */
async function undone(productId: string, card: Card): Promise<void> {
  await imported(productId, card);
  const { fingerprint } = (await marker(deps, productId))(card);
  const ticket = (await readFingerprints(deps, productId, [fingerprint])).get(fingerprint) ?? "";
  const marks = await unmarkWrites(deps, productId, [{ fingerprint, ticket }]);
  const slot = { Delete: { TableName: deps.tables.inventory, Key: slotKey(ticket) } };
  expect(await transact(deps.db, [slot, ...marks])).toEqual({ ok: true });
}

const layouts: [As, As][] = [
  [NUMBERED, BARE],
  [BARE, NUMBERED],
  [NUMBERED, NUMBERED],
  [BARE, BARE],
];

describe.for(layouts)("a card that was there %s and comes %s", ([first, second]) => {
  test("is a duplicate when it is bought, and was in stock", async () => {
    const [productId, secret] = [await codeProduct(deps), newSecret()];
    await imported(productId, as(first, secret));
    expect(await bought(deps, productId, as(second, secret))).toEqual({ tickets: [], duplicates: 1 });
  });

  test("is a duplicate when it is imported, and was bought", async () => {
    const [productId, secret] = [await codeProduct(deps), newSecret()];
    expect(await bought(deps, productId, as(first, secret))).toMatchObject({ duplicates: 0 });
    expect(await imported(productId, as(second, secret))).toMatchObject({
      imported: 0,
      refused: [{ reason: "duplicate" }],
    });
  });

  test("is a duplicate when it is bought for another order", async () => {
    const [productId, secret] = [await codeProduct(deps), newSecret()];
    expect(await bought(deps, productId, as(first, secret))).toMatchObject({ duplicates: 0 });
    expect(await bought(deps, productId, as(second, secret))).toEqual({ tickets: [], duplicates: 1 });
  });

  test("is stored when the import that had it was cancelled", async () => {
    const [productId, secret] = [await codeProduct(deps), newSecret()];
    await undone(productId, as(first, secret));
    expect(await bought(deps, productId, as(second, secret))).toMatchObject({ duplicates: 0 });
  });

  test("is had by one of the two that put it in at once", async () => {
    const [productId, secret] = [await codeProduct(deps), newSecret()];
    const racing = meanwhile(deps, before.codesGoIn, () => imported(productId, as(first, secret)));
    expect(await bought(racing, productId, as(second, secret))).toEqual({ tickets: [], duplicates: 1 });
  });
});

test("of the same card twice in one delivery one is stored, whatever order it comes in the next time", async () => {
  const [productId, secret] = [await codeProduct(deps), newSecret()];
  const reference = newId("evt");
  const goods = [{ number: new Secret("1001"), secret: new Secret(secret) }, { secret: new Secret(secret) }];
  const purchase = { orderId: "ord_1", productId, reference };
  const first = await storeBought(deps, purchase, goods);
  expect(first).toMatchObject({ tickets: [expect.any(String)], duplicates: 1 });
  expect(await storeBought(deps, purchase, goods.toReversed())).toEqual(first);
});

test.for([
  ["is in stock with its number", imported, "review"],
  ["was in an import that was cancelled", undone, "fulfilled"],
] as const)("an order whose card %s comes to an end", async ([, had, end]) => {
  const secret = newSecret();
  const supplier = await startGivingSupplier(() => [{ secret }]);
  const supplierId = await nameSupplier(deps, supplier);
  const productId = await boughtProduct(deps, "code", [{ supplierId, supplierProductId: "theirs", unguarded: true }]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 100);
  // The order finds nothing in stock; the import comes while its supplier works.
  const order = await buy(deps, channelId, "key", [{ productId, quantity: 1 }], "keep sealed");
  if (!order.ok) throw new Error(order.detail);
  const orderId = order.value.order.id;
  await had(productId, { number: "1001", secret });
  await placeLine(deps, orderId).catch(() => undefined);
  for (let tries = 0; tries < 3; tries++) {
    now += 3_600_000;
    await askSupplier(deps, orderId).catch(() => undefined);
  }
  await supplier.stop();
  const after = await readOrder(deps, orderId);
  expect({ state: after?.state, reason: after?.review?.reason }).toEqual({
    state: end,
    reason: end === "review" ? "duplicate_code" : undefined,
  });
});
