import type { KMSClient } from "@aws-sdk/client-kms";
import type { LargeImport } from "../../../shared/imports/model.ts";
import { type SealDeps, sealedPackets } from "../../../shared/imports/seal.ts";
import { type FingerprintDeps, tagKeyOf } from "../../../shared/inventory/fingerprints.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";

/** What the operator's command line makes of a file for an import; or why it can't. */
export async function sealText(
  deps: SealDeps & FingerprintDeps,
  { productId, batchId }: LargeImport,
  text: string,
  layout: object = {},
): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const tagKey = await tagKeyOf(deps, productId);
  const read = async (from: number, length: number) => bytes.slice(from, from + length);
  const sealing = { productId, batchId, tagKey, layout: Layout.parse(layout) };
  const packets = sealedPackets(deps, sealing, read, bytes.length);
  for (let sealed = ""; ; ) {
    const next = await packets.next();
    if (next.done === true) return next.value?.reason ?? sealed;
    sealed += next.value;
  }
}

/** Makes MACs, and neither makes nor opens a data key: what an importer needs that can read nothing. */
export function blind(kms: KMSClient): KMSClient {
  const send = (command: { constructor: { name: string } }, ...rest: unknown[]): unknown => {
    if (command.constructor.name !== "GenerateMacCommand") throw new Error(`the importer asks KMS for more than MACs`);
    return (kms.send as (...args: unknown[]) => unknown).call(kms, command, ...rest);
  };
  return Object.assign(Object.create(kms) as KMSClient, { send });
}
