import { RETURN_URL, topupAccount } from "./demo-data.ts";
import type { LocalStack } from "./stack-file.ts";

/** Calls to paste into another terminal while the stack is up. The README's tour uses the same four variables. */
export function tour({ apiUrl, apiKey, products }: Pick<LocalStack, "apiUrl" | "apiKey" | "products">): string {
  const order = (line: string, payment: string): string => `'{"lines":[${line}],"payment":${payment}}'`;
  const post = (line: string, payment = '{"method":"balance"}'): string =>
    `curl -s "$API/v1/orders" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s%N)" -d ${order(line, payment)}`;
  const sold = (quantity: number): string => `{"productId":"'$PRODUCT'","quantity":${quantity}}`;
  const checkout = (provider: string, more: object = {}): string =>
    post(sold(1), JSON.stringify({ method: "checkout", provider, ...more }));
  return [
    "Paste, while it is up (the last three orders wait for their buyers, who pay on the pages below):",
    `  API='${apiUrl}'; KEY='${apiKey}'`,
    `  PRODUCT='${products?.["code"]}'; TOPUP='${products?.["topup"]}'`,
    `  curl -s "$API/v1/products" -H "Authorization: Bearer $KEY"`,
    `  ${post(sold(2))}`,
    `  ${post(`{"productId":"'$TOPUP'","quantity":1,"recipient":{"account":"${topupAccount}"}}`)}`,
    `  ${checkout("stripe", { returnUrl: RETURN_URL })}`,
    `  ${checkout("alipay")}`,
    `  ${checkout("wechat")}`,
    `  curl -s "$API/v1/orders" -H "Authorization: Bearer $KEY"`,
    `  curl -s "$API/v1/account" -H "Authorization: Bearer $KEY"`,
    `  npm run ops -- stock count --product "$PRODUCT"`,
  ].join("\n");
}

/** Where a person pays what such orders ask for. */
export const payPages = ({ paymentPages = {} }: Pick<LocalStack, "paymentPages">): string =>
  [
    "Buyers pay here, in a browser (the payment providers are simulated, and no money moves):",
    ...Object.entries(paymentPages).map(([name, url]) => `  ${name.padEnd(10)} ${url}`),
  ].join("\n");
