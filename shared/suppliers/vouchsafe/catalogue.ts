import * as z from "zod";
import { type call, readOrThrow } from "../call.ts";
import type { CataloguePage } from "../contract.ts";

const Money = z.object({ amount: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) });
const Products = z.object({
  data: z
    .array(
      z.object({
        id: z.string().regex(/^[\w-]{1,128}$/),
        name: z.string().max(200),
        price: Money,
        availability: z.string(),
      }),
    )
    .max(100),
  nextCursor: z.string().nullable(),
});
const Account = z.object({ balances: z.array(z.object({ available: Money })).max(200) });

type Get = (path: string) => ReturnType<typeof call>;

/** What they sell us, at our price; how many they have they don't say, but that there are none. */
export async function readCatalogue(get: Get, cursor: string | undefined): Promise<CataloguePage> {
  const from = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  const { data, nextCursor } = readOrThrow(await get(`/v1/products?limit=100${from}`), Products);
  const items = data.map(({ id, name, price, availability }) => ({
    supplierProductId: id,
    name,
    cost: price,
    onSale: true,
    ...(availability === "sold_out" ? { stock: 0 } : {}),
  }));
  return { items, ...(nextCursor === null ? {} : { next: nextCursor }) };
}

export async function readBalances(get: Get) {
  return readOrThrow(await get("/v1/account"), Account).balances.map(({ available }) => available);
}
