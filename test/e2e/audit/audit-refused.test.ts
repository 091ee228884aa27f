import { afterAll, describe, expect, test } from "vitest";
import type { OperatorCall } from "../../../infra/ops/client.ts";
import { trailOf } from "../../../shared/audit/table.ts";
import type { ProblemCode } from "../../../shared/kernel/problem.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import {
  CODE_MARK,
  type Json,
  openShop,
  operate,
  order,
  orderIn,
  stockProduct,
  tryToOperate,
} from "../../support/orders/shop.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { topUp } from "../../support/suppliers/topup-orders.ts";

// Calls of an operator that are put on record and then refused: the record must not read as if they had been done.

const stack = deployedStack();
const price = { amount: 1500, currency: "CNY" };

const post = (path: string, json: object): Promise<Json> => operate(stack, { method: "POST", path, json });
const channelOf = async (): Promise<string> => (await openShop(0)).channelId;

/** A product with so many codes, one of them, and where its calls are. */
async function stocked(count = 3): Promise<{ subject: string; at: string; secret: string }> {
  const { productId, codes } = await stockProduct(stack, count);
  return { subject: productId, at: `/admin/v1/products/${productId}`, secret: codes[0] ?? "" };
}

/** A call that is on record already when it turns out to be impossible. */
type RefusedScene = Omit<OperatorCall, "method"> & { subject: string; action: string; refused: ProblemCode };

const refusedScenes: Record<string, () => Promise<RefusedScene>> = {
  "lanes that would become fewer": async () => {
    const subject = await channelOf();
    const path = `/admin/v1/channels/${subject}/lanes`;
    await post(path, { currency: "CNY", lanes: 8 });
    return { path, json: { currency: "CNY", lanes: 2 }, subject, action: "lanes_set", refused: "invalid_request" };
  },
  "voiding a code that is sold": async () => {
    const [{ subject, at, secret }, shop] = await Promise.all([stocked(1), openShop()]);
    await order(shop, [{ productId: subject, quantity: 1 }]);
    return { path: `${at}/codes/voids`, json: { secret }, subject, action: "code_voided", refused: "code_taken" };
  },
  "voiding a code that never was": async () => {
    const { subject, at } = await stocked();
    const json = { secret: `${CODE_MARK}-NEVER` };
    return { path: `${at}/codes/voids`, json, subject, action: "code_voided", refused: "not_found" };
  },
  "looking for a code that never was": async () => {
    const { subject, at } = await stocked();
    const json = { secret: `${CODE_MARK}-NEVER` };
    return { path: `${at}/codes/searches`, json, subject, action: "code_looked_up", refused: "not_found" };
  },
  "opening a batch that is void": async () => {
    const { subject, at } = await stocked();
    const { data } = await operate(stack, { method: "GET", path: `${at}/batches` });
    const path = `${at}/batches/${data[0].batchId}/state`;
    await post(path, { state: "void" });
    return { path, json: { state: "open" }, subject, action: "batch_open", refused: "batch_void" };
  },
  "moving more codes than there are": async () => {
    const { subject, at } = await stocked();
    const owner = { kind: "campaign", subject: "spring" };
    const { name: pool } = await post(`${at}/pools`, { owner, whenEmpty: "stop" });
    const json = { from: "total", to: pool, quantity: 4 };
    return { path: `${at}/transfers`, json, subject, action: "stock_transferred", refused: "sold_out" };
  },
  "starting an import without its file": async () => {
    const { subject, at } = await stocked();
    const { importId } = await post(`${at}/imports`, {});
    const path = `/admin/v1/imports/${importId}/start`;
    return { path, subject, action: "import_started", refused: "file_missing" };
  },
  "a second deposit under one reference": async () => {
    const subject = await channelOf();
    const path = `/admin/v1/channels/${subject}/deposits`;
    await post(path, { money: price, reference: "bank-1" });
    const json = { money: { ...price, amount: 1 }, reference: "bank-1" };
    return { path, json, subject, action: "deposit bank-1", refused: "idempotency_key_reused" };
  },
  "refunding a line that there isn't": async () => {
    const shop = await supplierShop();
    const subject = await topUp(shop, magicAccount("refused"));
    await orderIn(shop, subject, "review");
    const json = { action: "refund", lines: ["7"], reason: "r" };
    const path = `/admin/v1/reviews/${subject}/decisions`;
    return { path, json, subject, action: "review_refund", refused: "line_settled" };
  },
};

afterAll(closeSuppliers);

describe.concurrent.each(Object.keys(refusedScenes))("the record of %s", (name) => {
  test("says that it was refused", async () => {
    const { subject, action, refused, ...call } = await (refusedScenes[name] ?? expect.unreachable)();
    expect(await tryToOperate(stack, { method: "POST", ...call })).toMatchObject({ body: { code: refused } });
    const trail = await trailOf(domain(), subject);
    expect([name, trail.at(-1)]).toMatchObject([name, { action, refused }]);
    expect(trail.slice(0, -1).filter((record) => "refused" in record || "unfinished" in record)).toEqual([]);
  });
});
