import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { after } from "../kernel/clock.ts";
import { sha256 } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { encrypterTo } from "./age.ts";
import { type GoodsDeps, type Looker, type Pieces, revealAll } from "./goods.ts";
import type { Order } from "./model.ts";

export type GoodsFileDeps = GoodsDeps & { s3: S3Client; goodsBucket: string };

/**
 * A file of deliverables. Anybody may fetch it by `url` until `expiresAt`; only the owner of the recipient's key can
 * read it. `unreadable`: how many more pieces the file names that nobody can open.
 */
export type GoodsFile = { url: string; expiresAt: string; pieces: number; unreadable: number };

/**
 * Writes all codes of an order into one file, a line of JSON each, encrypted to the buyer's own key
 * (age-encryption.org/v1). After that we can't read it, nor can anybody who finds the link. The same name and key give
 * the same file.
 */
export async function writeGoodsFile(
  deps: GoodsFileDeps,
  order: Order,
  looker: Looker,
  { recipient, name }: { recipient: string; name: string },
): Promise<Result<GoodsFile>> {
  const encrypter = await encrypterTo(recipient);
  if (encrypter === undefined)
    return refuse("invalid_request", "The file can't be encrypted to that key.", [
      { pointer: "/recipient", message: "must be an age recipient: age1…" },
    ]);
  const all = await revealAll(deps, order, looker);
  if (!all.ok) return all;
  const at = {
    Bucket: deps.goodsBucket,
    Key: `${order.id}/${sha256(`${name} ${recipient}`).slice(0, 32)}.ndjson.age`,
  };
  const Body = await encrypter.encrypt(linesOf(all.value));
  await deps.s3.send(new PutObjectCommand({ ...at, Body, ContentType: "application/octet-stream" }));
  const download = { ...at, ResponseContentDisposition: `attachment; filename="${order.id}.ndjson.age"` };
  const expiresAt = after(deps.clock(), LIMITS.goodsLinkSeconds);
  const url = await getSignedUrl(deps.s3, new GetObjectCommand(download), { expiresIn: LIMITS.goodsLinkSeconds });
  return ok({ url, expiresAt, pieces: all.value.pieces.length, unreadable: all.value.unreadable.length });
}

function linesOf({ pieces, unreadable }: Pieces): string {
  const opened = pieces.map(({ lineId, code }) => ({ lineId, ...code }));
  const closed = unreadable.map((piece) => ({ ...piece, unreadable: true }));
  return [...opened, ...closed].map((line) => `${JSON.stringify(line)}\n`).join("");
}
