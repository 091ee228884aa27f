import type { Db } from "../../shared/aws/dynamo.ts";
import { isStocked } from "../../shared/catalog/kinds.ts";
import type { ProductVersion } from "../../shared/catalog/model.ts";
import { findProducts } from "../../shared/catalog/products.ts";
import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";
import type { Operator } from "../runtime/callers.ts";
import type { Handler, Handlers, RequestOf } from "../runtime/handler.ts";
import type { Operation, Operations } from "../runtime/operation.ts";

/** Finds a product that can have codes in stock. Refuses one that does not exist, or is of another kind. */
export async function codeProduct(deps: Db<"catalog">, productId: string): Promise<Result<ProductVersion>> {
  const [product] = await findProducts(deps, [productId]);
  if (product === undefined) return refuse("not_found", "There is no such product.");
  return isStocked(product.kind) ? ok(product) : refuse("wrong_kind", "A top-up has no stock.");
}

/** Handlers of operations about one product each, which they get beside the request. */
type AboutProduct<O extends Operations> = {
  readonly [Id in keyof O]: (
    request: RequestOf<O[Id]>,
    product: ProductVersion,
  ) => ReturnType<Handler<O[Id], Operator>>;
};

/** Has the handlers of operations under `/products/{productId}` refuse where that is no product with codes in stock. */
export function ofCodeProducts<O extends Operations>(
  deps: Db<"catalog">,
  operations: O,
  handlers: AboutProduct<O>,
): Handlers<O, Operator> {
  const about = Object.keys(operations).map((id) => {
    const handle = handlers[id] as AboutProduct<Operations>[string];
    const handler: Handler<Operation, Operator> = async (request) => {
      const product = await codeProduct(deps, (request.params as { productId: string }).productId);
      return product.ok ? handle(request, product.value) : product;
    };
    return [id, handler];
  });
  return Object.fromEntries(about) as Handlers<O, Operator>;
}
