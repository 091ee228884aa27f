import { operate } from "./call-stack.ts";
import { RETURN_URL } from "./demo-data.ts";
import { startSampleShop } from "./sample-shop.ts";
import type { LocalStack } from "./stack-file.ts";

/** Opens a shop for people with a browser: what the demo's channel sells, paid at the simulated Stripe. Gives its address. */
export async function openDemoShop(stack: LocalStack): Promise<{ url: string; stop: () => void }> {
  const channel = `/admin/v1/channels/${stack.channelId}`;
  const { apiKey } = await operate<{ apiKey: string }>(stack, {
    method: "POST",
    path: `${channel}/keys`,
    json: { scopes: ["catalog:read", "orders:write", "links:write"] },
  });
  const shop = await startSampleShop({ apiUrl: stack.apiUrl, apiKey, provider: "stripe" });
  const hosts = [new URL(RETURN_URL).host, new URL(shop.url).host];
  await operate(stack, { method: "POST", path: `${channel}/return-hosts`, json: { hosts } });
  return shop;
}
