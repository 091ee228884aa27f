import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type ReceiveDeps, receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { newWebhookSecret, orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

let secret = newWebhookSecret();
let reads = 0;
const supplierId = "sup_rotates";
const supplier = {
  id: supplierId,
  name: "Any",
  protocol: "vouchsafe",
  baseUrl: "https://example.com",
  timeoutMs: 1000,
};
/** A table that has the supplier, and a parameter store that counts how often it is read. */
const deps = {
  db: { send: async () => ({ Item: supplier }) },
  tables: { operations: "operations", orders: "orders" },
  secretsPrefix: "/any/",
  ssm: {
    send: async () => {
      reads += 1;
      return { Parameter: { Value: JSON.stringify({ apiKey: "key", webhookSecret: secret }) } };
    },
  },
  sqs: { send: async () => ({}) },
  callbackQueueUrl: "queue",
  sealBody: async () => ({}),
  clock: () => new Date(),
} as unknown as ReceiveDeps;

const received = (by: string) => {
  const { body, headers } = sign(orderUpdated({ id: "1", reference: "ord_1-1-1", state: "fulfilled" }), by);
  return receiveCallback(deps, supplierId, body, headers);
};
const later = (seconds: number): unknown => vi.setSystemTime(Date.now() + seconds * 1000);

it("takes a callback by a secret that was rotated half a minute after the last reading, and reads no more for forged ones", async () => {
  expect(await received(secret)).toMatchObject({ kind: "stored" });
  later(31);
  secret = newWebhookSecret();
  expect(await received(secret)).toMatchObject({ kind: "stored" });
  expect(reads).toBe(2);

  for (let forged = 0; forged < 20; forged++)
    expect(await received(newWebhookSecret())).toMatchObject({ kind: "refused", reason: "forged" });
  expect(reads).toBe(2);
  later(31);
  for (let forged = 0; forged < 20; forged++) await received(newWebhookSecret());
  expect(reads).toBe(3);
});
