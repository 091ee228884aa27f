import { matches } from "../../../shared/catalog/matches.ts";
import { isListed } from "../../../shared/catalog/model.ts";
import { listProducts } from "../../../shared/catalog/products.ts";
import { findSeen, seenOf } from "../../../shared/catalog/seen.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showProduct } from "./show-product.ts";

const { deps } = dependenciesOf(functions.storefrontCatalog);

export const handler = httpFunction(
  "storefront-catalog",
  functions.storefrontCatalog,
  { ...forChannels(deps) },
  {
    listProducts: async ({ query, after }, caller) => {
      const { products, next } = await listProducts(deps, query.limit, after);
      const now = deps.clock();
      const seen = await seenOf(
        deps,
        caller,
        products.filter((one) => isListed(one) && matches(one, query)),
        now,
      );
      return ok({
        body: { data: await Promise.all(seen.map((product) => showProduct(deps, product, caller, now))) },
        next,
      });
    },

    getProduct: async ({ params: { productId } }, caller) => {
      const now = deps.clock();
      const [product] = await findSeen(deps, caller, [productId], now);
      if (product === undefined || !isListed(product)) return refuse("not_found", "There is no such product.");
      return ok({ body: await showProduct(deps, product, caller, now) });
    },
  },
);
