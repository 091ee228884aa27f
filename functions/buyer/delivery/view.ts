import type { Db } from "../../../shared/aws/dynamo.ts";
import type { ProductVersion } from "../../../shared/catalog/model.ts";
import { findVersion } from "../../../shared/catalog/products.ts";
import { findChannel } from "../../../shared/channels/keys.ts";
import type { Channel } from "../../../shared/channels/table.ts";
import { FOR_GOOD, memory, promisedOnce } from "../../../shared/kernel/memory.ts";
import type { Order } from "../../../shared/orders/model.ts";
import type { Language } from "./words.ts";

/** What a page is made of: the order, what it has sold, as it was then, and who has sold it. */
export type Delivery = { order: Order; products: ReadonlyMap<string, ProductVersion>; channel: Channel | undefined };

/** Gives what a line has sold in a reader's language: as the version that was bought calls it, or else as the sale did. */
export function nameIn(language: Language, { order, products }: Delivery, lineId: string): string {
  const line = order.lines.find(({ id }) => id === lineId);
  return products.get(lineId)?.names?.[language] ?? line?.name ?? "";
}

type Deps = Db<"catalog" | "identity">;

/** A version never changes. A channel's name and help may be a minute old. */
const versions = memory<Promise<ProductVersion | undefined>>({ lastsMs: FOR_GOOD, most: 1_000 });
const channels = memory<Promise<Channel | undefined>>({ lastsMs: 60_000, most: 1_000 });

/** Reads what the page of an order is made of, beside the order. */
export async function readDelivery(deps: Deps, order: Order): Promise<Delivery> {
  const { tables } = deps;
  const [channel, ...products] = await Promise.all([
    promisedOnce(channels, `${tables.identity} ${order.channelId}`, () => findChannel(deps, order.channelId)),
    ...order.lines.map(({ productId, productVersion }) =>
      promisedOnce(versions, `${tables.catalog} ${productId} ${productVersion}`, () =>
        findVersion(deps, productId, productVersion),
      ),
    ),
  ]);
  const byLine = order.lines.flatMap(({ id }, index): [string, ProductVersion][] => {
    const product = products[index];
    return product === undefined ? [] : [[id, product]];
  });
  return { order, products: new Map(byLine), channel };
}
