import * as z from "zod";
import { tokenOf } from "../shared/orders/link.ts";
import type { Order } from "../shared/orders/model.ts";
import type { LinkToken } from "../shared/secrecy/link-tokens.ts";
import { settingsFrom } from "./runtime/env.ts";

const { PAGES_URL, AWS_ENDPOINT_URL = "" } = settingsFrom(
  z.object({ PAGES_URL: z.string(), AWS_ENDPOINT_URL: z.string().optional() }),
);
/** On the local engine it is a path of the engine. */
const base = PAGES_URL.startsWith("/") ? `${AWS_ENDPOINT_URL}${PAGES_URL}` : PAGES_URL;

/** Gives the address of the buyer's page that a token opens. */
export const pageUrlOf = (token: string): string => `${base}/d/${token}`;

/** Gives the address that a one-time link is opened at. */
export const onceUrlOf = (token: string): string => `${base}/find/${token}`;

/** Gives the address of the buyer's page of an order. Undefined: it has no link, or that has ended. */
export function deliveryUrlOf(token: LinkToken, order: Order, now: Date): string | undefined {
  const found = tokenOf(token, order, now);
  return found === undefined ? undefined : pageUrlOf(found);
}
