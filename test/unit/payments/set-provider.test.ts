import { createPublicKey } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import type { ProviderDeps } from "../../../shared/payments/providers.ts";
import { planProvider, setProvider, writeProvider } from "../../../shared/payments/set-provider.ts";
import { newKeys, privateText, publicText } from "../../support/payments/alipay/wire.ts";
import { credentials as ofWechat } from "../../support/payments/wechat/keys.ts";
import { valueOf } from "../../support/value-of.ts";

const notificationUrl = "https://example.com/told";
const provider = (webhookSecret: string) => ({
  name: "sim",
  protocol: "simulated" as const,
  baseUrl: "http://127.0.0.1:1",
  credentials: { apiKey: "key", webhookSecret },
});

/** A store of one provider and its credentials. `order`: what was written, one after the other. */
function store() {
  const put: { Tier?: string; Value?: string }[] = [];
  const order: string[] = [];
  let item: Record<string, unknown> | undefined;
  const write = (one: Record<string, unknown>, asked: { ":version"?: unknown } = {}): object => {
    if (item !== undefined && item["version"] !== asked[":version"])
      throw new ConditionalCheckFailedException({ message: "", $metadata: {}, Item: marshall(item) });
    order.push("settings");
    item = one;
    return {};
  };
  const keep = (input: object): object => {
    order.push("credentials");
    return { put: put.push(input) };
  };
  const answer = async (input: { Item?: Record<string, unknown>; ExpressionAttributeValues?: object }) =>
    input.Item === undefined ? { Item: item } : write(input.Item, input.ExpressionAttributeValues);
  const deps = {
    ssm: { send: async ({ input }: { input: object }) => keep(input) },
    db: { send: ({ input }: { input: object }) => answer(input) },
    tables: { operations: "operations" },
    paymentSecretsPrefix: "/payments/",
    environmentName: "dev",
  } as unknown as ProviderDeps;
  return { deps, put, order };
}

test("credentials may be as large as a parameter of the store's advanced tier, which is asked for only then", async () => {
  const { deps, put } = store();
  const set = await setProvider(deps, provider("x".repeat(500)));
  expect(set).toMatchObject({ ok: true });
  expect(put).toMatchObject([{ Tier: "Intelligent-Tiering" }]);
});

test("credentials that no parameter can hold are refused before anything is stored", async () => {
  const long = createPublicKey({
    format: "jwk",
    key: { kty: "RSA", n: `${"A".repeat(10)}${"w".repeat(4_000)}`, e: "AQAB" },
  });
  const longKey = long.export({ type: "spki", format: "der" }).toString("base64");
  const credentials = {
    appId: "2021000000000001",
    sellerId: "2088000000000001",
    privateKey: privateText(newKeys()),
    alipayPublicKey: longKey,
  };
  const { deps, order } = store();
  const alipay = { ...provider("x"), notificationUrl, protocol: "alipay" } as const;
  const tooLong = { ...credentials, nextAlipayPublicKey: longKey };
  expect(await setProvider(deps, { ...alipay, credentials: tooLong })).toMatchObject({
    ok: false,
    errors: [{ pointer: "/credentials", message: "must have 8 KB at most as JSON" }],
  });
  expect(order).toEqual([]);
  expect(await setProvider(deps, { ...alipay, credentials })).toMatchObject({ ok: true });
});

test("a key is stored in its shortest form, whatever was pasted", async () => {
  const [own, alipay] = [newKeys(), newKeys()];
  const pasted = own.privateKey.export({ type: "pkcs1", format: "pem" }).toString().replaceAll("\n", "\r\n");
  const credentials = {
    appId: "2021000000000001",
    sellerId: "2088000000000001",
    privateKey: pasted,
    alipayPublicKey: publicText(alipay),
  };
  const { deps, put } = store();
  const asked = { ...provider("x"), notificationUrl, protocol: "alipay", credentials } as const;
  expect(await setProvider(deps, asked)).toMatchObject({ ok: true });
  expect(JSON.parse(put[0]?.Value ?? "")).toEqual({ ...credentials, privateKey: privateText(own) });
});

test("a protocol whose payments say where their notifications go has to know that, at an address without a query", async () => {
  const wechat = { ...provider("x"), protocol: "wechat", credentials: ofWechat } as const;
  const refusedIn = async (more: object): Promise<unknown> => {
    const set = await setProvider(store().deps, { ...wechat, ...more });
    return set.ok ? undefined : set.errors?.map(({ pointer }) => pointer);
  };
  expect(await refusedIn({})).toEqual(["/notificationUrl"]);
  expect(await refusedIn({ notificationUrl: "https://example.com/told?by=wechat" })).toEqual(["/notificationUrl"]);
  expect(await refusedIn({ notificationUrl })).toBeUndefined();
  const badNumber = { notificationUrl, credentials: { ...ofWechat, mchId: "x" } };
  expect(await refusedIn(badNumber)).toEqual(["/credentials/mchId"]);
});

test("what is not named stays as it is, and null takes it away", async () => {
  const { deps, put, order } = store();
  const fees = ["0.6%", "USD:2.9%+30"];
  const first = valueOf(await setProvider(deps, { ...provider("x"), fees, timeoutMs: 5_000, notificationUrl }));
  expect(first).toMatchObject({ fees, timeoutMs: 5_000, notificationUrl });
  const moved = valueOf(await setProvider(deps, { name: "sim", baseUrl: "http://127.0.0.1:2" }));
  expect(moved).toEqual({ ...first, baseUrl: "http://127.0.0.1:2" });
  expect(put).toHaveLength(1);
  const free = valueOf(await setProvider(deps, { name: "sim", fees: null, notificationUrl: null }));
  expect([free.fees, free.notificationUrl]).toEqual([undefined, undefined]);
  // Credentials come before a new provider's settings, and after those of one that is there.
  await setProvider(deps, { name: "sim", credentials: { apiKey: "key", webhookSecret: "y" } });
  expect(order).toEqual(["credentials", "settings", "settings", "settings", "settings", "credentials"]);
});

test("a new provider, and another protocol, need what makes them whole", async () => {
  const { deps, order } = store();
  const refusedIn = async (change: object): Promise<unknown> => {
    const set = await setProvider(deps, { name: "sim", ...change });
    return set.ok ? undefined : set.errors?.map(({ pointer }) => pointer);
  };
  expect(await refusedIn({})).toEqual(["/protocol", "/baseUrl"]);
  expect(await setProvider(deps, { name: "sim", protocol: "simulated" })).toMatchObject({
    errors: [{ message: "is required: there is no provider of this name yet" }],
  });
  expect(await refusedIn({ protocol: "simulated", baseUrl: "http://127.0.0.1:1" })).toEqual(["/credentials"]);
  await setProvider(deps, provider("x"));
  expect(await refusedIn({ protocol: "stripe" })).toEqual(["/credentials"]);
  expect(order).toEqual(["credentials", "settings"]);
});

test("two who set a provider at once: one of them is told, and neither change is lost", async () => {
  const { deps, put } = store();
  await setProvider(deps, provider("x"));
  const [anna, ben] = [{ fees: ["0.6%"] }, { timeoutMs: 1_000, credentials: { apiKey: "k", webhookSecret: "z" } }];
  const plans = [
    valueOf(await planProvider(deps, { name: "sim", ...anna })),
    valueOf(await planProvider(deps, { name: "sim", ...ben })),
  ] as const;
  expect(await writeProvider(deps, plans[0])).toMatchObject({ ok: true });
  expect(await writeProvider(deps, plans[1])).toMatchObject({ ok: false, code: "changed_meanwhile" });
  expect(put).toHaveLength(1);
  expect(valueOf(await setProvider(deps, { name: "sim", ...ben }))).toMatchObject({ ...anna, timeoutMs: 1_000 });
});
