import type { ChargeDiffers } from "../../shared/suppliers/charges.ts";
import { log } from "./log.ts";
import { count } from "./metrics.ts";

/** A supplier charged more than was agreed, or in another currency: alarmed, and logged without the amounts. */
export function tellChargeDiffers(facts: ChargeDiffers["facts"]): void {
  count("ChargeDiffers");
  log("charge_differs", facts);
}
