import { deployedStack } from "../engine/deployed-stack.ts";
import { makeCodes } from "../inventory/codes.ts";
import { type Json, openShop, operate, order, orderIn, stockProduct } from "../orders/shop.ts";
import { magicAccount } from "../suppliers/supplier-magic.ts";
import { supplierShop } from "../suppliers/supplier-shop.ts";
import { topUp } from "../suppliers/topup-orders.ts";

// What operators act on: made by calls to the deployed app, for a test that is about the act.

/** Stands in every credential that is made here. */
export const CREDENTIAL = "CREDENTIAL";

export const post = (path: string, json: object): Promise<Json> =>
  operate(deployedStack(), { method: "POST", path, json });

/** A product with three codes, one of them, and where its calls are. */
export async function stocked(): Promise<{ subject: string; at: string; secret: string }> {
  const { productId, codes } = await stockProduct(deployedStack(), 3);
  return { subject: productId, at: `/admin/v1/products/${productId}`, secret: codes[0] ?? "" };
}

export async function anImport(): Promise<{
  subject: string;
  at: string;
  what: { importId: string; batchId: string };
}> {
  const { subject, at } = await stocked();
  const { importId, batchId, uploadUrl } = await post(`${at}/imports`, {});
  await fetch(uploadUrl as string, { method: "PUT", body: `secret\n${makeCodes(1).join("")}\n` });
  return { subject, at: `/admin/v1/imports/${importId}`, what: { importId, batchId } };
}

export async function aPool(): Promise<{ subject: string; at: string; pool: string }> {
  const { subject, at } = await stocked();
  const owner = { kind: "campaign", subject: "spring" };
  const { name } = await post(`${at}/pools`, { owner, whenEmpty: "stop" });
  return { subject, at, pool: name };
}

export const newSupplier = {
  name: "Phone co",
  protocol: "vouchsafe",
  baseUrl: "http://127.0.0.1:9",
  credentials: { apiKey: `${CREDENTIAL}-key`, webhookSecret: `${CREDENTIAL}-secret` },
};
export const aSupplier = async (): Promise<string> => (await post("/admin/v1/suppliers", newSupplier)).id;

/** An order that waits for a decision. */
export async function inReview(): Promise<{ subject: string; supplierId: string }> {
  const shop = await supplierShop();
  const subject = await topUp(shop, magicAccount("refused"));
  await orderIn(shop, subject, "review");
  return { subject, supplierId: shop.supplierId };
}

/** A provider that nobody listens at: what is begun there is not known to have begun. */
export const newPaymentProvider = {
  name: "nobody-there",
  protocol: "simulated",
  baseUrl: "http://127.0.0.1:9",
  credentials: {
    apiKey: `${CREDENTIAL}-key`,
    webhookSecret: `whsec_${Buffer.from(CREDENTIAL.repeat(3)).toString("base64")}`,
  },
};

/** The payment of an order that waits for its buyer. */
export async function aPayment(): Promise<string> {
  await post("/admin/v1/payment-providers", newPaymentProvider);
  const [shop, { productId }] = await Promise.all([openShop(0), stockProduct(deployedStack(), 1)]);
  const payment = { method: "checkout", provider: newPaymentProvider.name };
  const { body } = await order(shop, [{ productId, quantity: 1 }], crypto.randomUUID(), { payment });
  return body.payment.id as string;
}
