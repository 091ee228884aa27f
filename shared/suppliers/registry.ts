/** The supplier protocols that we speak. A new one is a folder beside `vouchsafe/` and a line here. */
import type * as z from "zod";
import { Secret } from "../kernel/secret.ts";
import type { Credentials, Protocol, SupplierAdapter, SupplierSettings } from "./contract.ts";
import { dtone } from "./dtone/adapter.ts";
import { fulu } from "./fulu/adapter.ts";
import { runa } from "./runa/adapter.ts";
import { vouchsafe } from "./vouchsafe/adapter.ts";

export const supplierProtocols = {
  vouchsafe,
  runa,
  dtone,
  fulu,
};

export type SupplierProtocol = keyof typeof supplierProtocols;

export const protocolNames = Object.keys(supplierProtocols) as [SupplierProtocol, ...SupplierProtocol[]];

export function isSupplierProtocol(name: string): name is SupplierProtocol {
  return Object.hasOwn(supplierProtocols, name);
}

/** Gives the schema of a protocol's secrets. */
export function credentialsOf(name: SupplierProtocol): z.ZodType<Credentials> {
  return supplierProtocols[name].credentials;
}

/** Gives how many pieces one order may have. */
export function mostPiecesOf(name: SupplierProtocol): number {
  return supplierProtocols[name].mostPieces;
}

/** Makes the adapter of a supplier. Throws if settings or credentials can't work. */
export function adapterOf(name: SupplierProtocol, settings: SupplierSettings, credentials: unknown): SupplierAdapter {
  const protocol: Protocol = supplierProtocols[name];
  const given = Object.entries(protocol.credentials.parse(credentials));
  const secrets = Object.fromEntries(given.map(([key, value]) => [key, new Secret(value)]));
  const adapter = protocol.adapter(settings, secrets);
  return {
    ...adapter,
    place: (need) =>
      need.quantity > protocol.mostPieces
        ? Promise.resolve({ kind: "rejected", reason: "too_many_pieces" })
        : adapter.place(need),
  };
}
