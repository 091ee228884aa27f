import type { Db } from "../aws/dynamo.ts";
import { findProducts } from "../catalog/products.ts";
import type { Result } from "../kernel/problem.ts";
import { type Priced, price } from "./price.ts";
import type { NewQuote } from "./request.ts";

/** Says what an order of these lines would cost now. Takes nothing, and changes nothing. */
export async function quoteLines(deps: Db<"catalog">, { lines }: NewQuote): Promise<Result<Priced>> {
  const products = await findProducts(
    deps,
    lines.map(({ productId }) => productId),
  );
  return price({ lines }, products);
}
