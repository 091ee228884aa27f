import type { Delivery } from "../../../functions/buyer/delivery/view.ts";
import type { Redemption } from "../../../shared/catalog/model.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { at, codeLine, orderOf } from "../orders/order-fixtures.ts";

type Told = {
  name?: string;
  names?: { zh?: string; en?: string };
  seller?: string;
  redemption?: Redemption;
  order?: Partial<Order>;
  codes?: number;
};

/** What a page is made of: an order of so many codes, its product, and who sells. */
export function deliveryOf({
  name = "Music, one month",
  names,
  seller = "Sun Shop",
  redemption,
  order,
  codes = 1,
}: Told = {}): Delivery {
  const tickets = Array.from({ length: codes }, (_, index) => `00aa:${index}`);
  const line = { ...codeLine("fulfilled"), name, quantity: codes, tickets };
  const product = {
    id: line.productId,
    version: 1,
    kind: "code" as const,
    name,
    price: { amount: 1500, currency: "CNY" },
    ...(redemption === undefined ? {} : { redemption }),
    ...(names === undefined ? {} : { names }),
  };
  return {
    order: orderOf("fulfilled", [line], { linkEnds: at(90 * 24 * 3600), ...order }),
    products: new Map([["1", product]]),
    channel: { id: "chan_1", name: seller },
  };
}

/** These codes, all of them on their page. */
export const shownOf = (...secrets: string[]) => ({
  pieces: secrets.map((secret, index) => ({ lineId: "1", code: { codeId: `code_${index}`, secret } })),
  unreadable: [],
  from: 0,
  all: secrets.length,
  next: null,
});
