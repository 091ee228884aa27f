import { createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import type { ProviderDeps } from "../../../shared/payments/providers.ts";
import { NewProvider, setProvider } from "../../../shared/payments/set-provider.ts";
import { newKeys, privateText, publicText } from "../../support/payments/alipay/wire.ts";
import { credentials as ofWechat } from "../../support/payments/wechat/keys.ts";

const notificationUrl = "https://example.com/told";
const provider = (webhookSecret: string) => ({
  name: "sim",
  protocol: "simulated",
  baseUrl: "http://127.0.0.1:1",
  credentials: { apiKey: "key", webhookSecret },
});

function store() {
  const put: { Tier?: string; Value?: string }[] = [];
  const sink = { send: ({ input }: { input: object }) => Promise.resolve(put.push(input)) };
  const deps = {
    ssm: sink,
    db: { send: () => Promise.resolve({}) },
    tables: { operations: "operations" },
    paymentSecretsPrefix: "/payments/",
    environmentName: "dev",
  } as unknown as ProviderDeps;
  return { deps, put };
}

test("credentials may be as large as a parameter of the store's advanced tier, which is asked for only then", async () => {
  const { deps, put } = store();
  const set = await setProvider(deps, NewProvider.parse(provider("x".repeat(500))));
  expect(set).toMatchObject({ ok: true });
  expect(put).toMatchObject([{ Tier: "Intelligent-Tiering" }]);
});

test("credentials that no parameter can hold are refused before anything is stored", () => {
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
  const refusedIn = (more: object) =>
    NewProvider.safeParse({
      ...provider("x"),
      notificationUrl,
      protocol: "alipay",
      credentials: { ...credentials, ...more },
    }).error?.issues;
  expect(refusedIn({})).toBeUndefined();
  expect(refusedIn({ nextAlipayPublicKey: longKey })).toMatchObject([
    { path: ["credentials"], message: "must have 8 KB at most as JSON" },
  ]);
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
  const asked = { ...provider("x"), notificationUrl, protocol: "alipay", credentials };
  expect(await setProvider(deps, NewProvider.parse(asked))).toMatchObject({ ok: true });
  expect(JSON.parse(put[0]?.Value ?? "")).toEqual({ ...credentials, privateKey: privateText(own) });
});

test("a protocol whose payments say where their notifications go has to know that, at an address without a query", () => {
  const wechat = { ...provider("x"), protocol: "wechat", credentials: ofWechat };
  const wrongIn = (more: object): unknown => NewProvider.safeParse({ ...wechat, ...more }).error?.issues;
  const wrong = [expect.objectContaining({ path: ["notificationUrl"] })] as unknown;
  expect(wrongIn({})).toEqual(wrong);
  expect(wrongIn({ notificationUrl: "https://example.com/told?by=wechat" })).toEqual(wrong);
  expect(wrongIn({ notificationUrl: "https://example.com/told" })).toBeUndefined();
  expect(wrongIn({ notificationUrl: "https://example.com/told", credentials: { ...ofWechat, mchId: "x" } })).toEqual([
    expect.objectContaining({ path: ["credentials", "mchId"] }),
  ]);
});
