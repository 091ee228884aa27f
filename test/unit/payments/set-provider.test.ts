import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { ProviderDeps } from "../../../shared/payments/providers.ts";
import { NewProvider, setProvider } from "../../../shared/payments/set-provider.ts";
import { credentials as ofWechat } from "../../support/payments/wechat/keys.ts";

const provider = (webhookSecret: string) => ({
  name: "sim",
  protocol: "simulated",
  baseUrl: "http://127.0.0.1:1",
  credentials: { apiKey: "key", webhookSecret },
});

test("credentials may be as large as a parameter of the store's advanced tier, which is asked for only then", async () => {
  const put: { Tier?: string; Value?: string }[] = [];
  const sink = { send: ({ input }: { input: object }) => Promise.resolve(put.push(input)) };
  const deps = {
    ssm: sink,
    db: { send: () => Promise.resolve({}) },
    tables: { operations: "operations" },
    paymentSecretsPrefix: "/payments/",
    environmentName: "dev",
  } as unknown as ProviderDeps;
  const set = await setProvider(deps, NewProvider.parse(provider("x".repeat(500))));
  expect(set).toMatchObject({ ok: true });
  expect(put).toMatchObject([{ Tier: "Intelligent-Tiering" }]);
});

test("credentials that no parameter can hold are refused before anything is stored", () => {
  const credentials = { ...provider("x").credentials, more: "密".repeat(LIMITS.providerSecretsBytes / 3) };
  const refused = NewProvider.safeParse({ ...provider("x"), credentials });
  expect(refused.error?.issues).toContainEqual(
    expect.objectContaining({ path: ["credentials"], message: "must have 8 KB at most as JSON" }),
  );
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
