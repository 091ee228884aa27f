import { expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { http, openShop, operate } from "../../support/orders/shop.ts";

// API keys through the deployed functions: each kind of function has processes of its own, and each of them remembers keys.

const stack = deployedStack();
const CALLS = ["/v1/products", "/v1/orders", "/v1/account", "/v1/deposits", "/v1/webhook-endpoints"];

const statuses = async (key: string): Promise<number[]> =>
  Promise.all(CALLS.map(async (path) => (await http(stack, "GET", path, { key })).status));

test("a rotated key works beside the new one; a revoked one is dead in all functions within five seconds, measured", async () => {
  const { channelId, key: old } = await openShop(0);
  const keys = `/admin/v1/channels/${channelId}/keys`;
  const { data } = await operate(stack, { method: "GET", path: keys });
  const path = `${keys}/${data[0].keyId}`;
  const { apiKey: fresh } = await operate(stack, { method: "POST", path: `${path}/rotations`, json: {} });
  expect([await statuses(old), await statuses(fresh)]).toEqual([CALLS.map(() => 200), CALLS.map(() => 200)]);

  await operate(stack, { method: "DELETE", path });
  const revoked = Date.now();
  let lastSeen = revoked;
  for (;;) {
    const asked = Date.now();
    const seen = await statuses(old);
    if (seen.every((status) => status === 401)) break;
    lastSeen = asked;
    expect(asked - revoked, "it still works").toBeLessThan(5_000);
  }
  process.stdout.write(`a revoked key was last taken ${lastSeen - revoked} ms after it was revoked\n`);
  expect(await statuses(fresh)).toEqual(CALLS.map(() => 200));
});

test("a key that is bound to other addresses opens nothing, whatever headers say", async () => {
  const { channelId } = await openShop(0);
  const { apiKey } = await operate(stack, {
    method: "POST",
    path: `/admin/v1/channels/${channelId}/keys`,
    json: { scopes: ["catalog:read"], addresses: ["192.0.2.0/24", "2001:db8::/32"] },
  });
  const headers = { "X-Forwarded-For": "192.0.2.1", Forwarded: "for=192.0.2.1" };
  const answer = await http(stack, "GET", "/v1/products", { key: apiKey, headers });
  expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
});
