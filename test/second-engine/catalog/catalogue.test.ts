import { expect, onTestFinished, test, vi } from "vitest";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct, findProducts, findVersion, listProducts } from "../../../shared/catalog/products.ts";
import {
  authenticate,
  createChannel,
  createKey,
  findChannel,
  listChannels,
  revokeKey,
} from "../../../shared/channels/keys.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readAccounts } from "../../../shared/ledger/accounts.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { readEntry, readStatement } from "../../../shared/ledger/statement.ts";
import { findSupplier } from "../../../shared/suppliers/find.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

const { deps } = await sceneGround();

const cny = (amount: number) => ({ amount, currency: "CNY" });

test("a product is created once for each key, and listed a page at a time", async () => {
  const product: NewProduct = { kind: "code", name: "A code", price: cny(100) };
  const made = await createProduct(deps, product, "same key");
  expect(made).toMatchObject({ ok: true, value: { version: 1, name: "A code" } });
  expect(await createProduct(deps, product, "same key")).toEqual(made);
  expect(await createProduct(deps, { ...product, name: "Another" }, "same key")).toMatchObject({
    ok: false,
    code: "idempotency_key_reused",
  });
  for (let i = 0; i < 4; i++) await createProduct(deps, product, newId("evt"));
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const page = await listProducts(deps, 2, after);
    for (const { id } of page.products) seen.add(id);
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen.size).toBe(5);
  const ids = [...seen];
  expect(await findProducts(deps, [...ids, newId("prod")])).toHaveLength(5);
  expect(await findVersion(deps, ids[0] ?? "", 1)).toMatchObject({ id: ids[0], version: 1 });
  expect(await findVersion(deps, ids[0] ?? "", 2)).toBeUndefined();
});

test("a channel is created once for each key; a key that was revoked opens nothing", async () => {
  const made = await createChannel(deps, { name: "A shop" }, "same key", deps.clock());
  if (!made.ok || made.value.apiKey === undefined) throw new Error("no channel");
  const { id, apiKey } = made.value;
  const again = await createChannel(deps, { name: "A shop" }, "same key", deps.clock());
  expect(again).toEqual({ ok: true, value: { id, name: "A shop" } });
  expect(await createChannel(deps, { name: "B shop" }, "same key", deps.clock())).toMatchObject({ ok: false });
  expect(await findChannel(deps, id)).toMatchObject({ name: "A shop" });
  expect(await listChannels(deps)).toMatchObject([{ id }]);

  const second = valueOf(await createKey(deps, id, { scopes: ["orders:read"] }, deps.clock(), "another"));
  const told = second.apiKey ?? "";
  const repeated = await createKey(deps, id, { scopes: ["orders:read"] }, deps.clock(), "another");
  expect(repeated).toEqual({ ok: true, value: { keyId: second.keyId } });
  expect(await authenticate(deps, apiKey)).toMatchObject({ channelId: id });
  expect(await authenticate(deps, told)).toMatchObject({ keyId: second.keyId, scopes: ["orders:read"] });
  for (let twice = 0; twice < 2; twice++)
    expect(await revokeKey(deps, id, second.keyId, deps.clock())).toMatchObject({ ok: true });
  expect(await authenticate(deps, told)).toBe("revoked");
  expect(await revokeKey(deps, id, newId("key"), deps.clock())).toMatchObject({ ok: false, code: "not_found" });
  expect(await findSupplier(deps, newId("sup"))).toBeUndefined();
});

test("a key is remembered for five seconds: so long, and no longer, it lives on where it was just used", async () => {
  const made = await createChannel(deps, { name: "A shop" }, newId("req"), deps.clock());
  if (!made.ok || made.value.apiKey === undefined) throw new Error("no channel");
  const { id, apiKey } = made.value;
  const toRevoke = await createKey(deps, id, { scopes: ["orders:read"] }, deps.clock(), "to be revoked");
  const { keyId, apiKey: revoked = "" } = valueOf(toRevoke);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
  expect(await authenticate(deps, revoked)).toMatchObject({ keyId });
  // Another process revokes it: this one's memory is not told.
  vi.resetModules();
  const other = await import("../../../shared/channels/keys.ts");
  await other.revokeKey(deps, id, keyId, deps.clock());
  expect(await other.authenticate(deps, revoked)).toBe("revoked");
  pass(4_999);
  expect(await authenticate(deps, revoked)).toMatchObject({ keyId });
  pass(1);
  expect(await authenticate(deps, revoked)).toBe("revoked");
  expect(await authenticate(deps, apiKey)).toMatchObject({ channelId: id });
});

test("money is paid in once for each reference, in each currency by itself", async () => {
  const channelId = newId("chan");
  const now = new Date();
  const first = await deposit(deps, channelId, cny(500), "R1", now);
  expect(first).toMatchObject({ ok: true, value: { spendable: 500 } });
  expect(await deposit(deps, channelId, cny(500), "R1", now)).toEqual(first);
  expect(await deposit(deps, channelId, cny(501), "R1", now)).toMatchObject({ code: "idempotency_key_reused" });
  await deposit(deps, channelId, { amount: 7, currency: "EUR" }, "R2", now);
  expect((await readAccounts(deps, channelId)).map(({ spendable }) => spendable)).toEqual([500, 7]);
  const statement = await readStatement(deps, channelId);
  expect(statement.balances[0]).toMatchObject({
    available: cny(500),
    movements: [{ name: "deposit:R1", amount: 500 }],
  });
  const entry = await readEntry(deps, channelId, "EUR", now.toISOString(), "deposit:R2");
  expect(entry).toMatchObject({
    legs: [
      { account: "platform:cash", amount: 7 },
      { account: `channel:${channelId}`, amount: -7 },
    ],
  });
});
