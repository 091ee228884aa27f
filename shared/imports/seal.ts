import type { KMSClient } from "@aws-sdk/client-kms";
import { codeContext, sealCode } from "../inventory/code.ts";
import { tagger } from "../inventory/fingerprints.ts";
import { type Clock, NEVER } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { newDataKey } from "../secrecy/envelope.ts";
import type { Layout } from "../stock-files/layout.ts";
import { type LinesRead, type Place, type ReadBytes, readLines, type Unreadable } from "../stock-files/read-lines.ts";
import { codeIdAt, type Packet } from "./packets.ts";

export type SealDeps = { kms: KMSClient; codesKey: string; clock: Clock };

/** What the codes become, and their tag key. The import that was made for them tells both. */
export type Sealing = { productId: string; batchId: string; tagKey: Uint8Array; layout: Layout };

type Found = LinesRead["found"];

/**
 * Seals a file on this machine. Each packet is one line of the upload. Returns why the file can't be read any further,
 * if it can't. Asks KMS for one data key for each thousand lines; the caller has no right to open them again.
 */
export async function* sealedPackets(
  deps: SealDeps,
  sealing: Sealing,
  read: ReadBytes,
  bytes: number,
): AsyncGenerator<string, Unreadable | undefined> {
  let place: Place = { bytes, bytesDone: 0, linesDone: 0 };
  do {
    const segment = await readLines(read, sealing.layout, place, deps.clock());
    if ("reason" in segment) return segment;
    const end = place.linesDone + segment.lines;
    const { found, lines: _lines, ...progress } = segment;
    for (let behind = place.linesDone, from = 0; behind < end; from += LIMITS.codesPerDataKey) {
      const some = found.slice(from, from + LIMITS.codesPerDataKey);
      const isLast = from + LIMITS.codesPerDataKey >= found.length;
      const to = isLast ? end : (some.at(-1)?.line ?? end);
      yield `${JSON.stringify(await packetOf(deps, sealing, some, to - behind))}\n`;
      behind = to;
    }
    place = { bytes, linesDone: end, ...progress };
  } while (place.bytesDone < bytes);
  return undefined;
}

async function packetOf(
  { kms, codesKey }: SealDeps,
  { productId, batchId, tagKey }: Sealing,
  found: Found,
  lines: number,
): Promise<Packet> {
  const dataKey = await newDataKey({ kms, keyId: codesKey, context: codeContext(productId) });
  const tagOf = tagger(tagKey);
  const codes = found.flatMap((one): Packet["codes"] => {
    if ("reason" in one) return [];
    const { line, number, secret, expiresAt } = one;
    const { sealed, hint } = sealCode(dataKey, { codeId: codeIdAt(batchId, line), productId, batchId }, one);
    return [
      {
        line,
        sealed: Buffer.from(sealed).toString("base64"),
        tag: tagOf({ number, secret }),
        ...(number === undefined ? {} : { twinTag: tagOf({ secret }) }),
        ...(hint === undefined ? {} : { hint }),
        ...(expiresAt === NEVER ? {} : { expiresAt }),
      },
    ];
  });
  const refused = found.filter((one) => "reason" in one);
  return { lines, dataKey: Buffer.from(dataKey.wrapped).toString("base64"), codes, refused };
}
