/** The supplier protocols we speak. A new one is a folder beside `vouchsafe/` and a line here. */
import type { AdapterFactory } from "./contract.ts";
import { vouchsafeAdapter } from "./vouchsafe/adapter.ts";

export const supplierProtocols = {
  vouchsafe: vouchsafeAdapter,
} as const satisfies Record<string, AdapterFactory>;

export type SupplierProtocol = keyof typeof supplierProtocols;

export function isSupplierProtocol(name: string): name is SupplierProtocol {
  return Object.hasOwn(supplierProtocols, name);
}
