import { topupAccount } from "./demo-data.ts";
import type { LocalStack } from "./stack-file.ts";

/** Calls to paste into another terminal while the stack is up. The README's tour uses the same four variables. */
export function tour({ apiUrl, apiKey, products }: Pick<LocalStack, "apiUrl" | "apiKey" | "products">): string {
  const order = (line: string, payment: string): string => `'{"lines":[${line}],"payment":${payment}}'`;
  const post = (line: string, payment = '{"method":"balance"}'): string =>
    `curl -s "$API/v1/orders" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s%N)" -d ${order(line, payment)}`;
  return [
    "Paste, while it is up (the third order waits for its buyer: pay it by `curl -X POST` with the url of its payment):",
    `  API='${apiUrl}'; KEY='${apiKey}'`,
    `  PRODUCT='${products?.["code"]}'; TOPUP='${products?.["topup"]}'`,
    `  curl -s "$API/v1/products" -H "Authorization: Bearer $KEY"`,
    `  ${post(`{"productId":"'$PRODUCT'","quantity":2}`)}`,
    `  ${post(`{"productId":"'$TOPUP'","quantity":1,"recipient":{"account":"${topupAccount}"}}`)}`,
    `  ${post(`{"productId":"'$PRODUCT'","quantity":1}`, '{"method":"checkout","provider":"simulated"}')}`,
    `  curl -s "$API/v1/orders" -H "Authorization: Bearer $KEY"`,
    `  curl -s "$API/v1/account" -H "Authorization: Bearer $KEY"`,
    `  npm run ops -- stock count --product "$PRODUCT"`,
  ].join("\n");
}
