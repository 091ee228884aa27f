import { isListed } from "../../shared/catalog/model.ts";
import { listProducts } from "../../shared/catalog/products.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { channels } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listProductsEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showProduct } from "./show-product.ts";

const deps = { db, tables: tablesIn(readEnv(listProductsEnv)) };

export const handler = httpFunction(
  "list-products",
  operations.listProducts,
  channels(deps),
  async ({ query }, caller) => {
    const after = cursorFrom(query.cursor, /^prod_[0-9a-z]{20,26}$/);
    if (!after.ok) return after;
    const { products, next } = await listProducts(deps, query.limit, after.value);
    const data = await Promise.all(
      products.filter(isListed).map((product) => showProduct(deps, product, caller, clock())),
    );
    return ok({ body: { data, nextCursor: cursorTo(next) } });
  },
);
