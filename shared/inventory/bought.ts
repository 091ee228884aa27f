import type { KMSClient } from "@aws-sdk/client-kms";
import { type Db, type Item, transact, WRITES_PER_TRANSACTION } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { idOf, sha256 } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { type DataKey, newDataKey } from "../secrecy/envelope.ts";
import { codeContext, sealCode } from "./code.ts";
import { type FingerprintDeps, fingerprinter, readFingerprints } from "./fingerprints.ts";
import { placeOf, type Ticket, ticketFor } from "./model.ts";
import { fingerprintKey, slotKey } from "./table.ts";

export type VaultDeps = Db<"inventory"> & FingerprintDeps & { kms: KMSClient; codesKey: string; clock: Clock };

/** One piece that a supplier handed over, still in the clear. */
type Piece = { number?: Secret; secret: Secret; expiresAt?: string };

/** What goods were bought for: `reference` names the purchase, at the supplier and here. */
export type Purchase = { orderId: string; productId: string; reference: string };

/** Each piece is two writes: its slot and its fingerprint. */
const PIECES_PER_TRANSACTION = WRITES_PER_TRANSACTION / 2;
/** Each lost race with another helper of the same purchase is one. */
const TRIES = 5;

/**
 * Takes bought goods into the vault: sealed, each in a slot that is sold to its order from the start, so that they are
 * delivered like stock. The slab is named by the purchase: whoever stores the same goods again, in whatever order they come
 * this time, finds them there. Goods that were known before the purchase are `duplicates`, and not stored again.
 */
export async function storeBought(
  deps: VaultDeps,
  purchase: Purchase,
  goods: readonly Piece[],
): Promise<{ tickets: Ticket[]; duplicates: number }> {
  const mac = await fingerprinter(deps, purchase.productId);
  const byFingerprint = new Map(goods.map((piece) => [mac(opened(piece)), piece]));
  const slab = slabOf(purchase.reference);
  const isHere = (ticket: Ticket): boolean => ticket.startsWith(`${slab}:`);
  let dataKey: DataKey | undefined;
  for (let attempt = 0; attempt < TRIES; ) {
    const known = await readFingerprints(deps, purchase.productId, [...byFingerprint.keys()]);
    const fresh = [...byFingerprint].filter(([fingerprint]) => !known.has(fingerprint));
    const tickets = [...known.values()].filter(isHere).sort(byNumber);
    if (fresh.length === 0) return { tickets, duplicates: goods.length - tickets.length };
    const wrapping = { kms: deps.kms, keyId: deps.codesKey, context: codeContext(purchase.productId) };
    dataKey ??= await newDataKey(wrapping);
    const sealing = dataKey;
    const items = fresh.slice(0, PIECES_PER_TRANSACTION).flatMap(([fingerprint, piece], index) => {
      const ticket = ticketFor(slab, tickets.length + index);
      return pieceItems(purchase, ticket, fingerprint, piece, sealing, deps.clock());
    });
    const written = await transact(
      deps.db,
      items.map((Item) => ({
        Put: { TableName: deps.tables.inventory, Item, ConditionExpression: "attribute_not_exists(pk)" },
      })),
    );
    // Somebody else stores the same goods, or sold one of them meanwhile: look again where each is.
    if (!written.ok) attempt += 1;
  }
  throw new Error(`the goods of ${purchase.reference} are being stored by others`);
}

/** Its first letter can't be in the name of an imported slab, which is hex: bought goods never come to lie in one. */
const slabOf = (reference: string): string => `p${sha256(`purchase ${reference}`).slice(0, 16)}`;

const byNumber = (a: Ticket, b: Ticket): number => placeOf(a).number - placeOf(b).number;

const opened = ({ number, secret }: Piece) => ({ number: number?.reveal(), secret: secret.reveal() });

function pieceItems(
  { orderId, productId, reference }: Purchase,
  ticket: Ticket,
  fingerprint: string,
  piece: Piece,
  dataKey: DataKey,
  now: Date,
): Item[] {
  const codeId = idOf("code", ticket);
  const batchId = `bought_${reference}`;
  const slot: Item = {
    ...slotKey(ticket),
    state: "sold",
    codeId,
    productId,
    batchId,
    ...sealCode(dataKey, { codeId, productId, batchId }, opened(piece)),
    expiresAt: piece.expiresAt,
    orderId,
    soldAt: now.toISOString(),
  };
  return [slot, { ...fingerprintKey(productId, fingerprint), ticket, codeId }];
}
