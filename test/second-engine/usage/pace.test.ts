import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import type { operations } from "../../../functions/storefront/operations.ts";
import { createKey, findChannel, findKey, revokeKey } from "../../../shared/channels/keys.ts";
import { setChannelLimits } from "../../../shared/channels/on-keys.ts";
import { setKeyLimits } from "../../../shared/channels/rotate-key.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { UsageLimits } from "../../../shared/usage/model.ts";
import { keepPace } from "../../../shared/usage/pace.ts";
import { type Asks, askAs, codes, makeKey, stopTime } from "../../support/channels/asking.ts";
import { metered } from "../../support/faults/meter.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// How fast a channel and its keys may ask, and what becomes of those who ask in vain.

const { deps } = await sceneGround();
const aKey = (limits?: UsageLimits, own?: UsageLimits) => makeKey(deps, limits, own);
const ask = (apiKey: string, how?: Asks) => askAs(deps, apiKey, how);

test("of a hundred requests at once exactly those pass that the pace allows, and the others are told truly when", async () => {
  const time = stopTime();
  const { apiKey } = await aKey({ requests: { quota: 30, windowSeconds: 60 } });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(apiKey)));
  expect(codes(answers)).toEqual({ ok: 30, too_many_requests: 70 });
  const refused = answers.filter(({ code }) => code !== "ok");
  for (const { headers, ...why } of refused) {
    expect(why).toMatchObject({ retryAfterSeconds: 2 });
    expect(headers).toEqual({ "RateLimit-Policy": '"requests";q=30;w=60', RateLimit: '"requests";r=0;t=2' });
  }
  time.pass(1);
  expect((await ask(apiKey)).code).toBe("too_many_requests");
  time.pass(1);
  expect(codes([await ask(apiKey), await ask(apiKey)])).toEqual({ ok: 1, too_many_requests: 1 });
  time.pass(60);
  const again = await Promise.all(Array.from({ length: 40 }, () => ask(apiKey)));
  expect(codes(again)).toEqual({ ok: 30, too_many_requests: 10 });
});

test("a channel's pace is shared by its keys; a key with a pace of its own has that alone", async () => {
  stopTime();
  const { channelId, apiKey } = await aKey({ requests: { quota: 5, windowSeconds: 60 } });
  const other = valueOf(await createKey(deps, channelId, { scopes: ["account:read"] }, deps.clock(), "other"));
  const own = valueOf(await createKey(deps, channelId, { scopes: ["account:read"] }, deps.clock(), "own"));
  const named = await findKey(deps, channelId, own.keyId);
  if (named === undefined) throw new Error("no key");
  valueOf(await setKeyLimits(deps, named, { requests: { quota: 3, windowSeconds: 1 } }));
  const shared = await Promise.all([apiKey, other.apiKey ?? ""].flatMap((key) => [1, 2, 3, 4].map(() => ask(key))));
  expect(codes(shared)).toEqual({ ok: 5, too_many_requests: 3 });
  const alone = await Promise.all([1, 2, 3, 4, 5].map(() => ask(own.apiKey ?? "")));
  expect(codes(alone)).toEqual({ ok: 3, too_many_requests: 2 });
});

test("a pace that an operator changes counts anew: who was shut out for hours by the one before is let in", async () => {
  const time = stopTime();
  const { channelId, apiKey } = await aKey({ requests: { quota: 2, windowSeconds: 24 * 3600 } });
  expect(codes(await Promise.all([1, 2, 3].map(() => ask(apiKey))))).toEqual({ ok: 2, too_many_requests: 1 });
  const channel = await findChannel(deps, channelId);
  if (channel === undefined) throw new Error("no channel");
  valueOf(await setChannelLimits(deps, channel, { requests: { quota: 3, windowSeconds: 60 } }));
  time.pass(LIMITS.keyRememberedSeconds);
  expect(codes(await Promise.all([1, 2, 3, 4].map(() => ask(apiKey))))).toEqual({ ok: 3, too_many_requests: 1 });
});

test("a thousand a second go through two lanes, and all of them pass that may", async () => {
  stopTime();
  const pace = { quota: 1_000, windowSeconds: 1 };
  const subject = randomUUID();
  let isIn = 0;
  for (let round = 0; round < 11; round++)
    for (const kept of await Promise.all(Array.from({ length: 100 }, () => keepPace(deps, subject, pace))))
      isIn += kept.isIn ? 1 : 0;
  expect(isIn).toBe(1_000);
});

test("a request that is refused costs at most one write unit and one read unit", async () => {
  stopTime();
  const { apiKey } = await aKey({ requests: { quota: 2, windowSeconds: 60 } });
  await ask(apiKey);
  await ask(apiKey);
  const calls = metered(deps);
  const cost = async (key: string) => {
    calls.length = 0;
    const { code } = await ask(key);
    return {
      code,
      wcu: calls.reduce((sum, one) => sum + one.wcu, 0),
      rcu: calls.reduce((sum, one) => sum + one.rcu, 0),
    };
  };
  // This process knows that there is no place; another one finds it out by one write.
  expect(await cost(apiKey)).toEqual({ code: "too_many_requests", wcu: 0, rcu: 0 });
  const elsewhere = await aKey({ requests: { quota: 2, windowSeconds: 60 } });
  for (let used = 0; used < 2; used++) await ask(elsewhere.apiKey);
  vi.resetModules();
  const fresh = await import("../../../shared/usage/pace.ts");
  calls.length = 0;
  const kept = await fresh.keepPace(deps, elsewhere.channelId, { quota: 2, windowSeconds: 60 });
  expect(kept).toEqual({ isIn: false, left: 0, seconds: 30 });
  expect(calls.map(({ wcu, rcu }) => ({ wcu, rcu }))).toEqual([{ wcu: 1, rcu: 0 }]);
  const unknown = await cost(`vs_${"x".repeat(43)}`);
  expect(unknown).toMatchObject({ code: "unauthorized" });
  expect(unknown.wcu).toBeLessThanOrEqual(1);
  expect(unknown.rcu).toBeLessThanOrEqual(1);
});

test("an address that tries unknown keys is slowed, then blocked; its neighbours and keys that work are let alone", async () => {
  const time = stopTime();
  vi.setSystemTime(Date.UTC(2026, 2, 1, 10));
  const { apiKey } = await aKey();
  const guess = () => `vs_${randomUUID().padEnd(43, "0")}`;
  const forged = { "x-forwarded-for": `198.51.100.${Date.now() % 250}`, forwarded: "for=198.51.100.1" };
  const from = "203.0.113.7";
  const { unknownKeysFree, unknownKeys, missPauseSeconds } = LIMITS;
  for (let tries = 0; tries < unknownKeysFree; tries++)
    expect((await ask(guess(), { from, forged })).code).toBe("unauthorized");
  for (let tries = unknownKeysFree; tries < unknownKeys; tries++) {
    expect(await ask(guess(), { from, forged })).toMatchObject({
      code: "too_many_requests",
      retryAfterSeconds: missPauseSeconds,
    });
    time.pass(missPauseSeconds);
  }
  const blocked = await ask(guess(), { from, forged });
  const untilTheHourIsOver = 3600 - (Math.floor(Date.now() / 1000) % 3600);
  expect(blocked).toMatchObject({ code: "too_many_requests", retryAfterSeconds: untilTheHourIsOver });
  for (let near = 8; near <= 250; near += 10)
    expect((await ask(guess(), { from: `203.0.113.${near}`, forged })).code).toBe("unauthorized");
  expect((await ask(apiKey, { from })).code).toBe("ok");
  time.pass(untilTheHourIsOver);
  expect((await ask(guess(), { from })).code).toBe("unauthorized");
});

test("a shop that goes on with a revoked key is told so each time, and its address is no guesser's", async () => {
  const { channelId, keyId, apiKey } = await aKey();
  valueOf(await revokeKey(deps, channelId, keyId, deps.clock()));
  const from = "203.0.113.77";
  for (let tries = 0; tries < LIMITS.unknownKeysFree + 5; tries++)
    expect((await ask(apiKey, { from })).code).toBe("unauthorized");
  expect((await ask(`vs_${"y".repeat(43)}`, { from })).code).toBe("unauthorized");
});

test("a key that asks for others' ids is slowed, then blocked, for ids alone; other keys of its channel go on", async () => {
  const time = stopTime();
  vi.setSystemTime(Date.UTC(2026, 2, 2, 10));
  const { channelId, apiKey } = await aKey();
  const other = valueOf(await createKey(deps, channelId, { scopes: ["orders:read"] }, deps.clock(), "other"));
  const { caller, onMissing } = await ask(apiKey, { operation: "getOrder" });
  if (caller === undefined) throw new Error("no caller");
  for (let misses = 0; misses < LIMITS.missedIdsFree; misses++) expect(await onMissing(caller)).toBeUndefined();
  expect(await onMissing(caller)).toMatchObject({
    code: "too_many_requests",
    retryAfterSeconds: LIMITS.missPauseSeconds,
  });
  const seen = async (operation: keyof typeof operations, key = apiKey) => (await ask(key, { operation })).code;
  expect(await seen("getOrder")).toBe("too_many_requests");
  expect([await seen("listOrders"), await seen("placeOrder")]).toEqual(["ok", "ok"]);
  expect(await seen("getOrder", other.apiKey)).toBe("ok");
  time.pass(LIMITS.missPauseSeconds);
  expect(await seen("getOrder")).toBe("ok");
  for (let misses = LIMITS.missedIdsFree + 1; misses < LIMITS.missedIds; misses++) {
    await onMissing(caller);
    time.pass(LIMITS.missPauseSeconds);
  }
  const untilTheHourIsOver = 3600 - (Math.floor(Date.now() / 1000) % 3600);
  expect(await onMissing(caller)).toMatchObject({ retryAfterSeconds: untilTheHourIsOver });
  expect(untilTheHourIsOver).toBeGreaterThan(LIMITS.missPauseSeconds);
  time.pass(untilTheHourIsOver);
  expect(await seen("getOrder")).toBe("ok");
});
