import { vi } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { RestockRule } from "../../../shared/restock/model.ts";
import { restock } from "../../../shared/restock/restock.ts";
import { readRestock, setRestock } from "../../../shared/restock/table.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { syncSupplier } from "../../../shared/suppliers/sync.ts";
import { fakeBus } from "../engine/fake-aws.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { codeProduct } from "../orders/market.ts";
import { type Giving, type Goods, startGivingSupplier } from "../suppliers/giving.ts";

const BEGINS_AT = Date.parse("2026-01-05T12:00:00Z");

export const WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Makes a supplier known that speaks our own protocol. */
export async function nameSupplier(deps: Everything["deps"], { url }: Pick<Giving, "url">): Promise<string> {
  const credentials = { apiKey: "key", webhookSecret: WEBHOOK_SECRET };
  const settings = { name: "Theirs", protocol: "vouchsafe", baseUrl: url, credentials };
  const made = await createSupplier(deps, NewSupplier.parse(settings), newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  return made.value.id;
}

/**
 * One product that is bought ahead, `quantity` at a time for 10 each, from a supplier that hands over these goods. The clock is the
 * test's: it moves with each look.
 */
export async function buyAhead(
  ground: Everything["deps"],
  goods: Goods,
  { quantity, below = 100 }: { quantity: number; below?: number },
) {
  let now = BEGINS_AT;
  vi.setSystemTime(now);
  const supplier = await startGivingSupplier(goods);
  const { events, told } = fakeBus();
  const deps = { ...ground, events, eventBusName: "bus", clock: () => new Date(now) };
  const supplierId = await nameSupplier(deps, supplier);
  await syncSupplier(deps, supplierId, deps.clock().toISOString());
  const productId = await codeProduct(deps);
  const money = (amount: number) => ({ amount, currency: "CNY" });
  const limits = { maxCost: money(10), dailyBudget: money(1_000) };
  const rule = RestockRule.parse({ below, quantity, supplierId, supplierProductId: "theirs", ...limits });
  await setRestock(deps, productId, rule, deps.clock());
  const state = async () => {
    const found = await readRestock(deps, productId);
    if (found === undefined) throw new Error("the rule is gone");
    return found;
  };
  /** One look, a minute after the one before. `through`: the process that looks. */
  const look = async (through: Everything["deps"] = deps, seconds = 61): Promise<void> => {
    now += seconds * 1000;
    vi.setSystemTime(now);
    await restock({ ...deps, db: through.db }, await state());
  };
  return {
    deps,
    supplier,
    supplierId,
    productId,
    told,
    state,
    look,
    looks: async (times: number): Promise<void> => {
      for (let done = 0; done < times; done++) await look();
    },
    available: async () => (await countStock(deps, productId, deps.clock())).available,
  };
}
