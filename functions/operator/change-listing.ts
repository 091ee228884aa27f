import { setListing } from "../../shared/catalog/listing.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { changeListingEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(changeListingEnv)) };

export const handler = httpFunction(
  "change-listing",
  operations.changeListing,
  operators,
  async ({ params, body, requestId }, operator) => {
    const changed = await setListing(deps, params.productId, body.listing);
    if (!changed.ok) return changed;
    await audited(deps, operator, requestId, `product_${body.listing}`, params.productId);
    return ok({ body: changed.value });
  },
);
