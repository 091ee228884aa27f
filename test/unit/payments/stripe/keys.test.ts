import { expect, test } from "vitest";
import type { ProviderDeps } from "../../../../shared/payments/providers.ts";
import { methodOf } from "../../../../shared/payments/registry.ts";
import { setProvider } from "../../../../shared/payments/set-provider.ts";
import { starterOf } from "../../../../shared/payments/starters.ts";

const SETTINGS = { baseUrl: "https://api.stripe.com", timeoutMs: 2_000 };
const keys = (apiKey: string, more = {}) => ({ apiKey, webhookSecret: "whsec_0123456789", ...more });
const named = (credentials: Record<string, string>) =>
  ({ name: "s", protocol: "stripe", ...SETTINGS, credentials }) as const;
/** Nothing is stored, and what would be is kept. */
function nowhere(environmentName: string) {
  const put: object[] = [];
  const send = ({ input }: { input: object }) => {
    if ("Item" in input || "Value" in input) put.push(input);
    return Promise.resolve({});
  };
  const sink = { send };
  const deps = { ssm: sink, db: sink, tables: { operations: "operations" }, environmentName };
  return { put, deps: deps as unknown as ProviderDeps };
}

test.each(["sk_test_1", "rk_test_1"])("production refuses %s: anybody could pay with a test card", async (apiKey) => {
  const { put, deps } = nowhere("prod");
  const set = await setProvider(deps, named(keys(apiKey)));
  expect(set).toMatchObject({ ok: false, code: "invalid_request", errors: [{ pointer: "/credentials" }] });
  expect(put).toEqual([]);
  // Nor does it speak by one that is there all the same.
  for (const make of [methodOf, starterOf])
    expect(() => make("stripe", SETTINGS, keys(apiKey), "prod")).toThrow("moves no money");
});

test("a live key is spoken with everywhere, and a test key where money is not real", () => {
  for (const [apiKey, environment] of [
    ["sk_live_1", "prod"],
    ["rk_live_1", "prod"],
    ["sk_test_1", "dev"],
  ] as const)
    expect(methodOf("stripe", SETTINGS, keys(apiKey), environment).disputes).toBeDefined();
});

test.each([
  ["a publishable key", keys("pk_live_1"), "apiKey"],
  ["a key with a line break", keys("sk_live_1\n"), "apiKey"],
  ["an endpoint's id instead of its secret", { ...keys("sk_live_1"), webhookSecret: "we_0123456789" }, "webhookSecret"],
  ["an empty former secret", keys("sk_live_1", { previousWebhookSecret: "" }), "previousWebhookSecret"],
])("%s is refused by name, and is not repeated in the answer", async (_what, credentials, member) => {
  const { put, deps } = nowhere("dev");
  const set = await setProvider(deps, named(credentials));
  expect(set).toMatchObject({ ok: false, errors: [{ pointer: `/credentials/${member}` }] });
  expect(put).toEqual([]);
  expect(JSON.stringify(set)).not.toContain(credentials.apiKey);
});
