import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { credentials } from "../../infra/local/deploy.ts";
import { trailOf } from "../../shared/audit/table.ts";
import { allProducts } from "../../shared/catalog/products.ts";
import { readLog } from "../../shared/restore/sales-log.ts";
import { deployedStack } from "../support/engine/deployed-stack.ts";
import { domain } from "../support/engine/domain.ts";
import { bringBack, takeImage } from "../support/inventory/table-image.ts";
import { terminal } from "../support/ops/ops.ts";
import { retire } from "../support/orders/market.ts";
import { eventually, type Json, openShop, order, type Shop, stockProduct } from "../support/orders/shop.ts";

// A restore concerns all stock there is, so this has the deployed stack to itself, after the other tests: their products are
// taken off the list, their sales out of the log, and what is left is one shop.

const stack = deployedStack();
const deps = domain();
const { json } = terminal(stack);
const { awsEndpoint: endpoint, region } = stack;
const log = { s3: new S3Client({ endpoint, region, credentials, forcePathStyle: true }), salesLog: stack.salesLog };

const done = async (...words: string[]): Promise<Json> => {
  const { code, value } = await json(...words);
  expect([code, value]).toEqual([0, value]);
  return value;
};

async function emptyTheLog(): Promise<void> {
  const Bucket = log.salesLog;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: log.s3 }, { Bucket })) {
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length > 0) await log.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
}

async function sell(shop: Shop, productId: string, quantity: number): Promise<{ id: string; secrets: string[] }> {
  const { body } = await order(shop, [{ productId, quantity }]);
  const secrets = (body.lines[0].deliverables as { secret: string }[]).map(({ secret }) => secret);
  return { id: body.id as string, secrets };
}

test("after its table was set back, one command makes stock true again: nothing that was sold is sold again", async () => {
  await retire(deps, ...(await allProducts(deps)).map(({ id }) => id));
  await emptyTheLog();
  const [shop, { productId, codes }] = await Promise.all([openShop(), stockProduct(stack, 20)]);
  const before = await sell(shop, productId, 2);
  const image = await takeImage(deps, productId);
  const since = new Date().toISOString();
  const after = await sell(shop, productId, 3);
  await eventually(async () => {
    const objects = await readLog(log, since.slice(0, 16), 1000);
    return objects.some(({ entries }) => entries.some(({ orderId }) => orderId === after.id)) || undefined;
  }, "the log has the sale");
  await bringBack(deps, image);

  expect(await json("stock", "restore", "--since", "yesterday")).toMatchObject({
    code: 2,
    value: { code: "wrong_usage", errors: [{ pointer: "/since" }] },
  });
  const restored = await done("stock", "restore", "--since", since, "--margin", "2");
  expect(restored).toEqual({ sold: 3, withheld: 2, moved: 0, lost: 0, lostOrders: [], ordersWithoutGoods: [] });
  expect(await trailOf(deps, `since ${since}`)).toMatchObject([
    { action: "stock_restored", what: { since, margin: 2 } },
  ]);

  const ofProduct = ["--product", productId];
  expect(await done("stock", "verify", ...ofProduct)).toMatchObject({ differences: [] });
  expect(await done("stock", "count", ...ofProduct)).toMatchObject({ sold: 5, held: 2, available: 13 });
  const rest = await sell(shop, productId, 13);
  const sold = [before, after, rest].flatMap(({ secrets }) => secrets);
  expect(new Set(sold).size).toBe(18);
  expect(codes).toEqual(expect.arrayContaining(sold));
  expect(await done("stock", "release-withheld", ...ofProduct, "--yes")).toEqual({ released: 2 });
  expect(await done("stock", "count", ...ofProduct)).toMatchObject({ sold: 18, held: 0, available: 2 });
});
