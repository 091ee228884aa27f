import type { KMSClient } from "@aws-sdk/client-kms";
import { type Db, type Item, transact } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { idOf, sha256 } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { type DataKey, newDataKey } from "../secrecy/envelope.ts";
import { codeContext, sealCode } from "./code.ts";
import { type FingerprintDeps, marker } from "./fingerprints.ts";
import { chunksOf, firstOfEach } from "./marked-codes.ts";
import { type Marked, markWrites, readMarks, sameAs } from "./marks.ts";
import { placeOf, type Ticket, ticketFor } from "./model.ts";
import { slots } from "./stored.ts";
import { slotKey } from "./table.ts";

export type VaultDeps = Db<"inventory"> & FingerprintDeps & { kms: KMSClient; codesKey: string; clock: Clock };

/** One piece that a supplier delivered, still in the clear. */
type Piece = { number?: Secret; secret: Secret; expiresAt?: string };

/** What goods were bought for. `reference` names the purchase, for the supplier and for us. */
export type Purchase = { orderId: string; productId: string; reference: string };

/** A try fails when another helper stores the same goods, or an import brings the same codes. */
const TRIES = 5;

/**
 * Stores bought goods: sealed, each in a slot that is sold to its order from the start, so that they are delivered like
 * stock. The slab is named by the purchase: a repeat with the same goods, in any order, finds them there. Goods that
 * were known before this purchase are `duplicates` and not stored again. Codes are compared by the rules of imports,
 * also where only one of the two has a number.
 */
export async function storeBought(
  deps: VaultDeps,
  purchase: Purchase,
  goods: readonly Piece[],
): Promise<{ tickets: Ticket[]; duplicates: number }> {
  const { productId } = purchase;
  const marksOf = await marker(deps, productId);
  const codes = goods.map((piece): Marked & { piece: Piece } => ({ piece, ...marksOf(opened(piece)) }));
  const slab = slabOf(purchase.reference);
  const isHere = (ticket: Ticket): boolean => ticket.startsWith(`${slab}:`);
  let dataKey: DataKey | undefined;
  for (let attempt = 0; attempt < TRIES; ) {
    const marks = await readMarks(deps, productId, codes);
    const known = codes.map((code) => sameAs(marks, productId, code));
    const here = new Set(
      known.flatMap((same) => (same?.ticket !== undefined && isHere(same.ticket) ? same.ticket : [])),
    );
    const tickets = [...here].sort(byNumber);
    // Of equal codes in one delivery the first is stored; the others are then known.
    const { first: fresh } = firstOfEach(codes.filter((_, index) => known[index] === undefined));
    const [chunk] = chunksOf(productId, fresh);
    if (chunk === undefined) return { tickets, duplicates: goods.length - tickets.length };
    const wrapping = { kms: deps.kms, keyId: deps.codesKey, context: codeContext(productId) };
    dataKey ??= await newDataKey(wrapping);
    const sealing = dataKey;
    const placed = chunk.map((code, index) => {
      const ticket = ticketFor(slab, tickets.length + index);
      return { code: { ...code, codeId: idOf("code", ticket) }, ticket };
    });
    const items = placed.map(({ code, ticket }) => slotOf(purchase, ticket, code, sealing, deps.clock()));
    const written = await transact(deps.db, [
      ...items.map((Item) => ({
        Put: { TableName: deps.tables.inventory, Item, ConditionExpression: "attribute_not_exists(pk)" },
      })),
      ...markWrites(deps, productId, placed),
    ]);
    // Somebody else stores the same goods, or sold one of them meanwhile: look again.
    if (!written.ok) attempt += 1;
  }
  throw new Fault("goods_contended", `the goods of ${purchase.reference} are being stored by others`);
}

/**
 * Names the slab of a purchase. Names of imported slabs are hex, so a name that begins with `p` is never one of them.
 */
const slabOf = (reference: string): string => `p${sha256(`purchase ${reference}`).slice(0, 16)}`;

const byNumber = (a: Ticket, b: Ticket): number => placeOf(a).number - placeOf(b).number;

const opened = ({ number, secret }: Piece) => ({ number: number?.reveal(), secret: secret.reveal() });

function slotOf(
  { orderId, productId, reference }: Purchase,
  ticket: Ticket,
  { codeId, piece }: { codeId: string; piece: Piece },
  dataKey: DataKey,
  now: Date,
): Item {
  const batchId = `bought_${reference}`;
  return slots.write(slotKey(ticket), {
    state: "sold",
    codeId,
    productId,
    batchId,
    ...sealCode(dataKey, { codeId, productId, batchId }, opened(piece)),
    ...(piece.expiresAt === undefined ? {} : { expiresAt: piece.expiresAt }),
    orderId,
    soldAt: now.toISOString(),
  });
}
