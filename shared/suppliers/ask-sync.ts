import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Db } from "../aws/dynamo.ts";
import { sendMessage } from "../aws/send-message.ts";
import { supplierSources } from "../catalog/model.ts";
import { allProducts } from "../catalog/products.ts";
import { allRestocks } from "../restock/table.ts";

/** Gives the suppliers whose catalogues matter: something is bought from them, for an order or ahead. */
export async function suppliersInUse(deps: Db<"catalog" | "operations">): Promise<string[]> {
  const [products, restocks] = await Promise.all([allProducts(deps), allRestocks(deps)]);
  const ahead = restocks.filter(({ rule }) => rule.isOn).map(({ rule }) => rule);
  return [...new Set([...products.flatMap(supplierSources), ...ahead].map(({ supplierId }) => supplierId))];
}

export type SyncQueue = { sqs: SQSClient; syncQueueUrl: string };

/** Asks for a supplier's catalogue to be read. If many ask before the reading begins, it is read once. */
export async function askSync(deps: SyncQueue, supplierId: string, now: Date): Promise<void> {
  const body = JSON.stringify({ supplierId, askedAt: now.toISOString() });
  await sendMessage(deps.sqs, deps.syncQueueUrl, body);
}
