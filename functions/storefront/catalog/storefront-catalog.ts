import { isListed } from "../../../shared/catalog/model.ts";
import { findProducts, listProducts } from "../../../shared/catalog/products.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { channels } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showProduct } from "./show-product.ts";

const { deps } = dependenciesOf(functions.storefrontCatalog);

export const handler = httpFunction(
  "storefront-catalog",
  functions.storefrontCatalog,
  { authenticate: channels(deps) },
  {
    listProducts: async ({ query, after }, caller) => {
      const { products, next } = await listProducts(deps, query.limit, after);
      const listed = products.filter(isListed);
      return ok({
        body: { data: await Promise.all(listed.map((product) => showProduct(deps, product, caller, deps.clock()))) },
        next,
      });
    },

    getProduct: async ({ params: { productId } }, caller) => {
      const [product] = await findProducts(deps, [productId]);
      if (product === undefined || !isListed(product)) return refuse("not_found", "There is no such product.");
      return ok({ body: await showProduct(deps, product, caller, deps.clock()) });
    },
  },
);
