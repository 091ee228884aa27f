import { differences, factsOf } from "../../shared/audit/differences.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { planRestock, setPlanned } from "../../shared/restock/table.ts";
import { readOffers } from "../../shared/suppliers/offers.ts";
import { findSupplier } from "../../shared/suppliers/settings.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { setRestockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(setRestockEnv)) };

export const handler = httpFunction(
  "set-restock",
  operations.setRestock,
  operators,
  async ({ params, body, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const planned = await planRestock(deps, params.productId, body, clock());
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
    const { productId: subject } = params;
    const said = { ...factsOf(changes), what: { closes: body.closes } };
    return audited(deps, { operator, requestId, action: "restock_set", subject, ...said }, async () => {
      const set = await setPlanned(deps, subject, planned.value);
      if (set === undefined) return refuse("busy", "It is buying just now; try again in a moment.");
      return ok({ body: { ...set, changes } });
    });
  },
);
