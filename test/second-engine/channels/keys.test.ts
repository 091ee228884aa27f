import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { forChannels } from "../../../functions/runtime/callers.ts";
import { operations } from "../../../functions/storefront/operations.ts";
import { usesOf } from "../../../shared/channels/key-use.ts";
import { authenticate, createChannel, createKey, findChannel, findKey } from "../../../shared/channels/keys.ts";
import { setChannelLimits, setFrozen, setTiers } from "../../../shared/channels/on-keys.ts";
import { rotateKey, setKeyAddresses } from "../../../shared/channels/rotate-key.ts";
import type { NamedKey } from "../../../shared/channels/table.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { type Moment, meanwhile } from "../../support/faults/meanwhile.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { callFunction } from "../../support/scenes/operator-functions.ts";
import { valueOf } from "../../support/value-of.ts";

// API keys at the edge: rotated, bound to addresses, noted when they are used.

const { deps } = await sceneGround();

async function aChannel(): Promise<{ channelId: string; keyId: string; apiKey: string }> {
  const {
    id,
    keyId = "",
    apiKey = "",
  } = valueOf(await createChannel(deps, { name: "A shop" }, randomUUID(), deps.clock()));
  return { channelId: id, keyId, apiKey };
}

async function named(channelId: string, keyId: string): Promise<NamedKey> {
  const found = await findKey(deps, channelId, keyId);
  if (found === undefined) throw new Error("no key");
  return found;
}

/** Calls as API Gateway does, which says the address that it has seen; headers say what callers like. */
async function call(apiKey: string, { from = "192.0.2.1", headers = {} }: { from?: string; headers?: object } = {}) {
  const event = {
    headers: { authorization: `Bearer ${apiKey}`, ...headers },
    requestContext: { requestId: "r", http: { sourceIp: from } },
  };
  const found = await forChannels(deps).authenticate(event as never, operations.getAccount, {});
  return found.ok ? "ok" : found.code;
}

/** Lets the time of the machine and of the shop pass: what processes remember is forgotten. */
function passTo(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: ms });
  onTestFinished(() => void vi.useRealTimers());
}

test("a key that is rotated works for the overlap beside the new one, and not a moment longer", async () => {
  const old = await aChannel();
  const rotated = valueOf(await rotateKey(deps, old, 3600, deps.clock(), "spring"));
  expect(rotated.replaces).toBe(old.keyId);
  const again = valueOf(await rotateKey(deps, old, 60, deps.clock(), "spring"));
  expect(again).toEqual({ keyId: rotated.keyId, replaces: old.keyId, endsAt: rotated.endsAt });
  const fresh = rotated.apiKey ?? "";
  expect([await call(old.apiKey), await call(fresh)]).toEqual(["ok", "ok"]);
  passTo(Date.parse(rotated.endsAt) - 1);
  expect([await call(old.apiKey), await call(fresh)]).toEqual(["ok", "ok"]);
  passTo(Date.parse(rotated.endsAt));
  expect([await call(old.apiKey), await call(fresh)]).toEqual(["unauthorized", "ok"]);
  expect(await rotateKey(deps, old, 60, deps.clock(), "summer")).toMatchObject({ code: "not_found" });
});

test("two rotations of one key at once make two keys, and the old one ends when the sooner says", async () => {
  const old = await aChannel();
  const both = await Promise.all(
    [7200, 60].map((overlap) => rotateKey(deps, old, overlap, deps.clock(), `overlap ${overlap}`)),
  );
  const made = both.filter(({ ok }) => ok);
  expect(made.length).toBeGreaterThan(0);
  const ends = made.flatMap((one) => (one.ok ? [one.value.endsAt] : []));
  expect((await findKey(deps, old.channelId, old.keyId))?.endsAt).toBe(ends.toSorted()[0]);
});

test("a key without overlap stops at once, and one that was revoked is not rotated", async () => {
  const old = await aChannel();
  const { apiKey = "" } = valueOf(await rotateKey(deps, old, 0, deps.clock(), "now"));
  expect([await call(old.apiKey), await call(apiKey)]).toEqual(["unauthorized", "ok"]);
  expect(await rotateKey(deps, { ...old, keyId: "key_none" }, 0, deps.clock(), "now")).toMatchObject({
    code: "not_found",
  });
});

test("a key works from its addresses only, as API Gateway sees them; a forged header helps nobody", async () => {
  const { channelId, keyId, apiKey } = await aChannel();
  valueOf(await setKeyAddresses(deps, await named(channelId, keyId), ["192.0.2.0/28", "2001:db8::/32"]));
  const forged = { "x-forwarded-for": "192.0.2.1", forwarded: "for=192.0.2.1", "x-real-ip": "192.0.2.1" };
  const seen: Record<string, string> = {};
  for (const from of ["192.0.2.1", "192.0.2.15", "192.0.2.16", "2001:db8::1", "2001:db9::1", "203.0.113.9"])
    seen[from] = await call(apiKey, { from, headers: forged });
  expect(seen).toEqual({
    "192.0.2.1": "ok",
    "192.0.2.15": "ok",
    "192.0.2.16": "forbidden",
    "2001:db8::1": "ok",
    "2001:db9::1": "forbidden",
    "203.0.113.9": "forbidden",
  });
  // A key that takes its place is bound as it was.
  const next = valueOf(await rotateKey(deps, { channelId, keyId }, 0, deps.clock(), "bound"));
  expect(await call(next.apiKey ?? "", { from: "203.0.113.9" })).toBe("forbidden");
  valueOf(await setKeyAddresses(deps, await named(channelId, next.keyId), []));
  expect(await call(next.apiKey ?? "", { from: "203.0.113.9" })).toBe("ok");
});

test("of a thousand addresses those of the list pass, and no other", async () => {
  const { channelId, keyId, apiKey } = await aChannel();
  valueOf(await setKeyAddresses(deps, await named(channelId, keyId), ["198.51.100.64/26"]));
  const from = Array.from({ length: 1_000 }, (_, index) => `198.51.${100 + (index >> 8)}.${index & 255}`);
  const passed: string[] = [];
  for (const address of from) if ((await call(apiKey, { from: address })) === "ok") passed.push(address);
  expect(passed).toEqual(Array.from({ length: 64 }, (_, index) => `198.51.100.${64 + index}`));
});

test("the use of a key is noted with its address, once in five minutes", async () => {
  const { keyId, apiKey } = await aChannel();
  expect((await usesOf(deps, [keyId])).size).toBe(0);
  const began = deps.clock().toISOString();
  await call(apiKey, { from: "192.0.2.5" });
  const first = (await usesOf(deps, [keyId])).get(keyId);
  expect(first?.usedFrom).toBe("192.0.2.5");
  expect(first?.usedAt.localeCompare(began)).toBeGreaterThanOrEqual(0);
  await call(apiKey, { from: "192.0.2.6" });
  expect((await usesOf(deps, [keyId])).get(keyId)).toEqual(first);
  passTo(Date.now() + LIMITS.keyUseNotedSeconds * 1000);
  await call(apiKey, { from: "192.0.2.7" });
  expect((await usesOf(deps, [keyId])).get(keyId)?.usedFrom).toBe("192.0.2.7");
});

test("operators make, list, bind and rotate keys; addresses that are none are named by their pointers", async () => {
  const { channelId, keyId } = await aChannel();
  const params = { channelId };
  const key = (json: object) => callFunction(deps, "createKey", { params, json });
  expect(await key({ scopes: ["orders:read"], addresses: ["192.0.2.1", "192.0.2.9/24"] })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: "/addresses/1" }] },
  });
  const made = await key({ scopes: ["orders:read"], addresses: ["192.0.2.1"] });
  expect(made.status).toBe(201);
  const json = { addresses: ["2001:db8::/48"] };
  const on = { channelId, keyId };
  expect(await callFunction(deps, "setKeyAddresses", { params: on, json })).toMatchObject({ status: 200, body: json });
  const rotated = await callFunction(deps, "rotateKey", { params: on, json: { overlapSeconds: 60 } });
  expect(rotated).toMatchObject({ status: 201, body: { replaces: keyId, apiKey: expect.stringMatching(/^vs_/) } });
  const { body } = await callFunction(deps, "listKeys", { params, query: { limit: "10" } });
  const { data } = body as { data: { keyId: string }[] };
  expect(data.find((one) => one.keyId === keyId)).toMatchObject({ ...json, endsAt: rotated.body.endsAt });
  expect(data).toHaveLength(3);
  const nobody = { channelId, keyId: "key_00000000000000000000" };
  expect(await callFunction(deps, "rotateKey", { params: nobody, json: {} })).toMatchObject({ status: 404 });
});

test("of two who say a channel's limits, or its tiers, one after the other, the slower one leaves nothing of theirs on the keys", async () => {
  const { channelId: id, apiKey } = await aChannel();
  const ofKeys: Moment = ({ input }) => /channelLimits|key#/.test(JSON.stringify(input));
  const [first, last] = [{ ordersPerDay: 1 }, { ordersPerDay: 2 }];
  const slow = meanwhile(deps, ofKeys, async () => valueOf(await setChannelLimits(deps, { id, limits: first }, last)));
  valueOf(await setChannelLimits(slow, { id }, first));
  const slower = meanwhile(deps, ofKeys, () => setTiers(deps, id, ["silver"]));
  await setTiers(slower, id, ["gold"]);
  expect(await findChannel(deps, id)).toMatchObject({ limits: last, tiers: ["silver"] });
  expect(await authenticate(deps, apiKey)).toMatchObject({ channelLimits: last, tiers: ["silver"] });
});

test("no key of a frozen channel opens anything five seconds later, also one that is made or rotated meanwhile; then all work again", async () => {
  const { channelId, keyId, apiKey } = await aChannel();
  const other = await aChannel();
  const freeze = (frozen: boolean) => callFunction(deps, "setFrozen", { params: { channelId }, json: { frozen } });
  expect(await call(apiKey)).toBe("ok");
  expect(await freeze(true)).toMatchObject({ status: 200, body: { channelId, frozen: true } });
  passTo(Date.now() + LIMITS.keyRememberedSeconds * 1000);
  const made = valueOf(await createKey(deps, channelId, { scopes: ["account:read"] }, deps.clock(), "another"));
  const rotated = valueOf(await rotateKey(deps, { channelId, keyId }, 60, deps.clock(), "spring"));
  const all = [apiKey, made.apiKey ?? "", rotated.apiKey ?? ""];
  for (const one of all) expect(await call(one)).toBe("forbidden");
  expect(await call(other.apiKey)).toBe("ok");
  expect((await callFunction(deps, "getChannel", { params: { channelId } })).body).toMatchObject({ frozen: true });
  expect(await freeze(false)).toMatchObject({ status: 200, body: { frozen: false } });
  passTo(Date.now() + LIMITS.keyRememberedSeconds * 1000);
  for (const one of all) expect(await call(one)).toBe("ok");
  const nobody = { params: { channelId: "chan_00000000000000000000" }, json: { frozen: true } };
  expect(await callFunction(deps, "setFrozen", nobody)).toMatchObject({ status: 404 });
});

test("a key that is made while its channel is being frozen is frozen too", async () => {
  const { channelId } = await aChannel();
  const writesKey: Moment = ({ input }) => /attribute_not_exists\(frozen\)/.test(JSON.stringify(input));
  const slow = meanwhile(deps, writesKey, () => setFrozen(deps, channelId, true));
  const made = valueOf(await createKey(slow, channelId, { scopes: ["account:read"] }, deps.clock(), "another"));
  expect(await call(made.apiKey ?? "")).toBe("forbidden");
});
