import { GetCommand, PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import type { Item, Key } from "../../../shared/aws/dynamo.ts";
import { DamagedItem } from "../../../shared/aws/stored.ts";
import { readBatch } from "../../../shared/inventory/batches.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { readDirectory } from "../../../shared/inventory/directory.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { placeOf, poolIdOf, TOTAL, ticketFor } from "../../../shared/inventory/model.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { bury } from "../../../shared/inventory/publish.ts";
import { allRanges, readRange } from "../../../shared/inventory/ranges.ts";
import { readSlots, sellSlot } from "../../../shared/inventory/slots.ts";
import { transferByName } from "../../../shared/inventory/transfer.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { draw, openMarket } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { itemKinds } from "../../support/scenes/item-kinds.ts";
import { valueOf } from "../../support/value-of.ts";

const { deps } = await sceneGround();
const TableName = deps.tables.inventory;
const put = (item: Item) => deps.db.send(new PutCommand({ TableName, Item: item }));

async function everything(): Promise<(Item & Key)[]> {
  const all: (Item & Key)[] = [];
  for await (const { Items = [] } of paginateScan({ client: deps.db }, { TableName })) all.push(...(Items as []));
  return all;
}

/** A product whose stock was sold, given back, moved, voided and fenced: an item of each kind. */
async function usedStock() {
  const { productId, codes } = await openMarket(deps, { stock: 10, money: 0 });
  const owner = { kind: "campaign", subject: "spring" } as const;
  await setPool(deps, productId, owner, "stop");
  const [sold = "", back = ""] = await draw(deps, productId, 2, new Date());
  await sellSlot(deps, sold, newId("ord"), new Date());
  await giveBack(deps, back, "anyone");
  const pool = poolIdOf(productId, owner);
  const key = newId("req");
  valueOf(await transferByName(deps, productId, { from: "total", to: pool, quantity: 3 }, key));
  valueOf(await voidCode(deps, productId, { secret: codes.at(-1) ?? "" }));
  await bury(deps, `${placeOf(sold).slab}r`, 9);
  const [batchId = ""] = (await countStock(deps, productId, new Date())).rows.map((row) => row.batchId);
  return { productId, codes, sold, key, batchId, pool };
}

test("every item of stock is written with its version", async () => {
  await usedStock();
  const items = await everything();
  const kinds = itemKinds.filter(({ table }) => table === "inventory");
  const of = ({ pk, sk }: Key) => kinds.find((kind) => kind.pk.test(pk) && kind.sk.test(sk))?.kind;
  expect(new Set(items.map(of))).toEqual(new Set(kinds.map(({ kind }) => kind)));
  expect(items.filter(({ v }) => v !== 1).map(of)).toEqual([]);
});

test("a damaged item of stock is named by its kind and field, and one of a version to come is not touched", async () => {
  const { productId, codes, sold, key, batchId, pool } = await usedStock();
  const { slab } = placeOf(sold);
  const secret = codes.at(-1) ?? "";
  const again = { from: "total", to: pool, quantity: 3 };
  const listed = async () => {
    for await (const range of allRanges(deps, productId)) expect(range.productId).toBe(productId);
  };
  const reads: [kind: string, pk: RegExp, field: string, read: () => Promise<unknown>][] = [
    ["range", new RegExp(`^range#${slab}$`), "head", () => readRange(deps, slab)],
    [
      "slot",
      new RegExp(`^slab#${slab}#`),
      "codeId",
      () =>
        readSlots(
          deps,
          [0, 1, 2, 3].map((n) => ticketFor(slab, n)),
        ),
    ],
    ["slot", new RegExp(`^slab#${slab}#`), "state", () => countStock(deps, productId, new Date())],
    ["directory of a pool", /^stock#.* directory#$/, "ranges", () => readDirectory(deps, productId, TOTAL)],
    ["entry of the list of ranges", /^stock#.* range#/, "id", listed],
    ["batch", /^stock#.* batch#/, "imported", () => readBatch(deps, productId, batchId)],
    ["transfer that was done", /^transfer#/, "quantity", () => transferByName(deps, productId, again, key)],
    ["mark of a code", new RegExp(`^fingerprint#${productId}#`), "ticket", () => voidCode(deps, productId, { secret })],
  ];
  for (const [kind, pattern, field, read] of reads) {
    const ours = (await everything()).filter(
      (item) =>
        pattern.test(item.pk.startsWith("stock#") ? `${item.pk} ${item.sk}` : item.pk) &&
        (!item.pk.startsWith("stock#") || item.pk === `stock#${productId}`) &&
        (!item.pk.startsWith("transfer#") || item.pk.startsWith(`transfer#${productId}#`)) &&
        item["state"] !== "moved",
    );
    expect(ours).not.toHaveLength(0);
    for (const item of ours) await put({ ...item, [field]: { not: "SECRET" } });
    await expect(read()).rejects.toThrow(DamagedItem);
    await expect(read()).rejects.toThrow(new RegExp(`^${kind} [^ ]+ [^ ]+: ${field}$`));
    for (const item of ours) await put({ ...item, v: 2 });
    await expect(read()).rejects.toThrow(new RegExp(`^${kind} [^ ]+ [^ ]+: v$`));
    for (const item of ours) await put(item);
  }
  // Nothing of it is left behind: what a damaged item holds is only read.
  const { Item: range } = await deps.db.send(new GetCommand({ TableName, Key: { pk: `range#${slab}`, sk: "range" } }));
  expect(range).toMatchObject({ v: 1, head: 2 });
});
