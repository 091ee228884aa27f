import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { http, openShop, operate, type Shop } from "../orders/shop.ts";
import { noteContacts } from "../secrecy/left.ts";

/** A shop whose key gives its buyers links and never sees a code. */
export async function blindShop(deposit?: number): Promise<Shop> {
  const shop = await openShop(deposit);
  const { apiKey } = await operate(shop.stack, {
    method: "POST",
    path: `/admin/v1/channels/${shop.channelId}/keys`,
    json: { scopes: ["orders:write", "orders:read", "links:write"] },
  });
  return { ...shop, key: apiKey as string };
}

/** Sends a form of a page of ours, as a browser does that shows the page. */
export const formTo = (
  stack: LocalStack,
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
) => {
  noteContacts(fields["contact"]);
  return http(stack, "POST", path, {
    raw: new URLSearchParams(fields).toString(),
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "Sec-Fetch-Site": "same-origin",
      "Accept-Language": "en",
      ...headers,
    },
  });
};

/** A buyer's page, as a browser would ask for it: by the link's path, from the page itself. */
export function buyerOf(stack: LocalStack, deliveryUrl: string) {
  const path = deliveryUrl.slice(stack.apiUrl.length);
  const form = (to: string, fields?: Record<string, string>, headers?: Record<string, string>) =>
    formTo(stack, `${path}/${to}`, fields, headers);
  return {
    path,
    open: (headers: Record<string, string> = {}, method = "GET", query = "") =>
      http(stack, method, `${path}${query}`, { headers: { "Accept-Language": "en", ...headers } }),
    state: () => http(stack, "GET", `${path}/state`),
    reveal: (fields?: Record<string, string>, headers?: Record<string, string>) => form("reveal", fields, headers),
    ask: (fields: Record<string, string>) => form("cases", fields),
    file: (fields?: Record<string, string>) => form("file", fields),
  };
}
