import * as z from "zod";
import { Money } from "../../kernel/money.ts";
import { CATALOGUE_BYTES, type call, readOrThrow } from "../call.ts";
import type { CataloguePage } from "../contract.ts";
import { listOfObjects, memberOf, readEach } from "../each.ts";

const Id = z.string().regex(/^[\w-]{1,100}$/);
/** A price that can't be read, or is in a currency that we don't know, is an unknown cost. */
const Price = Money.optional().catch(undefined);
const Product = z.object({ id: Id, name: z.string().max(200), price: Price, availability: z.string() });
const Products = z.object({ data: listOfObjects.max(100), nextCursor: z.string().nullable() });
const Account = z.object({ balances: listOfObjects.max(200) });
const Balance = z.object({ available: z.object({ amount: z.int(), currency: z.string() }) });

type Get = (path: string, maxBytes?: number) => ReturnType<typeof call>;

/** Reads what they sell us, at our price. They don't say how many they have, only that there are none. */
export async function readCatalogue(get: Get, cursor: string | undefined): Promise<CataloguePage> {
  const from = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  const path = `/v1/products?limit=100${from}`;
  const { data, nextCursor } = readOrThrow(await get(path, CATALOGUE_BYTES), Products);
  const { read, leftOut } = readEach(data, Product, (product) => memberOf(product, "id", Id));
  const items = read.map(({ id, name, price, availability }) => ({
    supplierProductId: id,
    name,
    onSale: true,
    ...(price === undefined ? {} : { cost: price }),
    ...(availability === "sold_out" ? { stock: 0 } : {}),
  }));
  return { items, leftOut, ...(nextCursor === null ? {} : { next: nextCursor }) };
}

export async function readBalances(get: Get): Promise<Money[]> {
  return readOrThrow(await get("/v1/account"), Account).balances.flatMap((balance) => {
    const read = Balance.safeParse(balance).data?.available;
    // Below zero: credit that was used. Nothing there is ours to spend.
    return read === undefined ? [] : [{ ...read, amount: Math.max(0, read.amount) }];
  });
}
