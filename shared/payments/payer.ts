import { fingerprintOf } from "../kernel/ids.ts";
import type { Flow, Payer } from "./contract.ts";

/** How somebody pays, checked: the provider has the flow, and is told what it needs of the payer. `fees`: its rates as they are now. */
export type Chosen = { provider: string; flow: Flow; fees?: readonly string[] } & Payer;

/** Picks what a request says of the payer. */
export const payerIn = ({ openId, payerIp, returnUrl: url }: { [K in keyof Payer]?: Payer[K] | undefined }): Payer => ({
  ...(openId === undefined ? {} : { openId }),
  ...(payerIp === undefined ? {} : { payerIp }),
  ...(url === undefined ? {} : { returnUrl: url }),
});

/** Gives a short name of what a request says of the payer, by which a repeat is told from another wish. Undefined: it says nothing. */
export function payerHash(payer: Payer): string | undefined {
  return Object.keys(payer).length === 0 ? undefined : fingerprintOf(payer).slice(0, 16);
}
