import * as z from "zod";
import type { SealedCode } from "../inventory/fill.ts";
import { type FingerprintDeps, fingerprinterOfTags } from "../inventory/fingerprints.ts";
import { NEVER } from "../kernel/clock.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { CHARACTER } from "../stock-files/invisible.ts";
import { type RefusedLine, refusalReasons } from "../stock-files/refusals.ts";
import type { LargeImport } from "./model.ts";

/**
 * Base64 of a nonce, a tag and a code: from the shortest code that there can be to the longest, each letter of which
 * JSON escapes.
 */
const sealedText = z
  .base64()
  .min(base64Length(28 + '{"secret":"x"}'.length))
  .max(base64Length(28 + '{"number":"","secret":""}'.length + 2 * LIMITS.codeBytes));

const Line = z.int().min(1);
const PacketCode = z.strictObject({
  line: Line,
  sealed: sealedText,
  /** HMAC-SHA256 under the product's tag key. */
  tag: z.base64url().length(43),
  /** If the code has a number: the tag of its secret alone. */
  twinTag: z.base64url().length(43).optional(),
  hint: z.string().max(4).optional(),
  /** Absent: never. */
  expiresAt: z.iso.datetime({ precision: 3 }).optional(),
});

const RefusedInPacket = z.strictObject({
  line: Line,
  reason: z.enum(refusalReasons),
  character: z.string().regex(CHARACTER).exactOptional(),
});

/**
 * A packet: what the operator's machine made of some lines of a file, empty ones included. It is one line of the
 * upload. The codes are sealed under one data key, which KMS wrapped; each is bound to its product, its batch and its
 * line.
 */
export const Packet = z.strictObject({
  lines: z.int().min(1).max(LIMITS.segmentBytes),
  dataKey: z.base64().min(1).max(base64Length(LIMITS.wrappedKeyBytes)),
  codes: z.array(PacketCode),
  refused: z.array(RefusedInPacket),
});
export type Packet = z.infer<typeof Packet>;

function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** Makes a code's id from its line, so that both sides know it and an uploader can't take another code's. */
export const codeIdAt = (batchId: string, line: number): string => idOf("code", batchId, String(line));

type PacketRead = { lines: number; found: (SealedCode | RefusedLine)[] };

/**
 * Makes a function that reads packets. `behind`: the line before the packet's first. Undefined: it is no packet, or
 * speaks of lines that are not its own. Nothing else can be known without opening codes. A code that has expired
 * meanwhile is refused.
 */
export async function packetReader(
  deps: FingerprintDeps,
  { productId, batchId }: LargeImport,
): Promise<(text: string, behind: number, now: Date) => PacketRead | undefined> {
  const fingerprintOf = await fingerprinterOfTags(deps, productId);
  return (text, behind, now) => {
    const packet = parsed(text);
    if (packet === undefined) return undefined;
    const { lines, codes, refused } = packet;
    const dataKey = Buffer.from(packet.dataKey, "base64");
    const said = [...codes, ...refused].map(({ line }) => line);
    const isOwn = said.every((line) => line > behind && line <= behind + lines);
    if (said.length > LIMITS.codesPerDataKey || !isOwn || new Set(said).size < said.length) return undefined;
    const found = codes.map(({ line, sealed, tag, twinTag, hint, expiresAt = NEVER }): SealedCode | RefusedLine => {
      if (expiresAt <= now.toISOString()) return { line, reason: "expired" };
      return {
        line,
        expiresAt,
        fingerprint: fingerprintOf(tag),
        ...(twinTag === undefined ? {} : { twin: fingerprintOf(twinTag) }),
        codeId: codeIdAt(batchId, line),
        sealed: Buffer.from(sealed, "base64"),
        dataKey,
        ...(hint === undefined ? {} : { hint }),
      };
    });
    return { lines, found: [...found, ...refused] };
  };
}

function parsed(text: string): Packet | undefined {
  try {
    return Packet.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
