import { isListed } from "../../shared/catalog/model.ts";
import { findProducts } from "../../shared/catalog/products.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { channels } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { getProductEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showProduct } from "./show-product.ts";

const deps = { db, tables: tablesIn(readEnv(getProductEnv)) };

export const handler = httpFunction(
  "get-product",
  operations.getProduct,
  channels(deps),
  async ({ params }, caller) => {
    const [product] = await findProducts(deps, [params.productId]);
    if (product === undefined || !isListed(product)) return refuse("not_found", "There is no such product.");
    return ok({ body: await showProduct(deps, product, caller, clock()) });
  },
);
