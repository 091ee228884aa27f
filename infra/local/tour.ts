import { topupAccount } from "./demo-data.ts";
import type { LocalStack } from "./stack-file.ts";

/** Calls to paste into another terminal while the stack is up. */
export function tour({ apiUrl, apiKey, products }: LocalStack): string {
  const order = (line: string, payment: string): string => `{"lines":[${line}],"payment":${payment}}`;
  const post = (line: string, payment = '{"method":"balance"}'): string =>
    `curl -s "$API/v1/orders" -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s%N)" -d '${order(line, payment)}'`;
  return [
    "Paste, while it is up:",
    `  API='${apiUrl}'; KEY='${apiKey}'`,
    `  curl -s "$API/v1/products" -H "Authorization: Bearer $KEY"`,
    `  ${post(`{"productId":"${products?.["code"]}","quantity":2}`)}`,
    `  ${post(`{"productId":"${products?.["topup"]}","quantity":1,"recipient":{"account":"${topupAccount}"}}`)}`,
    `  ${post(`{"productId":"${products?.["code"]}","quantity":1}`, '{"method":"checkout","provider":"simulated"}')}   # then: curl -X POST the url of its payment`,
    `  curl -s "$API/v1/orders" -H "Authorization: Bearer $KEY"`,
    `  curl -s "$API/v1/account" -H "Authorization: Bearer $KEY"`,
    `  npm run ops -- stock count --product ${products?.["code"]}`,
  ].join("\n");
}
