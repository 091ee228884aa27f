import { afterAll } from "vitest";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { syncSupplier } from "../../../shared/suppliers/sync.ts";
import { fakeBus } from "../engine/fake-aws.ts";
import { sceneGround } from "../scenes/ground.ts";
import { valueOf } from "../value-of.ts";
import { startSupplierSimulator } from "./supplier-simulator.ts";

/** Gives a file of scenes suppliers whose catalogues it decides on, and what the bus was told. */
export async function catalogueGround() {
  const simulator = await startSupplierSimulator();
  afterAll(() => simulator.stop());
  const { events, told } = fakeBus();
  const deps = { ...(await sceneGround()).deps, events, eventBusName: "bus" };

  async function supplier(): Promise<string> {
    const { apiKey, webhookSecret, url } = simulator;
    const credentials = { apiKey, webhookSecret };
    const request = NewSupplier.parse({ name: "S", protocol: "vouchsafe", baseUrl: url, credentials });
    return valueOf(await createSupplier(deps, request, newId("evt"))).id;
  }

  const sync = (supplierId: string) => syncSupplier(deps, supplierId, new Date().toISOString());

  const topup = async (amount: number, sources: NewProduct["sources"]): Promise<string> => {
    const product: NewProduct = { kind: "topup", name: "T", price: { amount, currency: "CNY" }, sources };
    return valueOf(await createProduct(deps, product, newId("evt"))).id;
  };

  return { simulator, told, deps, supplier, sync, topup };
}
