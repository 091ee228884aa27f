import { setListing } from "../../shared/catalog/listing.ts";
import { findCurrent } from "../../shared/catalog/products.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
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
    const before = await findCurrent(deps, params.productId);
    if (before === undefined) return refuse("not_found", "There is no such product.");
    const { productId: subject } = params;
    const { listing } = body;
    const said = { before: { listing: before.listing }, after: { listing } };
    const changed = await audited(deps, { operator, requestId, action: `product_${listing}`, subject, ...said }, () =>
      setListing(deps, subject, listing),
    );
    return changed.ok ? ok({ body: changed.value }) : changed;
  },
);
