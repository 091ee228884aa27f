import { afterAll, describe, expect, test } from "vitest";
import { startSampleShop } from "../../../infra/local/sample-shop.ts";
import { trailOf } from "../../../shared/audit/table.ts";
import { accessibilityProblems } from "../../support/browser/axe.ts";
import { chromiumPath, startChromium } from "../../support/browser/chromium.ts";
import { readQrCodes } from "../../support/browser/read-qr.ts";
import { visit } from "../../support/browser/visit.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { openShop, operate, stockProduct } from "../../support/orders/shop.ts";
import { startStripeSimulator } from "../../support/payments/stripe/stripe-simulator.ts";

const stack = deployedStack();
const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

/** A sample shop that sells one product, and Stripe where its buyers pay. */
async function openSampleShop() {
  const [{ channelId }, { productId, codes }, stripe] = await Promise.all([
    openShop(0),
    stockProduct(stack, 3),
    startStripeSimulator(),
  ]);
  ends.push(() => stripe.stop());
  const post = (path: string, json: object) => operate(stack, { method: "POST", path: `/admin/v1${path}`, json });
  const provider = "stripe-of-the-walk";
  const { url: baseUrl, credentials } = stripe;
  await post("/payment-providers", { name: provider, protocol: "stripe", baseUrl, credentials });
  stripe.setEndpoint(`${stack.apiUrl}/v1/payments/${provider}/notifications`);
  const scopes = ["catalog:read", "orders:write", "links:write"];
  const { apiKey } = await post(`/channels/${channelId}/keys`, { scopes });
  const shop = await startSampleShop({ apiUrl: stack.apiUrl, apiKey: apiKey as string, provider });
  ends.push(shop.stop);
  await post(`/channels/${channelId}/return-hosts`, { hosts: [new URL(shop.url).host] });
  return { url: shop.url, productId, codes };
}

describe.skipIf(chromiumPath === undefined)("in a browser, at the deployed app", () => {
  test("a person buys in the sample shop, pays at Stripe's page, comes back, waits, and copies and scans the code", async () => {
    const [shop, browser] = await Promise.all([openSampleShop(), startChromium()]);
    ends.push(() => browser.close());
    const { page, context, complaints } = await visit(browser);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(shop.url);
    expect(await accessibilityProblems(page)).toEqual([]);
    const card = page.locator("li", { has: page.locator(`input[value="${shop.productId}"]`) });
    // Others sell in this app too, so the product may stand on a later page.
    while ((await card.count()) === 0) {
      const next = await page.getByRole("link", { name: "More products" }).getAttribute("href");
      await page.goto(new URL(next ?? "", shop.url).href);
    }
    await card.getByRole("button", { name: "Buy" }).click();
    await page.getByRole("button", { name: "Pay", exact: true }).click();
    await page.getByRole("link", { name: "Back to the shop" }).click();
    await page.waitForURL(/\/d\/[0-9A-Za-z]{22}$/);
    await page.getByRole("button", { name: "Show my code" }).click();
    const code = await page.locator("#c0").textContent();
    expect(shop.codes).toContain(code);
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(code);
    expect(await readQrCodes([await page.screenshot({ fullPage: true })])).toEqual([[code]]);
    expect(await accessibilityProblems(page)).toEqual([]);
    const orderId = await page.locator("footer dd").first().textContent();
    const looks = (await trailOf(domain(), orderId ?? "")).filter(({ action }) => action === "codes_revealed");
    expect(looks.map(({ by }) => by)).toEqual(["link-1"]);
    expect(complaints).toEqual([]);
  });
});
