import { differences, factsIn, factsOf } from "../../../shared/audit/differences.ts";
import { planChange } from "../../../shared/catalog/change.ts";
import type { ProductEvent } from "../../../shared/catalog/events.ts";
import { checkRetailFloor } from "../../../shared/catalog/floor.ts";
import { setListing } from "../../../shared/catalog/listing.ts";
import { createProduct, createVersion, findCurrent, listProducts } from "../../../shared/catalog/products.ts";
import { planTierPrice, setPlannedPrice } from "../../../shared/catalog/set-price.ts";
import { listTierPrices } from "../../../shared/catalog/tier-prices.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { planRestock, readRestock, setPlanned } from "../../../shared/restock/table.ts";
import { findSupplier } from "../../../shared/suppliers/find.ts";
import { readOffers } from "../../../shared/suppliers/offers.ts";
import { findRate, listRates, setRate } from "../../../shared/suppliers/rates.ts";
import { clock, dependenciesOf, eventsClient } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts, made } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { codeProduct } from "../code-product.ts";
import { tellOf } from "../tell.ts";
import { knownSuppliers } from "./known-suppliers.ts";
import { functions } from "./operations.ts";

const { env, deps } = dependenciesOf(functions.operatorCatalog);
const bus = { events: eventsClient(), eventBusName: env.EVENT_BUS };

/** Tells that a product has changed. `occasion`: what makes this change another one than those before. */
function tell(productId: string, action: "created" | "version" | "listing" | "price", occasion: string): Promise<void> {
  const event = { occasion: `${productId} ${occasion}`, at: clock().toISOString(), facts: { productId, action } };
  return tellOf("operator-catalog", bus, {
    subject: productId,
    events: [{ type: "product.changed", ...event } satisfies ProductEvent],
  });
}

export const handler = httpFunction("operator-catalog", functions.operatorCatalog, forOperators(deps), {
  createProduct: async ({ body, idempotencyKey }) => {
    const known = await knownSuppliers(deps, body);
    if (!known.ok) return known;
    const floor = await checkRetailFloor(deps, body, clock());
    if (!floor.ok) return floor;
    const created = await createProduct(deps, body, idempotencyKey);
    if (!created.ok) return created;
    const { id } = created.value;
    await tell(id, "created", "1");
    return made({ what: factsIn(created.value), names: { id } }, { body: created.value });
  },

  listAllProducts: async ({ query, after }) => {
    if (query.productId !== undefined) {
      const product = await findCurrent(deps, query.productId);
      if (product === undefined) return refuse("not_found", "There is no such product.");
      return ok({ body: { data: [product] } });
    }
    const { products, next } = await listProducts(deps, query.limit, after);
    return ok({ body: { data: products }, next });
  },

  getAnyProduct: async ({ params: { productId } }) => {
    const product = await findCurrent(deps, productId);
    return product === undefined ? refuse("not_found", "There is no such product.") : ok({ body: product });
  },

  createVersion: async ({ params: { productId }, body, idempotencyKey }) => {
    const known = await knownSuppliers(deps, body.change, "/change");
    if (!known.ok) return known;
    const planned = await planChange(deps, productId, body, idempotencyKey);
    if (!planned.ok) return planned;
    const plan = planned.value;
    const { changes } = plan;
    switch (plan.kind) {
      case "same":
        // The call that made it may have died before it told.
        await tell(productId, "version", String(plan.product.version));
        return ok({ body: { ...plan.product, changes }, status: 200 });
      case "next": {
        const floor = await checkRetailFloor(deps, plan.next, clock(), "/change");
        if (!floor.ok) return floor;
        return acts({ ...factsOf(changes), names: { version: body.base + 1 } }, async () => {
          const { next, requestHash } = plan;
          const version = await createVersion(deps, productId, next, idempotencyKey, body.base, requestHash);
          if (!version.ok) return version;
          await tell(productId, "version", String(version.value.version));
          return ok({ body: { ...version.value, changes } });
        });
      }
    }
  },

  changeListing: async ({ params: { productId }, body: { listing }, requestId }) => {
    const before = await findCurrent(deps, productId);
    if (before === undefined) return refuse("not_found", "There is no such product.");
    return acts({ before: { listing: before.listing }, after: { listing } }, async () => {
      const set = await setListing(deps, productId, listing);
      if (set.ok) await tell(productId, "listing", `listing ${requestId}`);
      return answer(set);
    });
  },

  setTierPrice: async ({ params: { tier }, body }) => {
    const planned = await planTierPrice(deps, tier, body, clock());
    if (!planned.ok) return planned;
    const { changes, next } = planned.value;
    const { price, from, until, belowCost } = body;
    const what = { amount: price?.amount, currency: price?.currency, from, until, belowCost };
    return acts({ ...factsOf(changes), what }, async () => {
      const set = await setPlannedPrice(deps, planned.value);
      if (!set.ok) return set;
      await tell(body.productId, "price", `${tier} ${next.version}`);
      return ok({ body: { ...next, changes } });
    });
  },

  listTierPrices: async ({ params: { tier }, query, after }) => {
    const { prices, next } = await listTierPrices(deps, tier, query.limit, after);
    return ok({ body: { data: prices }, next });
  },

  setRestock: async ({ params: { productId }, body }) => {
    const product = await codeProduct(deps, productId);
    if (!product.ok) return product;
    const planned = await planRestock(deps, productId, body, clock());
    if (!planned.ok) return planned;
    const { before, rule } = planned.value;
    if ((await findSupplier(deps, rule.supplierId)) === undefined)
      return refuse("not_found", "There is no such supplier.");
    const { offers, syncs } = await readOffers(deps, [rule]);
    // Of a supplier whose catalogue was never read nobody knows what it has.
    if (offers.length === 0 && syncs.get(rule.supplierId)?.completedAt !== undefined)
      return refuse("invalid_request", "The supplier sells no such thing.", [
        { pointer: "/supplierProductId", message: "is not in the supplier's catalogue" },
      ]);
    const changes = differences(before.rule ?? {}, rule);
    return acts({ ...factsOf(changes), what: { closes: body.closes } }, async () => {
      const set = await setPlanned(deps, productId, planned.value);
      if (set === undefined) return refuse("busy", "It is buying just now; try again in a moment.");
      return ok({ body: { ...set, changes } });
    });
  },

  showRestock: async ({ params }) => {
    const restock = await readRestock(deps, params.productId);
    return restock === undefined ? refuse("not_found", "Nothing is bought ahead for it.") : ok({ body: restock });
  },

  setRate: async ({ body }) => {
    const { from, to, rate: after } = body;
    const before = await findRate(deps, body);
    return acts({ what: { from, to }, before: { rate: before?.rate }, after: { rate: after } }, async () => {
      const rate = { ...body, at: clock().toISOString() };
      await setRate(deps, rate);
      return ok({ body: rate });
    });
  },

  listRates: async () => ok({ body: { data: await listRates(deps), nextCursor: null } }),
});
